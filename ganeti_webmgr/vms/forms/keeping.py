"""What we alone keep of a machine: notes, and a lock."""

from __future__ import annotations

from django import forms


class NotesForm(forms.Form):
    """Free text about the machine."""

    notes = forms.CharField(
        label="Notes",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Everybody who sees the machine can read them.",
    )


class LockForm(forms.Form):
    """Why the machine is not to be touched."""

    reason = forms.CharField(
        label="Reason", max_length=200, help_text="Whoever tries to stop or delete it reads this."
    )
