"""The form for a new machine, but for its rows and its parameters."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django import forms

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.tagging import TAG, refuse_ours
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.select import Listed, LongSelect
from ganeti_webmgr.ui.sizes import SizeField
from ganeti_webmgr.ui.wording import mib, spelled
from ganeti_webmgr.vms.creation.ground import FIRST_ALLOCATOR, Ground
from ganeti_webmgr.vms.creation.names import expanded
from ganeti_webmgr.vms.images.families import family_of

OWN = "-"  # a project of one's own that is yet to be made
SIZES = {"small": (1, 2048), "medium": (2, 4096), "large": (4, 8192)}
AUTOMATIC, GROUP, NODES = "auto", "group", "nodes"
FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
AS_CLUSTER = [("", "as the cluster says"), ("true", "on"), ("false", "off")]
TEMPLATE_WORDS = {
    "plain": "one node, fast",
    "drbd": "mirrored on two nodes",
    "file": "files on one node",
    "sharedfile": "files that all nodes see",
    "gluster": "Gluster volume",
    "rbd": "Ceph",
    "ext": "external storage",
    "blockdev": "devices that exist",
    "diskless": "no disks",
}


class CreationForm(forms.Form):
    """What is said once about a machine. The choices are those of the cluster that was chosen."""

    project = forms.ChoiceField(
        widget=LongSelect,
        error_messages={"invalid_choice": "There is no such project in which you have a part."},
    )
    cluster = forms.ChoiceField(
        widget=LongSelect,
        error_messages={"invalid_choice": "You may not make machines of this project there. Choose another."},
    )
    name = forms.CharField(
        max_length=4000,
        error_messages={"required": "Enter a name."},
        help_text="Several: with spaces between, or a pattern such as web[01-12].example.org",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    os = forms.ChoiceField(
        label="Operating system",
        widget=LongSelect,
        error_messages={
            "invalid_choice": "The cluster does not have it any more, or it is hidden. Choose another.",
            "required": "Choose an operating system.",
        },
    )
    hypervisor = forms.ChoiceField()
    size = forms.ChoiceField(widget=forms.RadioSelect)
    vcpus = forms.IntegerField(label="vCPUs", min_value=1, max_value=4096, required=False)
    memory_mib = SizeField(label="Memory", required=False, least_mib=4)
    memory_min_mib = SizeField(label="At least", required=False, least_mib=4)
    disk_template = forms.ChoiceField(label="Disks are", widget=forms.RadioSelect)
    file_driver = forms.ChoiceField(
        label="Driver",
        choices=[
            ("", "as Ganeti says: loop"),
            ("loop", "loop"),
            ("blktap", "blktap"),
            ("blktap2", "blktap2"),
        ],
        required=False,
    )
    file_storage_dir = forms.CharField(label="Directory", max_length=255, required=False)
    placement = forms.ChoiceField(widget=forms.RadioSelect)
    allocator = forms.CharField(max_length=64, required=False)
    group = forms.ChoiceField(label="Node group", required=False, widget=LongSelect)
    primary_node = forms.ChoiceField(label="Node", required=False, widget=LongSelect)
    secondary_node = forms.ChoiceField(label="Mirrored on", required=False, widget=LongSelect)
    together = forms.BooleanField(
        label="Place several in one step",
        required=False,
        help_text="Quicker. But where one of them has no place, the allocator may refuse them all.",
    )
    start = forms.BooleanField(label="Start it when it is ready", required=False)
    install = forms.BooleanField(label="Install the operating system", required=False)
    name_check = forms.BooleanField(label="Its name must have an address", required=False)
    ip_check = forms.BooleanField(label="That address must not answer yet", required=False)
    wait_for_sync = forms.BooleanField(label="Wait until the mirror is complete", required=False)
    auto_balance = forms.ChoiceField(label="Counted for balance", choices=AS_CLUSTER, required=False)
    always_failover = forms.ChoiceField(label="Never migrated live", choices=AS_CLUSTER, required=False)
    ignore_policy = forms.BooleanField(label="Even against the rules of the group", required=False)
    over_quota = forms.BooleanField(label="Even over the quota. This is recorded.", required=False)
    tags = forms.CharField(max_length=2000, required=False, help_text="With spaces between")
    notes = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self,
        *args: Any,
        projects: list[Project],
        clusters: list[Cluster],
        ground: Ground | None,
        chosen: dict[str, str],
        administers: bool,
        may_go_over: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._ground, self._chosen = ground, chosen
        self.names: list[str] = []  # also where something else is wrong with them
        self._choose("project", [(project.slug or OWN, project.name) for project in projects])
        self._choose("cluster", [(cluster.slug, _named(cluster)) for cluster in clusters])
        self._choose("size", [*((name, name) for name in SIZES), ("own", "own")])
        self._choose("placement", [(word, word) for word in (AUTOMATIC, GROUP, NODES)])
        if ground:
            self._choices_of(ground)
        if not administers:
            del self.fields["ignore_policy"]
        if not may_go_over:
            del self.fields["over_quota"]

    def _choices_of(self, ground: Ground) -> None:
        self._choose("os", [("", "Choose"), *systems(ground, self._chosen.get("os", ""))])
        self._choose("hypervisor", [(name, str(spelled(name))) for name in ground.hypervisors])
        self._choose("disk_template", [(name, name) for name in ground.templates])
        self._choose("group", [("", "Any"), *((group.name, group.name) for group in ground.groups)])
        if self._chosen.get("placement") == NODES:
            nodes = [(node.name, _free(node)) for node in ground.nodes]
            self._choose("primary_node", [("", "Choose"), *nodes])
            self._choose("secondary_node", [("", "–"), *nodes])
        if not ground.allocator:
            self.fields["allocator"].widget.attrs["placeholder"] = FIRST_ALLOCATOR

    def _choose(self, field: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[field].choices = Listed(choices)  # type: ignore[attr-defined]

    def clean_name(self) -> list[str]:
        typed = self.cleaned_data["name"]
        try:
            self.names = expanded(typed)
        except ValueError as error:
            raise forms.ValidationError(str(error), "required" if not typed.strip() else "invalid") from None
        return self.names

    def clean_allocator(self) -> str:
        name: str = self.cleaned_data["allocator"].strip()
        if name and not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
            raise forms.ValidationError("This cannot be the name of an allocator.")
        return name

    def clean_file_storage_dir(self) -> str:
        folder: str = self.cleaned_data["file_storage_dir"].strip()
        if folder and not FOLDER.fullmatch(folder):
            raise forms.ValidationError("Enter a directory below the cluster's own, as web or web/shop.")
        return folder

    def clean_tags(self) -> tuple[str, ...]:
        tags = list(dict.fromkeys(self.cleaned_data["tags"].split()))
        for tag in tags:
            if not TAG.fullmatch(tag):
                raise forms.ValidationError(f"“{tag[:40]}” cannot be a tag. Use letters, digits and .+*/:@-")
            refuse_ours(tag)
        if len(tags) > 50:
            raise forms.ValidationError("These are more than 50 tags.")
        return tuple(tags)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._clean_size(values)
        self._clean_placement(values)
        if values.get("ip_check") and not values.get("name_check"):
            self.add_error("ip_check", "This needs the check above.")
        return values

    def _clean_size(self, values: dict[str, Any]) -> None:
        if values.get("size") in SIZES:
            values["vcpus"], values["memory_mib"] = SIZES[values["size"]]
            values["memory_min_mib"] = values["memory_mib"]
            return
        for name, words in (("vcpus", "Enter a number."), ("memory_mib", "Enter a size.")):
            if name in values and not values[name]:
                self.add_error(name, forms.ValidationError(words, "required"))
        least, most = values.get("memory_min_mib"), values.get("memory_mib")
        if least and most and least > most:
            self.add_error("memory_min_mib", f"This is more than it may have at most, {mib(most)}.")
        values["memory_min_mib"] = least or most

    def _clean_placement(self, values: dict[str, Any]) -> None:
        where, template = values.get("placement"), values.get("disk_template")
        if where == GROUP and "group" in values and not values["group"]:
            self.add_error("group", forms.ValidationError("Choose a group.", "required"))
        if where != NODES:
            values["primary_node"] = values["secondary_node"] = ""
            return
        values["group"] = ""
        first, second = values.get("primary_node"), values.get("secondary_node")
        if "primary_node" in values and not first:
            self.add_error("primary_node", forms.ValidationError("Choose a node.", "required"))
        if template != "drbd":
            values["secondary_node"] = ""
        elif "secondary_node" in values and not second:
            self.add_error(
                "secondary_node", forms.ValidationError("Choose the node of the mirror.", "required")
            )
        elif first and first == second:
            self.add_error("secondary_node", "A mirror on the same node is none. Choose another.")


def systems(ground: Ground, chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The systems that people see, by family; one that was chosen before also where it is hidden now."""
    by_family: dict[str, list[tuple[str, str]]] = {}
    shown = [system for system in ground.systems if not system.hidden or system.name == chosen]
    same = Counter(system.label for system in shown)
    for system in shown:
        title = system.label
        by_family.setdefault(family_of(system.name, system.family).label, []).append(
            (system.name, title if same[title] == 1 else f"{title} ({system.name})")
        )
    return list(by_family.items())


def _named(cluster: Cluster) -> str:
    return f"{cluster.name} (does not answer)" if cluster.trouble else cluster.name


def _free(node: Any) -> str:
    return f"{node.name}, {mib(node.memory_free_mib)} free"
