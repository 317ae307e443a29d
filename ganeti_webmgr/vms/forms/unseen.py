"""Fields whose content never comes back in a page."""

from __future__ import annotations

from django import forms

KEPT = "kept from before"


def unseen(*, is_kept: bool) -> forms.PasswordInput:
    """The widget for what nobody may read; where something was typed before, it says so."""
    attrs = {"autocomplete": "off"} | ({"placeholder": KEPT} if is_kept else {})
    return forms.PasswordInput(attrs=attrs)
