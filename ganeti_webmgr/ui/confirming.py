"""The word that shows that somebody has read how many it is about."""

from __future__ import annotations

from typing import Any

from django import forms

MANY = 50


class CountForm(forms.Form):
    """The confirmation for so many: their number is typed where it is dangerous, or where they are many."""

    def __init__(
        self, *args: Any, count: int, is_danger: bool, what: str = "machine", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._count, self._what = count, what
        if is_danger or count > MANY:
            self.fields["typed"] = forms.CharField(
                label=f"Type {count} to confirm",
                max_length=12,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != str(self._count):
            plural = "" if self._count == 1 else "s"
            raise forms.ValidationError(
                f"It is about {self._count} {self._what}{plural} now. Nothing was done."
            )
        return typed
