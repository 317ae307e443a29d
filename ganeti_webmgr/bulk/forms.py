"""How many at once, and the word that shows that somebody has read how many."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.bulk.models import AT_ONCE

MANY = 50
OVER_QUOTA = "Also those over the quota of their project. This is recorded."
MOST_AT_ONCE = 50


class ConfirmForm(forms.Form):
    """The confirmation for so many machines."""

    per_cluster = forms.IntegerField(
        label="At the same time, per cluster",
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=AT_ONCE,
        help_text="The others wait for their turn.",
    )

    def __init__(
        self, *args: Any, count: int, is_danger: bool, may_go_over: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._count = count
        if may_go_over:
            self.fields["over_quota"] = forms.BooleanField(
                label=OVER_QUOTA,
                required=not count,
                error_messages={"required": "Tick this, or nothing is done."},
            )
        if is_danger or count > MANY:
            self.fields["typed"] = forms.CharField(
                label=f"Type {count} to confirm",
                max_length=12,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != str(self._count):
            raise forms.ValidationError(f"It is about {self._count} machines now. Nothing was done.")
        return typed
