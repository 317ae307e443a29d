"""A parameter of a machine as a field, and why it may not be one."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.ui.select import LongSelect
from ganeti_webmgr.vms.hypervisors import Parameter, told

ADMIN_ONLY = "Reaches into the nodes: only administrators of the cluster may set it."
SWITCH = [("true", "on"), ("false", "off")]


def why_fixed(parameter: Parameter, *, administers: bool) -> str:
    """Why the parameter cannot be set, in words to show; empty where it can."""
    if parameter.cluster_wide:
        return parameter.help
    return ADMIN_ONLY if parameter.admin_only and not administers else ""


def control(parameter: Parameter, value: Any) -> forms.Field:
    """A field that begins with the value; what is typed is read by the parameter, in its own words."""
    words: dict[str, Any] = {"label": parameter.title, "required": False, "initial": told(value)}
    if parameter.kind == "text":
        return forms.CharField(max_length=2000, strip=True, **words)
    if parameter.kind == "int":
        return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **words)
    choices = (
        SWITCH
        if parameter.kind == "bool"
        else [(choice, choice or "not set") for choice in parameter.choices]
    )
    return forms.CharField(widget=LongSelect(choices=choices), **words)
