"""Where a machine is to go."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.jobs.forms import SecondsField
from ganeti_webmgr.nodes.choosing import NodeChoice
from ganeti_webmgr.nodes.moving import MIRRORED_OUTSIDE
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import words
from ganeti_webmgr.vms.commands import DEFAULT_TIMEOUT_S, Export, FailOver, Migrate, PrepareExport
from ganeti_webmgr.vms.forms.command import MachineForm
from ganeti_webmgr.vms.forms.nodes import elsewhere, taking_nodes
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.pending import pending


class MoveForm(MachineForm):
    """A move: mirrored disks go to their second node, shared ones anywhere."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.vm and self.vm.disk_template in MIRRORED_OUTSIDE:
            nodes = elsewhere(self.vm, self.user)
            self.fields["target_node"] = NodeChoice(self.vm.cluster, nodes, label="To the node")
            self.order_fields(["target_node"])


class MigrateForm(MoveForm):
    command_class = Migrate

    mode = forms.ChoiceField(
        label="How",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", "As its hypervisor is set to"),
            ("live", "Live: it keeps running"),
            ("non-live", "Frozen meanwhile"),
        ],
        initial="",
    )
    allow_failover = forms.BooleanField(
        label="Fail it over where it cannot migrate",
        required=False,
        help_text="It is then stopped here and started there.",
    )
    cleanup = forms.BooleanField(
        label="Only clean up after a migration that broke off",
        required=False,
        help_text="Finds out where it runs, and puts the rest in order.",
    )
    ignore_ipolicy = forms.BooleanField(label="Even against the policy of the group", required=False)

    def points(self) -> list[State]:
        if self.vm is None:
            return []
        found = pending(self.vm)
        if found.lines:
            names = words(line.setting for line in found.lines)
            told = f"Settings wait for a restart ({names}). Restart it first: a live migration may break off."
        elif found.is_known:
            return []
        else:
            told = "It started before we watched: whether settings wait for a restart is not known."
        return [State("warn", "rotate-clockwise-2", told)]


class FailOverForm(MoveForm):
    command_class = FailOver
    is_danger = True
    note = "It is stopped here and started there: what runs in it ends."

    shutdown_timeout_s = SecondsField(
        label="Wait for the system to shut itself down",
        least=0,
        required=False,
        initial=DEFAULT_TIMEOUT_S,
        help_text="After that it is turned off.",
    )
    ignore_consistency = forms.BooleanField(
        label="Even if its disks there are not in sync",
        required=False,
        help_text="Where its node is lost. What was not copied yet is gone.",
    )
    ignore_ipolicy = forms.BooleanField(label="Even against the policy of the group", required=False)


class ExportForm(MachineForm):
    command_class = Export

    destination = forms.ChoiceField(label="To the node")
    shutdown = forms.BooleanField(
        label="Shut it down for the time of the snapshot",
        required=False,
        initial=True,
        help_text="Without this, what the system has not written yet is missing in the export.",
    )
    compress = forms.ChoiceField(label="Compression")
    zero_free_space = forms.BooleanField(
        label="Write zeros into free space first",
        required=False,
        help_text="Compresses better, takes longer.",
    )
    long_sleep = forms.BooleanField(
        label="Keep it stopped until the end",
        required=False,
        help_text="Needed for disks in files, of which no snapshot can be made.",
    )

    def __init__(self, *args: Any, vm: VirtualMachine, **options: Any) -> None:
        super().__init__(*args, vm=vm, **options)
        # Those who may not see the cluster's nodes see at least where their machine is.
        own = [node.name for node in (vm.primary_node, vm.secondary_node) if node]
        names = list(taking_nodes(vm, self.user).values_list("name", flat=True)) or own
        tools = ["none", *(vm.cluster.info.get("compression_tools") or [])]
        self.fields["destination"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.fields["compress"].choices = [  # type: ignore[attr-defined]
            (name, name) for name in dict.fromkeys(tools)
        ]
        self.fields["destination"].initial = next((name for name in names if name not in own[:1]), None)
        self.fields["compress"].initial = "none"


class PrepareExportForm(MachineForm):
    command_class = PrepareExport

    mode = forms.ChoiceField(
        label="For",
        widget=forms.RadioSelect,
        choices=[("local", "An export on a node"), ("remote", "A move to another cluster")],
        initial="local",
        help_text="The keys for another cluster are in the result of the job.",
    )
