"""What an administrator says of an operating system."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from ganeti_webmgr.clusters.models import Cluster, OperatingSystem
from ganeti_webmgr.ui.rows import Rows
from ganeti_webmgr.ui.sizes import SizeField
from ganeti_webmgr.vms.hypervisors import PARAMETERS, Parameter
from ganeti_webmgr.vms.images.parameters import PUBLIC, ROLES, TEXT, VISIBILITIES

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
NO_NAME = "Use letters, digits, dots, hyphens and underscores, up to 64."


class ImageForm(forms.Form):
    """What people see, and what is recommended."""

    title = forms.CharField(max_length=100, required=False, help_text="Empty: its raw name")
    family = forms.ChoiceField(
        choices=[("", "As its name tells"), *OperatingSystem.Family.choices],
        required=False,
        help_text="Icon, and the group in the form",
    )
    note = forms.CharField(max_length=300, required=False, help_text="What to know before choosing it")
    position = forms.IntegerField(
        label="Place in the list", min_value=0, max_value=9999, help_text="Lower ones come first"
    )
    memory_min_mib = SizeField(label="Memory", required=False)
    disk_min_mib = SizeField(label="First disk", required=False)
    vcpus_min = forms.IntegerField(label="vCPUs", min_value=1, max_value=1024, required=False)
    hidden = forms.ChoiceField(
        label="Who sees it",
        choices=[
            ("", "Everybody who may make a machine there"),
            ("1", "Nobody: it is hidden. Machines that use it keep it."),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    also = forms.ModelMultipleChoiceField(
        label="Say the same of it on",
        queryset=Cluster.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, namesakes: Iterable[Cluster] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        pks = [cluster.pk for cluster in namesakes]
        self.fields["also"].queryset = Cluster.objects.filter(pk__in=pks).order_by("name", "pk")  # type: ignore[attr-defined]
        if not pks:
            del self.fields["also"]


class OsParameterForm(forms.Form):
    """One parameter that the system takes."""

    name = forms.CharField(label="Name", max_length=64, required=False)
    value = forms.CharField(label="Value of new machines", max_length=2000, required=False)
    help = forms.CharField(label="What it is for", max_length=200, required=False)
    visibility = forms.ChoiceField(label="Seen by", choices=VISIBILITIES, initial=PUBLIC)
    role = forms.ChoiceField(label="Holds", choices=ROLES, required=False, initial=TEXT)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.get("name", "")
        if not name and not values.get("value") and not values.get("help"):
            return {}  # a row that was left empty
        if not NAME.fullmatch(name):
            self.add_error("name", NO_NAME)
        if values.get("value") and values.get("visibility") != PUBLIC:
            self.add_error("value", "This would be read by everybody who makes a machine. Leave it empty.")
        return values


class HvParameterForm(forms.Form):
    """One hypervisor parameter that its machines get."""

    name = forms.ChoiceField(label="Parameter", required=False)
    value = forms.CharField(label="Value", max_length=1000, required=False)

    def __init__(self, *args: Any, known: dict[str, list[Parameter]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._known = known
        self.fields["name"].choices = [("", "–"), *((name, name) for name in sorted(known))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("name"):
            if values.get("value"):
                self.add_error("name", "Choose the parameter that this is for.")
            return {}
        values["read"] = self._read(values["name"], values.get("value", ""))
        return values

    def _read(self, name: str, typed: str) -> Any:
        why = ""
        for parameter in self._known[name]:
            try:
                return parameter.read(typed)
            except ValueError as error:
                why = str(error)
        self.add_error("value", why)
        return None


def known_parameters(cluster: Cluster) -> dict[str, list[Parameter]]:
    """By name, the parameters that a machine can have with one of the cluster's hypervisors."""
    known: dict[str, list[Parameter]] = {}
    for hypervisor in cluster.info.get("enabled_hypervisors", []):
        for parameter in PARAMETERS.get(hypervisor, ()):
            if not parameter.cluster_wide:
                known.setdefault(parameter.name, []).append(parameter)
    return known


def say_twice(rows: Rows[Any]) -> bool:
    """Whether a name stands in two rows; said at the second."""
    seen: set[str] = set()
    found = False
    for form in rows:
        name = form.cleaned_data.get("name")
        if name and name in seen:
            form.add_error("name", f"{name} stands above already.")
            found = True
        seen.add(name or "")
    return found
