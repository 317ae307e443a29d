"""How many at once, and the word that shows that somebody has read how many."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.bulk.models import AT_ONCE
from ganeti_webmgr.ui.confirming import CountForm

OVER_QUOTA = "Also those over the quota of their project. This is recorded."
MOST_AT_ONCE = 50


class ConfirmForm(CountForm):
    """The confirmation for so many machines."""

    per_cluster = forms.IntegerField(
        label="At the same time, per cluster",
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=AT_ONCE,
        help_text="The others wait for their turn.",
    )

    def __init__(self, *args: Any, count: int, may_go_over: bool = False, **options: Any) -> None:
        super().__init__(*args, count=count, **options)
        if may_go_over:
            self.fields["over_quota"] = forms.BooleanField(
                label=OVER_QUOTA,
                required=not count,
                error_messages={"required": "Tick this, or nothing is done."},
            )
