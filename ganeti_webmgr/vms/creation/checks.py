"""What is looked at beyond each field by itself: rules, names, room and quota. Errors go to their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from ganeti_webmgr.jobs.creating import taken
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.quota import WAY_OUT, Change, Size, compared, limits_of, usage
from ganeti_webmgr.ui.wording import mib, words
from ganeti_webmgr.vms.creation.asked import Asked
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.creation.form import NODES
from ganeti_webmgr.vms.creation.ground import Ground
from ganeti_webmgr.vms.creation.limits import problems
from ganeti_webmgr.vms.creation.resolving import unresolved
from ganeti_webmgr.vms.creation.services import why_apart
from ganeti_webmgr.vms.models import VirtualMachine

QUOTA_FIELDS = {"memory_mib": "memory_mib", "vcpus": "vcpus", "disk_mib": "disks", "machines": "name"}


@dataclass(frozen=True)
class Finding:
    """A line of the checks: what is well, what to know, what to solve."""

    tone: str  # good, warn, bad
    text: str

    @property
    def icon(self) -> str:
        return {"good": "circle-check", "warn": "alert-triangle", "bad": "circle-x"}[self.tone]


@dataclass
class Checked:
    """What came of looking: lines to show, and whether everything may be asked for."""

    findings: list[Finding]
    quota: list[Change]
    plan: Blueprint | None
    is_good: bool


def check(asked: Asked) -> Checked:
    """Looks at everything, and says at each field what is wrong with it."""
    valid = asked.are_valid()
    ground = asked.ground
    if ground is None or "cluster" in asked.form.errors or "project" in asked.form.errors:
        return Checked([Finding("bad", text) for text in _errors(asked)], [], None, False)
    if not ground.is_known:
        asked.form.add_error("cluster", f"{ground.cluster} has not told yet what it has. Try in a minute.")
        return Checked([], [], None, False)
    plan = asked.plan()
    findings = [*_names(asked, ground), *_system(asked, plan), *_room(asked, ground, plan)]
    _rules(asked, ground, plan)
    quota = _quota(asked, ground, plan)
    if ground.cluster.trouble:
        findings.append(
            Finding("warn", f"{ground.cluster} does not answer now. The machine is made once it does again.")
        )
    if asked.mode == "live":
        for part in asked.parts:
            forget_blanks(part)
    errors = list(_errors(asked))
    is_good = valid and not errors
    return Checked([*findings, *(Finding("bad", text) for text in errors)], quota, plan, is_good)


def forget_blanks(form: forms.BaseForm) -> None:
    """Takes back what was said of fields in which nothing stands yet."""
    for name, errors in list(form.errors.as_data().items()):
        kept = [error for error in errors if error.code != "required"]
        del form.errors[name]
        for error in kept:
            form.add_error(None if name == NON_FIELD_ERRORS else name, error)


def _names(asked: Asked, ground: Ground) -> Iterator[Finding]:
    names = asked.names
    if not names:
        return
    found = taken(ground.cluster, names)
    for why in found.values():
        asked.form.add_error("name", why)
    if len(names) > 1 and any(nic.ip not in {"", "pool"} or nic.mac for nic in asked.plan().nics):
        asked.problems["nics"] = "Each machine needs addresses of its own. Leave IP and MAC address empty."
    if asked.form.cleaned_data.get("together") and len(names) > 1:
        apart = why_apart(asked.plan(), names)
        told = f"Each is placed by itself: {apart}" if apart else f"All {len(names)} are placed in one step"
        yield Finding("good", told)
    if not found:
        each = f"All {len(names)} names are" if len(names) > 1 else f"{names[0]} is"
        yield Finding("good", f"{each} free on {ground.cluster}")
    elsewhere = VirtualMachine.objects.filter(name__in=names, missing_since=None).exclude(
        cluster=ground.cluster
    )
    for vm in policy.permitted(asked.user, "view", elsewhere).select_related("cluster")[:3]:
        yield Finding("warn", f"There is a {vm.name} on {vm.cluster} as well")
    unknown = unresolved(names)
    if unknown:
        what = unknown[0] if len(unknown) == 1 else f"{len(unknown)} names"
        yield Finding("warn", f"No DNS entry for {what} yet")


def _system(asked: Asked, plan: Blueprint) -> Iterator[Finding]:
    system = asked.system
    if system is None:
        return
    first = plan.disks[0].size_mib if plan.disks else 0
    least = [
        mib(system.memory_min_mib) if (system.memory_min_mib or 0) > plan.memory_mib else "",
        f"a first disk of {mib(system.disk_min_mib)}" if first and (system.disk_min_mib or 0) > first else "",
        f"{system.vcpus_min} vCPUs" if (system.vcpus_min or 0) > plan.vcpus else "",
    ]
    if any(least):
        yield Finding("warn", f"{system} should have {words(filter(None, least))}")


def _room(asked: Asked, ground: Ground, plan: Blueprint) -> Iterator[Finding]:
    room = ground.room(plan.group)
    if room.total_mib is not None and plan.memory_mib > room.total_mib:
        _say(asked, "memory_mib", f"No node has that much. The largest has {mib(room.total_mib)}.")
    elif room.free_mib is not None and plan.start and plan.install and plan.memory_mib > room.free_mib:
        yield Finding(
            "warn", f"No node has {mib(plan.memory_mib)} free now; the most is {mib(room.free_mib)}"
        )


def _rules(asked: Asked, ground: Ground, plan: Blueprint) -> None:
    if not plan.ignore_policy:
        for field, text in problems(plan, ground.policies(plan.group)).items():
            _say(asked, field, text)
    adopts = any(disk.adopt for disk in plan.disks)
    if plan.disk_template == "blockdev" and not asked.administers:
        _say(asked, "disk_template", "Only administrators of the cluster may give it devices of its nodes.")
    elif adopts and asked.form.cleaned_data.get("placement") != NODES:
        _say(asked, "placement", "Disks that are taken over lie on a node: choose that node.")
    elif adopts and not all(disk.adopt for disk in plan.disks):
        asked.problems["disks"] = "Either all disks are taken over, or none."
    if adopts and len(asked.names) > 1:
        asked.problems["disks"] = "A disk can be taken over by one machine only."
    if plan.disk_template and plan.disk_template != "diskless" and not plan.disks and not asked.disks.forms:
        asked.problems.setdefault("disks", "Add a disk, or choose a machine without disks.")
    for kind, rows in (("disks", asked.disks), ("nics", asked.nics)):
        used = [row.cleaned_data.get("name") for row in rows if getattr(row, "cleaned_data", {}).get("name")]
        if len(used) != len(set(used)):
            asked.problems.setdefault(kind, "Two of them have the same name.")


def _quota(asked: Asked, ground: Ground, plan: Blueprint) -> list[Change]:
    project, cluster = asked.project, ground.cluster
    one, number = asdict(plan.size), max(len(asked.names), 1)
    more = Size(**{name: value * number for name, value in one.items()})
    changes = compared(usage(project, cluster), more, limits_of(project, cluster))
    if asked.form.cleaned_data.get("over_quota"):
        return changes
    for change in changes:
        if change.too_much:
            name = change.after.name
            _say(
                asked,
                QUOTA_FIELDS[name],
                f"{project} would have {change.after.text} {change.after.label}. {WAY_OUT}",
            )
    return changes


def _say(asked: Asked, field: str, text: str) -> None:
    """At the field, unless something is said there already: one thing at a time."""
    if field in {"disks", "nics"}:
        asked.problems.setdefault(field, text)
        return
    rows = {row.prefix: row for row in (*asked.disks, *asked.nics)}
    prefix, _, name = field.rpartition("-")
    form = rows.get(prefix, asked.form)
    name = name if prefix else field
    # With a preset the single figures do not show: what is wrong with them is wrong with it.
    if form is asked.form and name in {"vcpus", "memory_mib", "memory_min_mib"}:
        name = name if form.data.get("size") == "own" else "size"
    if name in form.fields and name not in form.errors:
        form.add_error(name, text)


def _errors(asked: Asked) -> Iterator[str]:
    """Each thing to solve once, with the name of its field."""
    yield from asked.problems.values()
    for part in asked.parts:
        for name, errors in part.errors.items():
            label = part[name].label if name in part.fields else ""
            row = f"{part.prefix.replace('-', '/')}: " if part.prefix and "-" in part.prefix else ""
            for error in errors:
                yield f"{row}{label}: {error}" if label else f"{row}{error}"
