"""Giving rights on an object to somebody, and taking them away. What is given again replaces what was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.holders import Holding, holding
from ganeti_webmgr.permissions.lasting import lasts_until
from ganeti_webmgr.permissions.models import GRANTS
from ganeti_webmgr.permissions.topics import topic_of
from ganeti_webmgr.permissions.vocabulary import ROLES, grantable, implied


@transaction.atomic
def grant(
    to: User | Group,
    on: Model,
    *,
    by: User,
    role: str = "",
    permissions: Collection[str] = (),
    until: datetime | None = None,
    note: str = "",
) -> None:
    """Gives a role or single permissions, in the place of whatever was given there before.

    Denied where `by` does not administer the object; ValidationError, by field, where the terms do not fit.
    """
    kind = policy.kind_of(type(on))
    policy.require(by, ruling(kind), on)
    given = _permissions(kind, role, permissions)
    _check(to, on, by=by, given=given, until=until)
    before = holding(to, on)
    _write(to, on, given, role=role, granted_by=by, expires_at=until, note=note)
    told(to, on)
    record("grant.given", on, by=by, person=to, before=_said(before), after=_said(holding(to, on)))


@transaction.atomic
def grant_to_maker(maker: User, on: Model) -> None:
    """Makes the person the admin of what was made for him; nobody is asked, as that comes with making it."""
    kind = policy.kind_of(type(on))
    note = "Made it"
    _write(maker, on, ROLES[kind]["admin"].permissions, role="admin", granted_by=None, note=note)
    told(maker, on)
    record("grant.given", on, by=maker, person=maker, after=_said(holding(maker, on)))


@transaction.atomic
def bring_over(to: User | Group, on: Model, *, by: str, permissions: Collection[str], note: str) -> None:
    """Gives what had been given elsewhere; nobody is asked, as the administrator of the site brings it here.

    It comes as the role that is just these permissions, where there is one.
    """
    roles = ROLES[policy.kind_of(type(on))].items()
    role = next((name for name, role in roles if role.permissions == frozenset(permissions)), "")
    _write(to, on, permissions, role=role, granted_by=None, note=note)
    told(to, on)
    record("grant.given", on, by=by, person=to, after=_said(holding(to, on)))


@transaction.atomic
def revoke(to: User | Group, on: Model, *, by: User) -> None:
    """Takes away all that was given to somebody on the object itself; Denied as for giving."""
    policy.require(by, ruling(policy.kind_of(type(on))), on)
    before = holding(to, on)
    if before is None:
        return
    _rows_of(to, on).delete()
    told(to, on)
    record("grant.revoked", on, by=by, person=to, before=_said(before))


def ruling(kind: str) -> str:
    """The permission with which one decides about rights on objects of that kind."""
    return "lead" if kind == "project" else "admin"


def told(to: User | Group, on: Model) -> None:
    """Has the open pages of those concerned look again at what they may."""
    people = [to.pk] if isinstance(to, User) else list(to.user_set.values_list("pk", flat=True))
    publish(topic_of(on), *(f"user:{pk}" for pk in people))


def _write(to: User | Group, on: Model, given: Collection[str], **terms: Any) -> None:
    rows = _rows_of(to, on)
    rows.delete()
    content_type = ContentType.objects.get_for_model(type(on))
    known = Permission.objects.filter(content_type=content_type, codename__in=given)
    rows.model._default_manager.bulk_create(
        rows.model(**_holder(to), content_object=on, permission=permission, **terms) for permission in known
    )


def _permissions(kind: str, role: str, permissions: Collection[str]) -> frozenset[str]:
    if role:
        if role not in ROLES[kind]:
            raise ValidationError({"role": f"There is no role “{role[:40]}” here."})
        return ROLES[kind][role].permissions
    unknown = set(permissions) - grantable(kind).keys()
    if unknown:
        raise ValidationError({"permissions": f"There is no permission “{min(unknown)[:40]}” here."})
    if not permissions:
        raise ValidationError({"role": "Choose a role, or at least one permission."})
    return frozenset(permissions)


def _check(to: User | Group, on: Model, *, by: User, given: frozenset[str], until: datetime | None) -> None:
    kind = policy.kind_of(type(on))
    if isinstance(to, User) and not to.is_active:
        raise ValidationError({"to": f"The account of {to} is switched off."})
    if isinstance(to, User) and GRANTS[kind][0] is None:
        raise ValidationError({"to": "People have their part in a project as members or leads."})
    more = frozenset().union(*(implied(kind, name) for name in given)) - policy.held(by, on)
    if more:
        raise ValidationError({"role": f"You cannot give more than you have: {', '.join(sorted(more))}."})
    if until and until <= timezone.now():
        raise ValidationError({"until": "This end has passed. Choose a moment to come, or none."})
    own = lasts_until(by, ruling(kind), on)
    if own and (until is None or until > own):
        raise ValidationError({"until": f"Your own right ends on {own:%d %b %Y %H:%M} UTC: end this before."})


def _rows_of(to: User | Group, on: Model):  # type: ignore[no-untyped-def]  # rows of one of five models
    by_person, by_group = GRANTS[policy.kind_of(type(on))]
    model = by_person if isinstance(to, User) else by_group
    return model._default_manager.filter(content_object=on, **_holder(to))


def _holder(to: User | Group) -> dict[str, User | Group]:
    return {"user" if isinstance(to, User) else "group": to}


def _said(held: Holding | None) -> dict[str, object] | None:
    return held.as_data() if held else None
