"""Sizes of memory and disk as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from ganeti_webmgr.ui.wording import mib

WRITTEN = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*(?:([mgt])(?:i?b)?)?", re.IGNORECASE)
FACTORS = {"m": 1, "g": 1024, "t": 1024**2}
LARGEST_MIB = 2**40


def read_mib(typed: str) -> int | None:
    """The size in MiB, a bare number being GiB; None where it is none."""
    written = WRITTEN.fullmatch(typed)
    if written is None:
        return None
    number, unit = written.groups()
    return int(Decimal(number.replace(",", ".")) * FACTORS[(unit or "g").lower()])


class SizeField(forms.CharField):
    """A size in MiB; typed as a number of GiB, or with a unit: "4", "1.5", "512 MiB", "2T"."""

    unit = "GiB"

    def __init__(self, *, least_mib: int = 1, **options: Any) -> None:
        self.least_mib = least_mib
        options.setdefault("max_length", 30)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        size = read_mib(text)
        if size is None:
            raise forms.ValidationError("Write a size as 4, 1.5, 512 MiB or 2 TiB.")
        if size < self.least_mib:
            raise forms.ValidationError(f"Ask for {mib(self.least_mib)} or more.")
        if size > LARGEST_MIB:
            raise forms.ValidationError("No cluster has that much.")
        return size

    def prepare_value(self, value: Any) -> Any:
        return in_gib(value) if isinstance(value, int) else value


def in_gib(size_mib: int) -> str:
    """The size as the field shows it: "4", "0.5"."""
    return f"{Decimal(size_mib) / 1024:.4f}".rstrip("0").rstrip(".")
