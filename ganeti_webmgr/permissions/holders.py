"""Who was given what on an object itself: one line for each person and group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model, Value
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions.models import GRANTS, MachineGroupGrant, MachineUserGrant
from ganeti_webmgr.permissions.vocabulary import ROLES, words

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Holding:
    """What one person or group was given on one object, by whom and until when."""

    holder: User | Group
    on: Any
    kind: str
    role: str
    permissions: tuple[str, ...]
    granted_by: User | None
    granted_at: datetime
    expires_at: datetime | None
    note: str

    @property
    def is_person(self) -> bool:
        return isinstance(self.holder, User)

    @property
    def name(self) -> str:
        """The holder in words: a project's group is called as the project is."""
        project = None if self.is_person else getattr(self.holder, "project", None)
        return f"project {project}" if project else str(self.holder)

    @property
    def label(self) -> str:
        """The role, or else the permissions one by one."""
        if self.role:
            return ROLES[self.kind][self.role].label
        return ", ".join(f"may {words(self.kind, name)}" for name in self.permissions)

    @property
    def has_ended(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def as_data(self) -> dict[str, object]:
        """For the record."""
        return {
            "to": self.name,
            "role": self.role,
            "permissions": list(self.permissions),
            "until": self.expires_at.isoformat() if self.expires_at else None,
            "note": self.note,
        }


def holdings(on: Model) -> list[Holding]:
    """All that was given on the object itself, persons first, by name."""
    by_person, by_group = GRANTS[on._meta.model_name or ""]
    found = read(by_person, "user", content_object=on) if by_person else []
    return found + read(by_group, "group", content_object=on)


def holding(holder: User | Group, on: Model) -> Holding | None:
    """What was given to the one on the object itself, or None."""
    by_person, by_group = GRANTS[on._meta.model_name or ""]
    model, field = (by_person, "user") if isinstance(holder, User) else (by_group, "group")
    found = read(model, field, content_object=on, **{field: holder}) if model else []
    return found[0] if found else None


def given_to(*holders: User | Group) -> list[Holding]:
    """All that was given to a person or to groups, on whatever object, holder by holder."""
    if not holders:
        return []
    field, place = ("user", 0) if isinstance(holders[0], User) else ("group", 1)
    models = [pair[place] for pair in GRANTS.values() if pair[place]]
    found = [held for model in models for held in read(model, field, **{f"{field}__in": holders})]
    return sorted(found, key=lambda held: holders.index(held.holder))


def ending_soon(giver: User) -> list[Holding]:
    """What the person gave and what ends within two weeks, the first to end first."""
    now = timezone.now()
    found = _everywhere(granted_by=giver, expires_at__gt=now, expires_at__lte=now + SOON)
    return sorted(found, key=lambda held: (held.expires_at or now, held.name))


def ended(by: datetime) -> list[Holding]:
    """What has ended by then and is still there."""
    return _everywhere(expires_at__lte=by)


def _everywhere(**narrowed: Any) -> list[Holding]:
    tables = [
        (model, field)
        for pair in GRANTS.values()
        for model, field in zip(pair, ("user", "group"), strict=True)
        if model
    ]
    # Mostly there are none: that is found out with one question to all tables.
    first, *others = [
        model._default_manager.filter(**narrowed).order_by().values_list(Value(place))
        for place, (model, _) in enumerate(tables)
    ]
    places = sorted(place for (place,) in first.union(*others))
    return [held for place in places for held in read(*tables[place], **narrowed)]


def read(model: Any, field: str, **narrowed: Any) -> list[Holding]:
    """What rows of one table of grants say, a line for each holder and object."""
    name = "user__username" if field == "user" else "group__name"
    related = [field, "content_object", "permission", "granted_by"]
    if field == "group":
        related.append("group__project")
    if model is MachineUserGrant or model is MachineGroupGrant:
        related.append("content_object__cluster")  # which is a part of the machine's address
    rows = model._default_manager.filter(**narrowed).select_related(*related)
    lines: dict[tuple[int, int], list[Any]] = {}
    for row in rows.order_by(name, "content_object_id", "permission__codename", "pk"):
        lines.setdefault((getattr(row, f"{field}_id"), row.content_object_id), []).append(row)
    return [
        Holding(
            holder=getattr(first, field),
            on=first.content_object,
            kind=first.content_object._meta.model_name,
            role=first.role,
            permissions=tuple(row.permission.codename for row in line),
            granted_by=first.granted_by,
            granted_at=first.granted_at,
            expires_at=first.expires_at,
            note=first.note,
        )
        for line in lines.values()
        for first in line[:1]
    ]
