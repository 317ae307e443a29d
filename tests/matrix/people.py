"""Everybody there can be, each as somebody who has just that one standing."""

from __future__ import annotations

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import LEAD, add_member
from ganeti_webmgr.vms.models import VirtualMachine

STRANGERS = ("anonymous", "stranger")
ON_MACHINE = ("viewer", "watcher", "console", "operator", "maintainer", "admin")
IN_PROJECT = ("member", "lead")
ON_CLUSTER = ("cluster-viewer", "cluster-deployer", "cluster-operator", "cluster-admin")
EVERYBODY = (*STRANGERS, *ON_MACHINE, *IN_PROJECT, *ON_CLUSTER, "superuser")


def gather(*, by: User, vm: VirtualMachine, cluster: Cluster, project: Project) -> dict[str, User | None]:
    """All of them, with what each was given: on the machine, in its project, on its cluster."""
    people: dict[str, User | None] = {"anonymous": None, "superuser": by}
    for name in EVERYBODY:
        if name not in people:
            people[name] = _arrived(name, by=by, vm=vm, cluster=cluster, project=project)
    return people


def _arrived(name: str, *, by: User, vm: VirtualMachine, cluster: Cluster, project: Project) -> User:
    person = User.objects.create_user(name, password="a-password")
    if name in ON_MACHINE:
        grant(person, vm, by=by, role=name)
    elif name in IN_PROJECT:
        add_member(project, name, by=by, role=LEAD if name == "lead" else "member")
    elif name in ON_CLUSTER:
        grant(person, cluster, by=by, role=name.removeprefix("cluster-"))
    return person
