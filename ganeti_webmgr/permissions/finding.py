"""The object that somebody means by what he typed: its address, the word for it in addresses, or its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.urls import Resolver404, resolve

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project

MOST = 20  # are offered where several have the name


def find_objects(user: User, typed: str) -> list[Model]:
    """The machines, clusters and projects it may mean, of those that the person may see; mostly one."""
    typed = typed.strip()
    if "/" in typed:
        return _at(user, unquote(urlsplit(typed).path))
    named = Q(slug=typed) | Q(name__iexact=typed)
    return [
        *_seen(user, "clusters.Cluster").filter(named).order_by("name", "pk")[:MOST],
        *_seen(user, "permissions.Project").filter(named).order_by("name", "pk")[:MOST],
        *_machines(user, Q(name=typed.lower()) | Q(name__startswith=f"{typed.lower()}."))[:MOST],
    ]


def find_project(typed: str, *, fits: Callable[[Project], bool] | None = None, that: str = "") -> Project:
    """The project with that word in addresses, or the one with exactly that name.

    ValidationError where none `fits`, which `that` says in words, or where several have the name.
    """
    named = Project.objects.filter(slug=typed) or Project.objects.filter(name=typed)
    found = [project for project in named if fits is None or fits(project)]
    if not found:
        raise ValidationError(f"There is no project “{typed[:80]}”{that}.")
    if len(found) > 1:
        several = f"{len(found)} projects are called “{typed[:80]}”."
        raise ValidationError(f"{several} Type the word that stands in the address of its page.")
    return found[0]


def _at(user: User, path: str) -> list[Model]:
    """What the page at that address of ours is about."""
    try:
        match = resolve(path)
    except Resolver404:
        return []
    slug, name = match.kwargs.get("slug"), match.kwargs.get("name")
    if match.namespace == "vms" and name:
        return list(_machines(user, Q(cluster__slug=slug, name=name))[:1])
    model = {"clusters": "clusters.Cluster", "projects": "permissions.Project"}.get(match.namespace)
    return list(_seen(user, model).filter(slug=slug)) if model and slug else []


def _machines(user: User, named: Q) -> QuerySet[Any]:
    """Names repeat: of those that had one, first the machines that are still there."""
    rows = _seen(user, "vms.VirtualMachine").filter(named).select_related("cluster", "owner")
    return rows.order_by(F("missing_since").desc(nulls_first=True), "sort_name", "pk")


def _seen(user: User, model: str) -> QuerySet[Any]:
    return policy.permitted(user, "view", apps.get_model(model)._default_manager.all())
