"""Which machines something that is done to a node would touch, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.moving import MIRRORED_OUTSIDE, migratable, movable, running
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.wording import spelled, words

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine

Rule = Callable[["VirtualMachine"], "Fate"]
SHOWN = 200
URGENCY = ("lock", "bad", "warn", "good", "quiet")  # tones, as they are to be looked at
PLACED = "where the allocator finds room"


@dataclass(frozen=True)
class Fate:
    """What becomes of a machine, and in one word with which others it is counted."""

    state: State
    counted: str
    is_stuck: bool = False  # somebody must do something about it first, or leave it behind


PLURAL = {"moves": "move", "stops hard": "stop hard"}


@dataclass(frozen=True)
class Line:
    vm: VirtualMachine
    fate: Fate


@dataclass(frozen=True)
class Plan:
    """The machines of a node, those first that somebody must think of."""

    lines: list[Line]

    @cached_property
    def stuck(self) -> list[VirtualMachine]:
        return [line.vm for line in self.lines if line.fate.is_stuck]

    @cached_property
    def summary(self) -> str:
        """ "3 move, 1 cannot move": how many machines have which fate."""
        counts: dict[str, int] = {}
        for line in self.lines:
            counts[line.fate.counted] = counts.get(line.fate.counted, 0) + 1
        told = (f"{n} {word if n == 1 else PLURAL.get(word, word)}" for word, n in counts.items())
        return words(told)

    @property
    def shown(self) -> list[Line]:
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(len(self.lines) - SHOWN, 0)


def primaries(node: Node, user: User) -> QuerySet[VirtualMachine]:
    """The machines that have it as their primary node."""
    return _seen(node.primary_vms.all(), user)


def secondaries(node: Node, user: User) -> QuerySet[VirtualMachine]:
    """The machines whose mirror is on it."""
    return _seen(node.secondary_vms.all(), user)


def _seen(vms: QuerySet[VirtualMachine], user: User) -> QuerySet[VirtualMachine]:
    rows = vms.filter(missing_since=None).select_related("cluster", "secondary_node", "primary_node", "owner")
    return policy.permitted(user, "view", rows.order_by("sort_name", "pk"))


def plan(vms: Iterable[VirtualMachine], rule: Rule) -> Plan:
    """What the rule says of each machine; what somebody must think of comes first."""
    lines = [Line(vm, rule(vm)) for vm in vms]
    return Plan(sorted(lines, key=lambda line: (not line.fate.is_stuck, URGENCY.index(line.fate.state.tone))))


def migrated(vm: VirtualMachine) -> Fate:
    return _stuck(migratable(vm) or running(vm)) or _moves(f"Migrates {_there(vm)}", "arrows-exchange")


def evacuated(vm: VirtualMachine) -> Fate:
    verb, icon = ("Migrates", "arrows-exchange") if vm.oper_state else ("Fails over", "arrow-forward-up")
    return _stuck(movable(vm)) or _moves(f"{verb} {_there(vm)}", icon)


def mirrored_elsewhere(vm: VirtualMachine) -> Fate:
    return _moves("Gets another second node; its disks are copied there", "replace")


def power_cycled(vm: VirtualMachine) -> Fate:
    if not vm.oper_state:
        return Fate(State("quiet", "circle-check", "Does not run: not touched"), "not touched")
    if vm.lock_reason:
        return Fate(State("lock", "lock", f"Locked: {vm.lock_reason}"), "locked", is_stuck=True)
    return Fate(State("bad", "bolt", "Stops hard: what it has not written is lost"), "stops hard")


def cut_off(vm: VirtualMachine) -> Fate:
    """Of a machine whose node is set offline."""
    if not movable(vm):
        told = f"Can be failed over {_there(vm)}"
        return Fate(State("warn", "arrow-forward-up", told), "can be failed over")
    told = f"Out of reach until the node is back: its disks are {spelled(vm.disk_template)}, here alone"
    return Fate(State("bad", "database-off", told), "out of reach", is_stuck=True)


def _there(vm: VirtualMachine) -> str:
    if vm.disk_template in MIRRORED_OUTSIDE:
        return PLACED
    return f"to {vm.secondary_node}" if vm.secondary_node else "to its second node"


def _moves(told: str, icon: str) -> Fate:
    return Fate(State("good", icon, told), "moves")


def _stuck(why: str) -> Fate | None:
    return Fate(State("bad", "circle-x", why), "cannot move", is_stuck=True) if why else None
