"""Every permission there is, what follows from what, and the roles that bundle them. One table for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# What each lets one do, in words that follow "may"; {it} stands for the object.
CLUSTER = {
    "view": "see {it}, its nodes, groups, networks and all its machines",
    "create_vm": "create machines on {it}",
    "migrate": "migrate machines on {it}",
    "replace_disks": "replace disks of machines on {it}",
    "export": "export machines of {it}",
    "tags": "change tags on {it}",
    "operate": "operate nodes and groups of {it}",
    "admin": "do everything on {it}, and decide who may do what and how much",
}
MACHINE = {
    "view": "see {it}",
    "watch": "watch the screen of {it}, without keyboard and mouse",
    "console": "open the console of {it}",
    "power": "start, stop and restart {it}",
    "modify": "change settings of {it}",
    "reinstall": "reinstall {it}",
    "tags": "change tags of {it}",
    "export": "export {it}",
    "remove": "delete {it}",
    "admin": "do everything with {it}, and decide who may do what",
}
PROJECT = {
    "view": "see {it} and its machines",
    "lead": "lead {it}: its people, its machines and their rights",
}
# Reach machines only through a cluster.
MACHINE_BY_CLUSTER = {"migrate": "migrate {it}", "replace_disks": "replace disks of {it}"}

WORDS = {
    "cluster": CLUSTER,
    "virtualmachine": MACHINE | MACHINE_BY_CLUSTER,
    "project": PROJECT,
    "node": {"view": "see {it}", "operate": "operate {it}", "tags": "change tags of {it}"},
    "nodegroup": {"view": "see {it}", "operate": "operate {it}", "tags": "change tags of {it}"},
    "network": {"view": "see {it}", "tags": "change tags of {it}", "admin": "change {it}"},
    "operatingsystem": {"view": "see {it}", "admin": "say what people are told of {it}"},
    "machinetemplate": {"view": "see {it}", "edit": "change {it}"},
    "savedfilter": {"view": "see {it}", "edit": "change {it}"},
    "job": {"view": "see {it}", "cancel": "cancel {it}"},
    "event": {"view": "see {it}"},
    "console": {"view": "see {it}", "end": "end {it}"},
}


def implied(kind: str, permission: str) -> frozenset[str]:
    """What somebody may who holds this permission on an object of that kind, the permission included."""
    known = WORDS[kind].keys()
    if permission in ("admin", "lead"):
        return frozenset(known)
    if permission == "console":
        return frozenset({"console", "watch", "view"})
    if kind == "cluster" and permission == "create_vm":
        return frozenset({permission})  # those who deploy there need not see what others have
    return frozenset({permission, "view"})


def giving(kind: str, permission: str) -> frozenset[str]:
    """The permissions of which any one is enough for this one, on the same object."""
    return frozenset(held for held in grantable(kind) if permission in implied(kind, held))


def words(kind: str, permission: str, it: object = "it") -> str:
    """What the permission lets one do with the object: "start, stop and restart web1"."""
    return WORDS[kind].get(permission, permission).format(it=it)


def grantable(kind: str) -> dict[str, str]:
    """What can be granted on an object of that kind, with its words."""
    return {"cluster": CLUSTER, "virtualmachine": MACHINE, "project": PROJECT}[kind]


# What a permission on the cluster gives on each machine there.
ON_MACHINES = {
    "view": frozenset({"view"}),
    "migrate": frozenset({"view", "migrate"}),
    "replace_disks": frozenset({"view", "replace_disks"}),
    "export": frozenset({"view", "export"}),
    "tags": frozenset({"view", "tags"}),
    "operate": frozenset({"view"}),
    "admin": frozenset(WORDS["virtualmachine"]),
}


def of_cluster_for_machines(permission: str) -> frozenset[str]:
    """The permissions on a cluster of which any one gives this one on its machines."""
    return frozenset(held for held, gives in ON_MACHINES.items() if permission in gives)


@dataclass(frozen=True)
class Role:
    """A bundle of permissions with a name."""

    label: str
    permissions: frozenset[str]
    words: str


ROLES: dict[str, dict[str, Role]] = {
    "cluster": {
        "viewer": Role("Viewer", frozenset({"view"}), "sees everything there"),
        "deployer": Role("Deployer", frozenset({"create_vm"}), "creates machines there"),
        "operator": Role("Operator", frozenset(CLUSTER) - {"admin"}, "runs its nodes and moves its machines"),
        "admin": Role("Admin", frozenset({"admin"}), "may everything there, and grants it"),
    },
    "virtualmachine": {
        "viewer": Role("Viewer", frozenset({"view"}), "sees it"),
        "watcher": Role(
            "Watcher", frozenset({"view", "watch"}), "sees it and its screen, and touches nothing"
        ),
        "console": Role("Console only", frozenset({"view", "console"}), "sees it and uses its screen"),
        "operator": Role("Operator", frozenset({"view", "console", "power"}), "starts, stops and uses it"),
        "maintainer": Role(
            "Maintainer",
            frozenset({"view", "console", "power", "modify", "reinstall", "tags", "export"}),
            "changes it as well",
        ),
        "admin": Role("Admin", frozenset({"admin"}), "may everything with it, and grants it"),
    },
    "project": {
        "member": Role("Member", frozenset({"view"}), "has the project's member role on its machines"),
        "lead": Role("Lead", frozenset({"lead"}), "runs the project and administers its machines"),
    },
}
MEMBER_ROLES = ("viewer", "operator", "maintainer")


def member_roles_with(permission: str) -> frozenset[str]:
    """The member roles of a project that include this permission on its machines."""
    wanted = giving("virtualmachine", permission)
    return frozenset(name for name in MEMBER_ROLES if ROLES["virtualmachine"][name].permissions & wanted)


def choices(permissions: dict[str, str]) -> tuple[tuple[str, Any], ...]:
    """The permissions as Django keeps them with a model."""
    return tuple((name, name.replace("_", " ").capitalize()) for name in permissions)
