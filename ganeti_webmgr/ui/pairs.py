"""Free parameters: one in each line, as name=value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class PairsField(forms.CharField):
    """A dictionary of texts, written as lines of name=value."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=20_000,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        return pairs_of(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, dict) else value


def pairs_of(text: str) -> dict[str, str]:
    """The lines as a dictionary; a ValidationError with words for the person where one is none."""
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        name = name.strip()
        if not equals or not NAME.fullmatch(name):
            raise forms.ValidationError(f"“{line.strip()[:60]}” is not a line of the form name=value.")
        if name in pairs:
            raise forms.ValidationError(f"“{name}” is there twice.")
        pairs[name] = value.strip()
    return pairs


def written(pairs: Mapping[str, Any]) -> str:
    """The other way."""
    return "\n".join(f"{name}={value}" for name, value in pairs.items())
