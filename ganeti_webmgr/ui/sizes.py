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
    """The size in whole MiB, the nearest, a bare number being GiB; None where it is none."""
    written = WRITTEN.fullmatch(typed)
    if written is None:
        return None
    number, unit = written.groups()
    # Rounded, as a size is shown with four decimals of a GiB: cut off, 101 MiB would be read as 100.
    return round(Decimal(number.replace(",", ".")) * FACTORS[(unit or "g").lower()])


class SizeField(forms.CharField):
    """A size in MiB; typed as a number of GiB, or with a unit: "4", "1.5", "512 MiB", "2T"."""

    unit = "GiB"
    grain_mib = 1

    def __init__(self, *, least_mib: int = 1, **options: Any) -> None:
        self.least_mib = max(least_mib, self.grain_mib)
        options.setdefault("max_length", 30)
        attrs = {"inputmode": "decimal"} if self.unit else {}
        super().__init__(widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        size = self._read(super().clean(value))
        if size is None:
            return None
        if size < self.least_mib:
            raise forms.ValidationError(f"Ask for {mib(self.least_mib)} or more.")
        if size > LARGEST_MIB:
            raise forms.ValidationError("No cluster has that much.")
        return size

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self._read(initial) != self._read(data)
        except forms.ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        return self.show(value) if isinstance(value, int) else value

    def show(self, size_mib: int) -> str:
        """The size as the field shows it."""
        return in_gib(size_mib)

    def _read(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        size = value if isinstance(value, int) else read_mib(value.strip())
        if size is None:
            raise forms.ValidationError("Write a size as 4, 1.5, 512 MiB or 2 TiB.")
        return -(-size // self.grain_mib) * self.grain_mib


class RoundedSizeField(SizeField):
    """A size that Ganeti rounds up; shown with a unit of its own."""

    unit = ""
    grain_mib = 4

    def show(self, size_mib: int) -> str:
        return written(size_mib)


def in_gib(size_mib: int) -> str:
    """The size as a number of GiB: "4", "0.5"."""
    return f"{Decimal(size_mib) / 1024:.4f}".rstrip("0").rstrip(".")


def written(size_mib: int) -> str:
    """The size so that reading it again gives the same: "20 GiB", "1500 MiB"."""
    for unit, factor in (("TiB", 1024**2), ("GiB", 1024)):
        if size_mib % (factor // 4) == 0 and size_mib >= factor:
            return f"{size_mib / factor:g} {unit}"
    return f"{size_mib} MiB"
