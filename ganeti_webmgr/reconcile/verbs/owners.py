"""Giving machines to projects: to one that is chosen, or to the one that the tags name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.listing import open_jobs
from ganeti_webmgr.jobs.naming import busy_word
from ganeti_webmgr.jobs.services import cluster_obstacle
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.finding import find_project
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import personal_project
from ganeti_webmgr.reconcile.claims import claims_of, tags_of
from ganeti_webmgr.reconcile.room import Room, room_for
from ganeti_webmgr.reconcile.verbs.verb import (
    ACTS,
    AGREE,
    BUSY,
    CLOSED,
    GONE,
    OVER,
    TAKEN,
    UNDECIDED,
    Outlook,
    PlainForm,
    Verb,
    Verdict,
    require_same,
)
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import Owner, Undecided, change_owner, named_by, note_owner

NOT_THERE = "It is not on the cluster any more."


class OverForm(PlainForm):
    """Whether machines may be given beyond what the quota allows."""

    over_quota = forms.BooleanField(
        label="Even if it goes over the quota there. This is recorded.", required=False
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        if not policy.sees_all(user):
            del self.fields["over_quota"]


class AdoptForm(OverForm):
    """The project that machines are to belong to."""

    project = forms.CharField(
        label="To the project", max_length=100, help_text="Its name, or its word in addresses"
    )
    field_order = ("project", "over_quota")

    def clean_project(self) -> str:
        return find_project(self.cleaned_data["project"].strip()).slug


class OfMachines(Verb):
    """Something that is done to machines."""

    def rows(self, pks: Iterable[int]) -> QuerySet[VirtualMachine]:
        rows = VirtualMachine.objects.select_related("cluster", "owner").filter(pk__in=pks)
        return rows.defer("details", "cluster__info", "started_with")


class Giving(OfMachines):
    """A machine gets an owner, who is written on it in Ganeti; the quota is looked at."""

    form = OverForm
    icon = "user-plus"

    def outlook(self, rows: list[VirtualMachine], *, by: User, params: Mapping[str, Any]) -> Outlook:
        owners, verdicts = self.owners(rows, params)
        room = room_for(owners.values(), rows)
        busy = open_jobs(rows)
        over = bool(params.get("over_quota")) and policy.sees_all(by)
        written = 0
        for vm in rows:
            if vm.pk not in owners:
                continue
            closed = cluster_obstacle(vm.cluster)
            writes = not closed and _tag(owners[vm.pk]) not in vm.tags
            if writes and (job := busy.get(vm.pk)):
                verdicts[vm.pk] = Verdict(BUSY, f"{job} is {busy_word(job).lower()} {vm}")
            elif lack := room.lack(owners[vm.pk], vm, may_go_over=over):
                verdicts[vm.pk] = Verdict(OVER, lack)
            else:
                untold = f"No tag is written: {closed}" if closed else ""
                verdicts[vm.pk] = Verdict(ACTS, untold, _handover(vm, owners[vm.pk]))
                written += writes
        return Outlook(verdicts, list(room.changes()), list(_points(room, written)))

    def owners(
        self, rows: list[VirtualMachine], params: Mapping[str, Any]
    ) -> tuple[dict[int, Owner], dict[int, Verdict]]:
        """Who each would belong to, by its key; and of the others, why to nobody."""
        raise NotImplementedError

    def carry_out(self, row: VirtualMachine, *, by: User, params: Mapping[str, Any], what: str) -> str:
        vm = VirtualMachine.objects.select_for_update(of=("self",)).get(pk=row.pk)
        owners, verdicts = self.owners([vm], params)
        if vm.pk not in owners:
            raise Refusal(verdicts[vm.pk].why)
        owner = owners[vm.pk]
        require_same(_handover(vm, owner), what)
        project = owner if isinstance(owner, Project) else personal_project(owner)
        change_owner(vm, project, by=by, over_quota=bool(params.get("over_quota")))
        return f"Belongs to {project}"


class Adopt(Giving):
    """Gives machines of nobody to a project."""

    name = "adopt"
    kind = "nobodys"
    label = "Adopt"
    done = "Adopted"
    form = AdoptForm

    def suggestion(self, rows: list[VirtualMachine]) -> dict[str, Any]:
        """The project that all their tags name, where they do."""
        claims = claims_of(rows)
        try:
            owner = named_by([claim for vm in rows for claim in claims[vm.pk]])
        except Undecided:
            return {}
        everybody = all(claims[vm.pk] for vm in rows)
        return {"project": owner.slug} if everybody and isinstance(owner, Project) else {}

    def can_be_judged(self, params: Mapping[str, Any]) -> bool:
        return Project.objects.filter(slug=params.get("project", "")).exists()

    def owners(
        self, rows: list[VirtualMachine], params: Mapping[str, Any]
    ) -> tuple[dict[int, Owner], dict[int, Verdict]]:
        project = Project.objects.filter(slug=params["project"]).first()
        owners: dict[int, Owner] = {}
        verdicts: dict[int, Verdict] = {}
        for vm in rows:
            if vm.missing_since:
                verdicts[vm.pk] = Verdict(GONE, NOT_THERE)
            elif vm.owner:
                verdicts[vm.pk] = Verdict(TAKEN, f"It belongs to {vm.owner}.")
            elif project is None:
                verdicts[vm.pk] = Verdict(GONE, "There is no such project any more.")
            else:
                owners[vm.pk] = project
        return owners, verdicts


class Take(Giving):
    """Believes the tags: each machine gets the owner that they name."""

    name = "take"
    kind = "tags"
    label = "Take the owner from the tag"
    done = "Taken from the tag"
    icon = "tag"

    def owners(
        self, rows: list[VirtualMachine], params: Mapping[str, Any]
    ) -> tuple[dict[int, Owner], dict[int, Verdict]]:
        claims = claims_of(rows)
        owners: dict[int, Owner] = {}
        verdicts: dict[int, Verdict] = {}
        for vm in rows:
            try:
                owner = named_by(claims[vm.pk])
            except Undecided as refusal:
                verdicts[vm.pk] = Verdict(UNDECIDED, _sentence(refusal))
                continue
            if vm.missing_since:
                verdicts[vm.pk] = Verdict(GONE, NOT_THERE)
            elif owner == vm.owner:
                verdicts[vm.pk] = Verdict(AGREE, f"It belongs to {owner}.")
            else:
                owners[vm.pk] = owner
        return owners, verdicts


class Write(OfMachines):
    """Believes us: the tags are made to say who owns the machine here."""

    name = "write"
    kind = "tags"
    label = "Write our owner to the tag"
    done = "Asked for"
    icon = "tag"

    def outlook(self, rows: list[VirtualMachine], *, by: User, params: Mapping[str, Any]) -> Outlook:
        busy = open_jobs(rows)
        verdicts = {vm.pk: self._verdict(vm) for vm in rows}
        for vm in rows:
            job = busy.get(vm.pk)
            if job and verdicts[vm.pk].key == ACTS:
                verdicts[vm.pk] = Verdict(BUSY, f"{job} is {busy_word(job).lower()} {vm}")
        jobs = sum(verdict.key == ACTS for verdict in verdicts.values())
        told = [f"A job in Ganeti for each of {jobs} machines, which do not restart"] if jobs else []
        return Outlook(verdicts, points=told)

    def _verdict(self, vm: VirtualMachine) -> Verdict:
        if vm.missing_since:
            return Verdict(GONE, NOT_THERE)
        if vm.owner is None:
            return Verdict(UNDECIDED, "It belongs to nobody here.")
        if tags_of(vm) == [vm.owner.tag]:
            return Verdict(AGREE, f"Its tag says {vm.owner}.")
        if closed := cluster_obstacle(vm.cluster):
            return Verdict(CLOSED, closed)
        return Verdict(ACTS, what=f"{vm.owner.tag} is written")

    def carry_out(self, row: VirtualMachine, *, by: User, params: Mapping[str, Any], what: str) -> str:
        verdict = self._verdict(row)
        if verdict.key != ACTS:
            raise Refusal(verdict.why)
        require_same(verdict.what, what)
        note_owner(row, by=by)
        return verdict.what


def _handover(vm: VirtualMachine, owner: Owner) -> str:
    return f"from {_called(vm.owner) if vm.owner else 'nobody'} to {_called(owner)}"


def _called(owner: Owner) -> str:
    """The owner by name, and by the word that no other has: names repeat."""
    if isinstance(owner, Project):
        return owner.name if owner.name == owner.slug else f"{owner.name} ({owner.slug})"
    return f"{owner}, who has no project yet"


def _tag(owner: Owner) -> str:
    return owner.tag if isinstance(owner, Project) else ""


def _points(room: Room, written: int) -> Iterable[str]:
    if room.given:
        yield "People get the rights that members of the project have"
        yield "No machine restarts or changes otherwise"
    if written:
        plural = "" if written == 1 else "s"
        yield f"The owner is written as a tag on {written} machine{plural}, by a job each"


def _sentence(refusal: Refusal) -> str:
    text = str(refusal)
    return f"{text[:1].upper()}{text[1:]}."
