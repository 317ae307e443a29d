"""Nodes to choose from: those that the person may see, and that can take a machine."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.commands.fitness import allocator
from ganeti_webmgr.vms.models import VirtualMachine

NOT_TAKING = (Node.Role.OFFLINE, Node.Role.DRAINED)


def taking_nodes(vm: VirtualMachine, user: User) -> QuerySet[Node]:
    """The nodes of the machine's cluster that take machines, in their order."""
    nodes = Node.objects.filter(cluster=vm.cluster, missing_since=None).exclude(role__in=NOT_TAKING)
    return policy.permitted(user, "view", nodes.order_by("sort_name", "pk"))


def elsewhere(vm: VirtualMachine, user: User) -> list[str]:
    """The names of the nodes to which it could go."""
    own = [node.name for node in (vm.primary_node, vm.secondary_node) if node]
    return [name for name in taking_nodes(vm, user).values_list("name", flat=True) if name not in own]


class NodeChoice(forms.ChoiceField):
    """A node by name; or the cluster's allocator, where it has one, as the empty choice."""

    def __init__(self, vm: VirtualMachine, nodes: list[str], *, label: str, help_text: str = "") -> None:
        chosen = [("", f"Chosen by the cluster ({allocator(vm)})")] if allocator(vm) else []
        super().__init__(
            label=label,
            help_text=help_text,
            choices=[*chosen, *((name, name) for name in nodes)],
            required=not chosen,
        )
