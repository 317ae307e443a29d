"""What the page of the form shows beside its fields: cards to pick from, and the summary."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr.ui.wording import mib, spelled
from ganeti_webmgr.vms.creation.asked import Asked
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.creation.form import AUTOMATIC, GROUP, NODES, SIZES, TEMPLATE_WORDS


@dataclass(frozen=True)
class Card:
    """One of several to pick."""

    value: str
    label: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A line of the summary."""

    title: str
    text: str


def sizes(asked: Asked) -> list[Card]:
    """The sizes, and one's own."""
    chosen = asked.form["size"].value()
    cards = [
        Card(name, name.capitalize(), f"{vcpus} vCPU · {mib(memory)}", name == chosen)
        for name, (vcpus, memory) in SIZES.items()
    ]
    return [*cards, Card("own", "Own size", "choose below", chosen == "own")]


def templates(asked: Asked) -> list[Card]:
    """The disk templates that the cluster enables."""
    enabled = asked.ground.templates if asked.ground else []
    return [
        Card(name, _capital(str(spelled(name))), TEMPLATE_WORDS.get(name, ""), name == asked.template)
        for name in enabled
    ]


def placements(asked: Asked) -> list[Card]:
    """The ways to say where it stands."""
    chosen = asked.form["placement"].value()
    allocator = asked.ground.allocator if asked.ground else ""
    return [
        Card(
            AUTOMATIC,
            "Automatic",
            f"Ganeti picks{f' ({allocator})' if allocator else ''}",
            chosen == AUTOMATIC,
        ),
        Card(GROUP, "In a group", "Ganeti picks within it", chosen == GROUP),
        Card(NODES, "Choose nodes", "you pick", chosen == NODES),
    ]


def summary(asked: Asked, plan: Blueprint) -> list[Line]:
    """The machine in a few words."""
    names = asked.names
    title = names[0] if len(names) == 1 else f"{len(names)} machines" if names else "not said yet"
    ballooned = plan.memory_min_mib != plan.memory_mib
    memory = f"{mib(plan.memory_min_mib)} to {mib(plan.memory_mib)}" if ballooned else mib(plan.memory_mib)
    return [
        Line("Name" if len(names) < 2 else "Names", title),
        Line("Project", str(asked.project)),
        Line("System", str(asked.system or plan.os or "not said yet")),
        Line("Size", f"{plan.vcpus} vCPU · {memory}"),
        Line("Disks", _disks(plan)),
        Line("Network", " + ".join(map(_nic, plan.nics)) or "none"),
        Line("Stands", _place(plan)),
    ]


def _disks(plan: Blueprint) -> str:
    if plan.disk_template == "diskless" or not plan.disks:
        return "none"
    return f"{' + '.join(map(_disk, plan.disks))}, {spelled(plan.disk_template)}"


def _disk(disk: Disk) -> str:
    return disk.adopt or (mib(disk.size_mib) if disk.size_mib else "?")


def _nic(nic: Nic) -> str:
    where = nic.network or nic.link or "as the cluster has it"
    ip = "next free" if nic.ip == "pool" else nic.ip
    return f"{where}, {ip}" if ip else where


def _place(plan: Blueprint) -> str:
    if plan.primary_node:
        return f"{plan.primary_node}{f', mirrored on {plan.secondary_node}' if plan.secondary_node else ''}"
    return f"in {plan.group}" if plan.group else "where there is room"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
