"""Asking for machines: for one, or for many at once."""

from __future__ import annotations

import secrets

from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.creating import request_creation
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import personal_project
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.commands import CheckMachine, CreateMachine, PlaceMachines
from ganeti_webmgr.vms.hidden import Hidden, sealed


@transaction.atomic
def create_machines(
    *,
    by: User,
    cluster: Cluster,
    owner: Project,
    names: list[str],
    plan: Blueprint,
    hidden: Hidden,
    over_quota: bool = False,
    together: bool = False,
) -> list[Job]:
    """One intent for each machine, or none for any: Denied, Conflict or OverQuota.

    `together` has them placed in one step, where that can be.
    """
    owner = made(owner)
    batch = batch_of(names)
    parent = None
    if together and not why_apart(plan, names):
        parent = request_creation(
            by=by,
            command=PlaceMachines(allocator=plan.allocator),
            cluster=cluster,
            name=f"{names[0][:200]} and {len(names) - 1} more",
            owner=owner,
            batch=batch,
        )
    command = CreateMachine(**vars(plan), owner_tag=owner.tag, sealed=sealed(hidden))
    return [
        request_creation(
            by=by,
            command=command,
            cluster=cluster,
            name=name,
            owner=owner,
            over_quota=over_quota,
            batch=batch,
            parent=parent,
        )
        for name in names
    ]


@transaction.atomic
def check_machines(
    *, by: User, cluster: Cluster, owner: Project, names: list[str], plan: Blueprint, hidden: Hidden
) -> list[Job]:
    """Has Ganeti itself look at each by itself; its answers are the jobs'."""
    owner = made(owner)
    command = CheckMachine(**vars(plan), owner_tag=owner.tag, sealed=sealed(hidden))
    batch = batch_of(names)
    return [
        request_creation(by=by, command=command, cluster=cluster, name=name, owner=owner, batch=batch)
        for name in names
    ]


def batch_of(names: list[str]) -> str:
    """A word for what is asked for together; none is needed for one alone."""
    return secrets.token_hex(8) if len(names) > 1 else ""


def why_apart(plan: Blueprint, names: list[str]) -> str:
    """Why these cannot be placed in one step, as the end of a sentence; empty where they can."""
    if len(names) < 2:
        return "there is one"
    if plan.primary_node:
        return "their node is chosen"
    if plan.group:
        return "not every allocator keeps to a group then"
    if plan.hidden_osparams:
        return "the request would keep what nobody may read among what everybody may"
    if plan.name_check:
        return "their names are looked up first"
    return "" if plan.hypervisor else "their hypervisor is not said"


def made(owner: Project) -> Project:
    """The project; a person's own is made now where it never was."""
    return owner if owner.pk or owner.personal_of is None else personal_project(owner.personal_of)
