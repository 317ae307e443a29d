"""Nodes to choose from for one machine."""

from __future__ import annotations

from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.nodes.choosing import taking
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.vms.models import VirtualMachine


def taking_nodes(vm: VirtualMachine, user: User) -> QuerySet[Node]:
    """The nodes of the machine's cluster that take machines, in their order."""
    return taking(vm.cluster, user)


def elsewhere(vm: VirtualMachine, user: User) -> list[str]:
    """The names of the nodes to which it could go."""
    own = [node.name for node in (vm.primary_node, vm.secondary_node) if node]
    return [name for name in taking_nodes(vm, user).values_list("name", flat=True) if name not in own]
