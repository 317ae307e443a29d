"""A cluster as it stands: its groups, the nodes in them, and on which nodes each machine is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.nodes.status import state_of as state_of_node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.status import state_of as state_of_machine

NO_GROUP, NO_NODE = "No group", "No known node"


@dataclass(frozen=True)
class Machine:
    """A machine where it stands."""

    name: str
    url: str
    state: State
    second: str = ""  # the node with the copy of its disks


@dataclass
class Place:
    """A node, with the machines of which it is the primary one; `url` is empty where it is not known."""

    name: str
    url: str = ""
    state: State | None = None
    role: str = ""
    machines: list[Machine] = field(default_factory=list)
    seconds: int = 0  # machines that have their copy here
    list_url: str = ""  # of all machines that have to do with it

    @property
    def mirrored(self) -> dict[str, int]:
        """By the node with the copy, how many of its machines are mirrored there."""
        found: dict[str, int] = {}
        for machine in self.machines:
            if machine.second:
                found[machine.second] = found.get(machine.second, 0) + 1
        return found


@dataclass
class Area:
    """A group with its nodes; `url` is empty where it is none."""

    name: str
    url: str = ""
    places: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """All of a cluster that the person may see."""

    areas: list[Area]

    @property
    def places(self) -> list[Place]:
        return [place for area in self.areas for place in area.places]

    @property
    def machines(self) -> int:
        return sum(len(place.machines) for place in self.places)

    @property
    def states(self) -> list[State]:
        """The states that there are machines in, those of most first."""
        found = Counter(machine.state for place in self.places for machine in place.machines)
        return [state for state, _ in found.most_common()]

    @property
    def mirrored(self) -> int:
        return sum(place.seconds for place in self.places)


def plan_of(cluster: Cluster, user: User) -> Plan:
    """The cluster with what the person may see of it: three questions, however large it is."""
    present = cluster.nodes.filter(missing_since=None).order_by("group__sort_name", "sort_name", "pk")
    nodes = list(policy.permitted(user, "view", present.select_related("group")).defer("details"))
    places = {node.pk: _place(cluster, node) for node in nodes}
    lost = _stand(cluster, user, places)
    groups = policy.permitted(user, "view", cluster.nodegroups.filter(missing_since=None))
    areas = {
        name: Area(name, reverse("nodegroups:detail", args=[cluster.slug, name]))
        for name in groups.order_by("sort_name", "pk").values_list("name", flat=True)
    }
    for node in nodes:
        name = node.group.name if node.group else NO_GROUP
        areas.setdefault(name, Area(name)).places.append(places[node.pk])
    found = list(areas.values())
    if lost.machines:
        found.append(Area(NO_NODE, places=[lost]))
    return Plan(found)


def _stand(cluster: Cluster, user: User, places: dict[int, Place]) -> Place:
    """Puts each machine on its nodes; what is given back are those whose node is not known."""
    lost = Place(NO_NODE)
    rows = cluster.vms.filter(missing_since=None).only(
        "cluster", "name", "status", "missing_since", "primary_node", "secondary_node"
    )
    for vm in policy.permitted(user, "view", rows).order_by("sort_name", "pk"):
        second = places.get(vm.secondary_node_id or 0)
        if second:
            second.seconds += 1
        standing = places.get(vm.primary_node_id or 0, lost)
        standing.machines.append(_machine(cluster, vm, second))
    return lost


def _machine(cluster: Cluster, vm: VirtualMachine, second: Place | None) -> Machine:
    url = reverse("vms:detail", args=[cluster.slug, vm.name])
    return Machine(vm.name, url, state_of_machine(vm, None), second.name if second else "")


def _place(cluster: Cluster, node: Node) -> Place:
    return Place(
        name=node.name,
        url=reverse("nodes:detail", args=[cluster.slug, node.name]),
        state=state_of_node(node),
        role=node.get_role_display(),
        list_url=f"{reverse('vms:index')}?{urlencode({'cluster': cluster.slug, 'node': node.name})}",
    )


def summary(plan: Plan) -> str:
    """The map in words."""
    parts = [_number(len(plan.areas), "group"), _number(len(plan.places), "node")]
    text = f"{', '.join(parts)} and {_number(plan.machines, 'machine')}."
    text += f" {plan.mirrored:,} of them mirrored on a second node." if plan.mirrored else ""
    return f"{text} The table below says the same."


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
