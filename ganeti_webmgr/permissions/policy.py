"""Who may do what. The only module that decides, and it decides by narrowing querysets.

A list, a single check and the buttons of a page ask the same conditions, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, Model, Q, QuerySet, Value

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import reach
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.question import PERSON, TARGET, Question
from ganeti_webmgr.permissions.reach import Who
from ganeti_webmgr.permissions.vocabulary import WORDS, words
from ganeti_webmgr.ui.refusal import Refusal

M = TypeVar("M", bound=Model)
Condition = Callable[[Who, str], Q]

# How grants reach the rows of each model. A model that is not here is hidden from all but superusers.
REACH: dict[str, tuple[Condition, ...]] = {
    "cluster": (reach.cluster("pk"),),
    "node": (reach.cluster("cluster"),),
    "nodegroup": (reach.cluster("cluster"),),
    "operatingsystem": (reach.cluster("cluster"),),
    "network": (reach.cluster("cluster"),),
    "virtualmachine": (reach.machine("pk"), reach.machine_by_cluster("cluster"), reach.owner("owner")),
    "own machine": (reach.machine("pk"), reach.owner("owner")),  # without those that come with a cluster
    "project": (reach.project("pk"),),
    "machinetemplate": (reach.template,),
    "savedfilter": (reach.saved_filter,),
    "job": (reach.job,),
    "event": (reach.event,),
    "console": (reach.console,),
}


class Denied(Refusal):
    """The person may see the object and may not do this with it; the text says why."""

    status = 403
    title = "You may not do that"


def permitted(user: User | AnonymousUser, permission: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of the queryset on which the person has the permission."""
    return queryset if sees_all(user) else concerning(user, permission, queryset)


def concerning(user: User | AnonymousUser, permission: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """Those that the person reaches by grants and parts of his own, also where he may see all there are."""
    if not isinstance(user, User) or not user.is_active:
        return queryset.none()
    rows = reached(queryset.model, permission)
    return queryset.none() if rows is None else queryset.filter(pk__in=rows.filled(user))


@cache
def reached(model: type[Model], permission: str, kind: str = "") -> Question | None:
    """The keys of the rows on which whoever asks has the permission; None where nobody ever can.

    They are reached as those of that kind, which mostly is the model's own.

    Each way is a query of its own, which begins with the few grants that there are: as one condition with
    many "or", all ways would be tried on every row.
    """
    rows = model._default_manager.order_by()
    condition = _condition(PERSON, permission, kind or kind_of(model))
    first, *others = [rows.filter(way).values("pk") for way in _ways(condition)]
    return Question.of(first.union(*others) if others else first)


def sees_all(user: User | AnonymousUser) -> bool:
    """Whether nothing is hidden from the person, so that lists may be followed as a whole."""
    return user.is_active and user.is_superuser


def may(user: User | AnonymousUser, permission: str, target: Model) -> bool:
    """Whether the person has the permission on this object."""
    rows = type(target)._default_manager.filter(pk=target.pk)
    return sees_all(user) or permitted(user, permission, rows).exists()


def held(user: User | AnonymousUser, target: Model) -> frozenset[str]:
    """Everything that the person may on this object.

    One query finds all of it where grants and parts in projects decide, and one each where other things do.
    """
    kind = kind_of(type(target))
    if sees_all(user):
        return frozenset(WORDS[kind])
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    ways = [way for way in REACH[kind] if isinstance(way, reach.Way)]
    if len(ways) < len(REACH[kind]):
        return frozenset(name for name in WORDS[kind] if may(user, name, target))
    question = _met(type(target))
    rows = question.filled(user, target=target.pk).all() if question else []
    met = {(row["way"], row["word"]) for row in rows}
    return frozenset(
        name
        for name in WORDS[kind]
        if any((number, word) in met for number, way in enumerate(ways) for word in way.enough(name))
    )


@cache
def _met(model: type[Model]) -> Question | None:
    """Of one row, the words that whoever asks meets on the ways to it, each with the number of its way."""
    rows = model._default_manager.filter(pk=TARGET).order_by()
    first, *others = [
        found.values(way=Value(number), word=F(path))
        for number, way in enumerate(REACH[kind_of(model)])
        if isinstance(way, reach.Way)
        for found, path in way.words(PERSON, rows)
    ]
    return Question.of(first.union(*others, all=True))


def require(user: User | AnonymousUser, permission: str, target: Model) -> None:
    """Raises Denied with the reason unless the person has the permission on this object."""
    if not may(user, permission, target):
        raise Denied(why_not(user, permission, target))


def require_chooser(user: User, chosen_by: User | None, *, what: str) -> None:
    """Denied for all but the one who chose what is confirmed: it is done in his name, and with his rights."""
    if chosen_by != user:
        who = chosen_by or "somebody who has no account any more"
        raise Denied(f"This was chosen by {who}. Nobody else confirms it: choose the {what} yourself.")


def deployable(
    user: User | AnonymousUser, project: Project | None, clusters: QuerySet[M], *, has_part: bool = False
) -> QuerySet[M]:
    """Those of the clusters on which the person may make machines of the project.

    None stands for a project of his own that is yet to be made. Who administers a cluster may for any.
    `has_part` spares a query where it is known that the person has a part in the project.
    """
    if sees_all(user):
        return clusters
    if not isinstance(user, User) or not user.is_active:
        return clusters.none()
    if project is not None and not has_part and not may(user, "view", project):
        return permitted(user, "admin", clusters)
    return clusters.filter(reach.deploying(user, project))


def require_deploying(user: User, project: Project, cluster: Model) -> None:
    """Raises Denied with the reason unless the person may make machines of the project on the cluster."""
    rows = type(cluster)._default_manager.filter(pk=cluster.pk)
    if not deployable(user, project, rows).exists():
        what = f"You may not create machines of {project} on {cluster}."
        raise Denied(f"{what} {helpers(cluster)} can give you the right.")


def first_permitted(
    user: User | AnonymousUser, permission: str, model: type[M]
) -> Callable[..., QuerySet[M]]:
    """What gives the first of all rows that are `permitted`: called with how many at most, and their order.

    SQLite follows each way no farther than that: it costs what is asked for, not what there is. PostgreSQL
    knows too little of each way to do that well, and finds the whole soon.
    """
    everything = model._default_manager.all()
    if sees_all(user) or connection.vendor != "sqlite":
        rows = permitted(user, permission, everything)
        return lambda most, order=(): rows.order_by(*order)[:most]

    def first(most: int, order: tuple[str, ...] = ()) -> QuerySet[M]:
        rows = _first_reached(model, permission, most, order)
        if rows is None or not isinstance(user, User) or not user.is_active:
            return everything.none()
        return everything.filter(pk__in=rows.filled(user)).order_by(*order)[:most]

    return first


@lru_cache(maxsize=100)
def _first_reached(model: type[Model], permission: str, most: int, order: tuple[str, ...]) -> Question | None:
    rows = model._default_manager.order_by()
    ways = _ways(_condition(PERSON, permission, kind_of(model)))
    # A part of a union cannot be cut, but what the part looks for can.
    found = [rows.filter(way).order_by(*order).values("pk")[:most] for way in ways]
    first, *others = [rows.filter(pk__in=keys).values("pk") for keys in found]
    return Question.of(first.union(*others) if others else first)


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
    if kind_of(type(target)) == "project":
        return "Its leads"
    leads = "Its administrators" if owner is None else f"The leads of {owner}"
    return f"{leads} and the administrators of its cluster" if hasattr(target, "cluster") else leads


def kind_of(model: type[Model]) -> str:
    """The model's name in the tables of permissions."""
    return model._meta.model_name or ""


def _condition(user: Who, permission: str, kind: str) -> Q:
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
