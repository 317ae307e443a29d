"""Whose a machine is: handed over by people, and rebuilt from what stands in Ganeti."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.jobs.services import cluster_obstacle, request_job
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.standing import standing
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.commands import SayOwner
from ganeti_webmgr.vms.models import VirtualMachine

PREFIX = "gwm:owner:"
Owner = Project | User  # a person stands for his own project, which may be yet to be made


@dataclass(frozen=True)
class Claim:
    """Whom a tag names as the owner; nobody, with the reason, where we know no such one."""

    word: str
    owner: Owner | None
    why: str = ""


class Undecided(Refusal):
    """The tags of a machine do not say whose it is."""

    status = 409
    title = "Whose is it?"


@transaction.atomic
def change_owner(vm: VirtualMachine, to: Project, *, by: User, over_quota: bool = False) -> None:
    """Hands the machine to the project, and has Ganeti keep its tag.

    Denied without rights on both sides, OverQuota where it does not fit there, Conflict where something is
    being done to the machine.
    """
    policy.require(by, "admin", vm)
    require_receiving(by, to, vm)
    if vm.owner == to:
        return
    quota.require_room(to, vm.cluster, quota.size_of(vm), may_go_over=over_quota and policy.sees_all(by))
    before, acted_as = vm.owner, standing(by, vm)
    vm.owner = to
    vm.save(update_fields=["owner"])
    if not vm.missing_since and not cluster_obstacle(vm.cluster) and to.tag not in vm.tags:
        _note_on_the_machine(vm, to, by=by)
    publish(f"vm:{vm.pk}", *(f"project:{project.pk}" for project in (before, to) if project))
    record(
        "owner.changed",
        vm,
        by=by,
        acted_as=acted_as,
        before={"owner": str(before) if before else None},
        after={"owner": str(to), **({"over_quota": True} if over_quota else {})},
    )


def require_receiving(by: User, to: Project, vm: VirtualMachine) -> None:
    """Denied unless the person leads the receiving project, or decides about quotas on the cluster."""
    if not may_receive(by, to, vm):
        raise policy.Denied(f"You do not lead {to}. One of its leads can take the machine over.")


def may_receive(by: User, to: Project, vm: VirtualMachine) -> bool:
    """Whether the person may take machines of that cluster over for the project."""
    return policy.may(by, "lead", to) or policy.may(by, "admin", vm.cluster)


def owner_tags(vm: VirtualMachine) -> list[str]:
    """The slugs that the machine's tags name as its owner."""
    return [tag.removeprefix(PREFIX) for tag in vm.tags if tag.startswith(PREFIX)]


def claims(vm: VirtualMachine, projects: Mapping[str, Project]) -> list[Claim]:
    """What the machine's tags say of its owner, with the projects by their slugs."""
    return [
        Claim(slug, None, f"{slug} is an owner's number in an older manager, which names no project")
        if slug.isdecimal()
        else Claim(slug, projects.get(slug), f"there is no project {slug}")
        for slug in sorted(owner_tags(vm))
    ]


def named_by(found: Sequence[Claim]) -> Owner:
    """The one owner whom all of at least one claim name; Undecided where there is none, or several."""
    if not found:
        raise Undecided("no tag names an owner")
    if len({claim.owner or claim.word for claim in found}) > 1:
        raise Undecided(f"several owners are named: {', '.join(claim.word for claim in found)}")
    owner = found[0].owner
    if owner is None:
        raise Undecided(found[0].why)
    return owner


def note_owner(vm: VirtualMachine, *, by: User) -> None:
    """Has Ganeti keep the tag of the owner and none of another; Denied or Conflict as for every job."""
    if vm.owner is None:
        raise Undecided("It belongs to nobody here.")
    _note_on_the_machine(vm, vm.owner, by=by)


def _note_on_the_machine(vm: VirtualMachine, to: Project, *, by: User) -> None:
    stale = tuple(f"{PREFIX}{slug}" for slug in owner_tags(vm) if slug != to.slug)
    # As the system asks, so to say: who gave it away may have no right on it any more.
    request_job(by=by, command=SayOwner(tag=to.tag, stale=stale), on=vm)
