"""Whom the tags of machines name as their owners: ours, and those that older managers wrote.

The first Ganeti Web Manager wrote `gwm:owner:<number>`, and its documentation had
`GANETI_WEB_MANAGER:<permission>:<U or G>:<number>`; ganetimgr writes `ganetimgr:user:<name>` and
`ganetimgr:group:<name>`. Ours, where there is one, is newer than all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, Value
from django.db.models.functions import Concat, Length, Replace, StrIndex
from django.db.models.lookups import GreaterThan

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.tagging import OLDER_OWNERS
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.reconcile.models import FormerOwner
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.ownership import PREFIX, Claim, Owner

USER, GROUP, _ = OLDER_OWNERS
# Of the permissions that such tags give, this one is an owner's.
OWNING = re.compile(r"GANETI_WEB_MANAGER:admin:([UG]:[0-9]{1,18})")

UNKNOWN = "which owner that was is not known here"

# Each tag stands between line ends. Every machine is compared, and this table is soon read.
TAGS = "search_text__tag_lines"
OWN = Q((f"{TAGS}__contains", f"\n{PREFIX}"))
RIGHT = Q(GreaterThan(StrIndex(TAGS, Concat(Value(f"\n{PREFIX}"), "owner__slug", Value("\n"))), 0))
SEVERAL = Q(
    GreaterThan(
        Length(TAGS) - Length(Replace(TAGS, Value(f"\n{PREFIX}"), Value(""))),
        Value(len(PREFIX) + 1),
    )
)
NAMED = OWN | Q(*((f"{TAGS}__contains", f"\n{prefix}") for prefix in OLDER_OWNERS), _connector=Q.OR)
# The tags say something else than we do. Where nothing can be written, a missing tag is no difference.
DIFFER = Q(owner=None) & NAMED | Q(owner__isnull=False) & (
    ~RIGHT & (Q(cluster__read_only=False) | OWN) | SEVERAL
)


@dataclass
class Known:
    """Those whom tags may name, by what the tags call them."""

    projects: dict[str, Project] = field(default_factory=dict)
    people: dict[str, Owner] = field(default_factory=dict)
    groups: dict[str, list[Project]] = field(default_factory=dict)
    numbers: dict[tuple[int, str], Owner] = field(default_factory=dict)


def claims_of(vms: Iterable[VirtualMachine]) -> dict[int, list[Claim]]:
    """By the machine's key, whom its tags name; as many queries for a thousand as for one."""
    vms = list(vms)
    known = _known(vms)
    return {vm.pk: [_claim(vm, tag, known) for tag in tags_of(vm)] for vm in vms}


def tags_of(vm: VirtualMachine) -> list[str]:
    """The tags that say whose the machine is: our own, else those of older managers."""
    tags = sorted(vm.tags)
    own = [tag for tag in tags if tag.startswith(PREFIX)]
    return own or [tag for tag in tags if tag.startswith((USER, GROUP)) or OWNING.fullmatch(tag)]


def _claim(vm: VirtualMachine, tag: str, known: Known) -> Claim:
    if tag.startswith(PREFIX):
        word = tag.removeprefix(PREFIX)
        if word.isdecimal():
            return Claim(word, known.numbers.get((vm.cluster_id, f"owner:{word}")), UNKNOWN)
        return Claim(word, known.projects.get(word), f"there is no project {word}")
    if tag.startswith(USER):
        word = tag.removeprefix(USER)
        return Claim(word, known.people.get(word), f"nobody here is called {word}")
    if tag.startswith(GROUP):
        word = tag.removeprefix(GROUP)
        projects = known.groups.get(word, [])
        if len(projects) > 1:  # names repeat, and none of them is likelier than another
            return Claim(word, None, f"{len(projects)} projects are called {word}")
        return Claim(word, projects[0] if projects else None, f"there is no project {word}")
    key = tag.removeprefix("GANETI_WEB_MANAGER:admin:")
    return Claim(tag, known.numbers.get((vm.cluster_id, key)), UNKNOWN)


def _known(vms: list[VirtualMachine]) -> Known:
    """All that the tags of these machines may mean, with four queries."""
    tags = {tag for vm in vms for tag in tags_of(vm)}
    slugs, people, groups = (
        {tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)}
        for prefix in (PREFIX, USER, GROUP)
    )
    projects = Project.objects.filter(Q(slug__in=slugs) | Q(name__in=groups, personal_of=None))
    known = Known()
    for project in projects:
        known.projects[project.slug] = project
        if project.personal_of_id is None and project.name in groups:
            known.groups.setdefault(project.name, []).append(project)
    for user in User.objects.filter(username__in=people).select_related("personal_project"):
        known.people[user.username] = own_project(user)
    keys = {f"owner:{slug}" for slug in slugs if slug.isdecimal()}
    keys |= {found[1] for tag in tags if (found := OWNING.fullmatch(tag))}
    former = FormerOwner.objects.filter(key__in=keys).select_related("project", "user__personal_project")
    for row in former:
        owner = row.project or (own_project(row.user) if row.user else None)
        if owner:
            known.numbers[row.cluster_id, row.key] = owner
    return known


def own_project(user: User) -> Owner:
    """The person's own project; the person where it was never needed so far."""
    return getattr(user, "personal_project", None) or user
