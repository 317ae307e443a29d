"""Free parameters: one in each line, as name=value."""

from __future__ import annotations

import re
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
        pairs = {}
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            name, equals, text = line.partition("=")
            name = name.strip()
            if not equals or not NAME.fullmatch(name):
                raise forms.ValidationError(f"“{line.strip()[:60]}” is not a line of the form name=value.")
            if name in pairs:
                raise forms.ValidationError(f"“{name}” is there twice.")
            pairs[name] = text.strip()
        return pairs

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name}={text}" for name, text in value.items())
