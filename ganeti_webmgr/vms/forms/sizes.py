"""Sizes of what a machine has, which Ganeti rounds up."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.ui.sizes import read_mib
from ganeti_webmgr.ui.wording import mib

GRAIN_MIB = 4  # Ganeti rounds up to this


class SizeField(forms.CharField):
    """A size in MiB, written as "512 MiB", "1.5 GiB", "20G"; a bare number is GiB."""

    def __init__(self, *, least_mib: int = GRAIN_MIB, most_mib: int = 2**40, **options: Any) -> None:
        super().__init__(max_length=30, **options)
        self._least_mib, self._most_mib = least_mib, most_mib

    def to_python(self, value: Any) -> Any:
        typed = (super().to_python(value) or "").strip()
        if not typed:
            return None
        size = read_mib(typed)
        if size is None:
            raise forms.ValidationError("Write a size such as “20 GiB” or “512 MiB”.")
        return -(-size // GRAIN_MIB) * GRAIN_MIB

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self._least_mib:
            raise forms.ValidationError(f"At least {mib(self._least_mib)}.")
        if value > self._most_mib:
            raise forms.ValidationError(f"At most {mib(self._most_mib)}.")

    def run_validators(self, value: Any) -> None:
        """None of a text: it is a number by now."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value


def written(size: int) -> str:
    """The size so that reading it again gives the same: "20 GiB", "1500 MiB"."""
    for unit, factor in (("TiB", 1024**2), ("GiB", 1024)):
        if size % (factor // 4) == 0 and size >= factor:
            return f"{size / factor:g} {unit}"
    return f"{size} MiB"
