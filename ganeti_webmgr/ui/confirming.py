"""What shows that somebody has read what he confirms: how many it is about, and exactly which."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django import forms

from ganeti_webmgr.ui.refusal import Refusal

MANY = 50


class Moved(Refusal):
    """Other things would happen by now than those that were looked at."""

    status = 409
    title = "Something has changed meanwhile"


def word_for(what: Any) -> str:
    """A word for what was looked at, which is another one as soon as anything of it is; of plain values."""
    return sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def require_seen(word: str, seen: str) -> None:
    """Moved unless the word of what would happen is still the one that was on the page."""
    if word != seen:
        raise Moved("By now other things would happen than those that you looked at. Nothing was done.")


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
