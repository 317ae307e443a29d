"""Machines for views: found by address, and with what may be done to them."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import Http404
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.acting import Action
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.models import VirtualMachine

# What stands in the menu of a machine, in groups; the rest is on the pages of its disks and settings.
MENU = (
    ("start", "shut-down", "restart", "force-stop"),
    ("migrate", "fail-over", "export", "prepare-export"),
    ("reinstall", "rename", "tags", "set-offline", "set-online"),
    ("remove",),
)
ON_DISKS = (
    "grow-disk",
    "convert-disks",
    "replace-disks",
    "activate-disks",
    "deactivate-disks",
    "recreate-disks",
)


def machine(user: User, slug: str, name: str) -> VirtualMachine:
    """The machine of that name, or else the one that had it before; Http404 where none is to be seen."""
    rows = VirtualMachine.objects.select_related("cluster", "owner", "primary_node", "secondary_node")
    visible = policy.permitted(user, "view", rows.filter(cluster__slug=slug))
    # Names repeat: one that is gone may still be listed beside its successor.
    found = visible.filter(name=name).order_by(F("missing_since").desc(nulls_first=True), "-pk").first()
    former = visible.filter(former_names__name=name, former_names__until__gt=timezone.now())
    vm = found or former.order_by("-former_names__until").first()
    if vm is None:
        raise Http404
    for node in filter(None, (vm.primary_node, vm.secondary_node)):
        node.cluster = vm.cluster  # which is a part of their addresses
    return vm


def on_console(vm: VirtualMachine) -> list[Any]:
    """Who has a console of the machine open now, each as the row of it."""
    opened = vm.consoles.open().filter(opened_at__isnull=False)
    return list(opened.select_related("user").order_by("started_at", "pk"))


def menu(vm: VirtualMachine, found: dict[str, Action]) -> list[list[Action]]:
    """The groups of the machine's menu, without what stands beside it as a button."""
    beside = {"shut-down", "restart"} if vm.oper_state else {"start"}
    beside.add("set-offline" if vm.admin_state == "offline" else "set-online")  # what cannot be meant
    return [[found[verb] for verb in group if verb not in beside] for group in MENU]
