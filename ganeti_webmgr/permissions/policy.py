"""Who may do what. The only module that decides, and it decides by narrowing querysets.

A list, a single check and the buttons of a page ask the same conditions, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import reach
from ganeti_webmgr.permissions.vocabulary import WORDS, words
from ganeti_webmgr.ui.refusal import Refusal

M = TypeVar("M", bound=Model)
Condition = Callable[[User, str], Q]

# How grants reach the rows of each model. A model that is not here is hidden from all but superusers.
REACH: dict[str, tuple[Condition, ...]] = {
    "cluster": (reach.cluster("pk"),),
    "node": (reach.part_of_cluster("cluster"),),
    "nodegroup": (reach.part_of_cluster("cluster"),),
    "network": (reach.part_of_cluster("cluster"),),
    "virtualmachine": (reach.machine("pk"), reach.machine_by_cluster("cluster"), reach.owner("owner")),
    "project": (reach.project("pk"),),
    "job": (reach.job,),
    "event": (reach.event,),
    "console": (reach.console,),
}


# Of these there are so many that each way becomes a query of its own, which begins with the few grants that
# there are: as one condition with many "or", all ways would be tried on every row.
MANY = {"virtualmachine", "job", "event"}


class Denied(Refusal):
    """The person may see the object and may not do this with it; the text says why."""

    status = 403
    title = "You may not do that"


def permitted(user: User | AnonymousUser, permission: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of the queryset on which the person has the permission."""
    if sees_all(user):
        return queryset
    if not isinstance(user, User) or not user.is_active:
        return queryset.none()
    kind = kind_of(queryset.model)
    condition = _condition(user, permission, kind)
    if kind not in MANY:
        return queryset.filter(condition)
    rows = queryset.model._default_manager.order_by()
    first, *others = [rows.filter(way).values("pk") for way in _ways(condition)]
    return queryset.filter(pk__in=first.union(*others) if others else first)


def sees_all(user: User | AnonymousUser) -> bool:
    """Whether nothing is hidden from the person, so that lists may be followed as a whole."""
    return user.is_active and user.is_superuser


def may(user: User | AnonymousUser, permission: str, target: Model) -> bool:
    """Whether the person has the permission on this object."""
    rows = type(target)._default_manager.filter(pk=target.pk)
    return permitted(user, permission, rows).exists()


def held(user: User | AnonymousUser, target: Model) -> frozenset[str]:
    """Everything that the person may on this object, found with one query."""
    kind = kind_of(type(target))
    names = WORDS[kind]
    if sees_all(user):
        return frozenset(names)
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    conditions = {
        f"may_{name}": ExpressionWrapper(_condition(user, name, kind), output_field=BooleanField())
        for name in names
    }
    rows = type(target)._default_manager.filter(pk=target.pk).order_by()
    answer = rows.annotate(**conditions).values(*conditions).first() or {}
    return frozenset(name for name in names if answer.get(f"may_{name}"))


def require(user: User | AnonymousUser, permission: str, target: Model) -> None:
    """Raises Denied with the reason unless the person has the permission on this object."""
    if not may(user, permission, target):
        raise Denied(why_not(user, permission, target))


def why_not(user: User | AnonymousUser, permission: str, target: Model) -> str:
    """Why the person may not, in words to show; empty when he may."""
    return missing(permission, target, frozenset({permission} if may(user, permission, target) else ()))


def missing(permission: str, target: Model, held: frozenset[str]) -> str:
    """As `why_not`, for who is known to hold these permissions on the object."""
    if permission in held:
        return ""
    what = words(kind_of(type(target)), permission, target)
    return f"You may not {what}. {helpers(target)} can give you the right."


def helpers(target: Model) -> str:
    """Who can give rights on the object, in words."""
    owner = getattr(target, "owner", None)
    leads = "Its administrators" if owner is None else f"The leads of {owner}"
    return f"{leads} and the administrators of its cluster" if hasattr(target, "cluster") else leads


def kind_of(model: type[Model]) -> str:
    """The model's name in the tables of permissions."""
    return model._meta.model_name or ""


def _condition(user: User, permission: str, kind: str) -> Q:
    found = Q(pk__in=[])
    for way in REACH.get(kind, ()):
        found |= way(user, permission)
    return found


def _ways(condition: Q) -> list[Q]:
    """The alternatives of the condition, of which any one is enough."""
    if condition.connector != Q.OR or condition.negated:
        return [condition]
    parts = [part if isinstance(part, Q) else Q(part) for part in condition.children]
    return [way for part in parts for way in _ways(part)] if len(parts) > 1 else [condition]
