"""How many at once, beside the confirmation."""

from __future__ import annotations

from django import forms

from ganeti_webmgr.bulk.models import AT_ONCE
from ganeti_webmgr.ui.confirming import CountForm

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
