"""What the frame around every page needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

THEMES = ("auto", "light", "dark")


Sees = Callable[[HttpRequest], bool]


def everybody(request: HttpRequest) -> bool:
    return True


def administrators(request: HttpRequest) -> bool:
    """Only what is shown: the pages themselves ask the policy."""
    return bool(request.user.is_superuser)


# Each says whether somebody administers a cluster; apps above this one know.
who_administers: list[Sees] = []


def cluster_administrators(request: HttpRequest) -> bool:
    return administrators(request) or any(knows(request) for knows in who_administers)


@dataclass(frozen=True)
class Entry:
    """A line of the navigation, for those who have use for it."""

    label: str
    icon: str
    view: str
    seen_by: Sees = everybody
    is_current: bool = False

    @property
    def url(self) -> str:
        return reverse(self.view)


@dataclass(frozen=True)
class Section:
    """Lines of the navigation that belong together."""

    heading: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Section(
        "",
        (
            Entry("Overview", "layout-dashboard", "dashboard:overview"),
            Entry("Virtual machines", "server-2", "vms:index"),
            Entry("Projects", "users-group", "projects:index"),
            Entry("Explain access", "help-circle", "access:explain"),
            Entry("Templates", "template", "templates:index"),
            Entry("Jobs", "list-check", "jobs:index"),
            Entry("Consoles", "device-desktop", "consoles:index"),
            Entry("Record", "history", "record:index"),
        ),
    ),
    Section(
        "Infrastructure",
        (
            Entry("Clusters", "topology-star-3", "clusters:index"),
            Entry("Nodes", "cpu", "nodes:index"),
            Entry("Networks", "plug", "networks:index"),
            Entry("Reconcile", "arrows-exchange", "reconcile:index", cluster_administrators),
        ),
    ),
    Section(
        "Administration",
        (
            Entry("Images", "disc", "images:index", administrators),
            Entry("People", "user", "people:index", administrators),
            Entry("Groups", "users", "groups:index", administrators),
        ),
    ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The layout to extend, the theme, and the navigation with the entry where one is."""
    return {
        "layout": layout(request),
        "theme": theme(request),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def layout(request: HttpRequest) -> str:
    """A fragment for htmx, the whole frame for people, the gate for strangers."""
    if getattr(request, "htmx", False):
        return "layouts/fragment.html"
    # A request refused early has met no session.
    user = getattr(request, "user", None)
    return "layouts/app.html" if user and user.is_authenticated else "layouts/gate.html"


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "auto"


# Apps without an entry of their own, and pages that belong to another one.
PART_OF = {
    "administration": "clusters",
    "bulk": "vms",
    "dashboard:map": "clusters",
    "nodegroups": "clusters",
}


def navigation(request: HttpRequest) -> list[Section]:
    """What of the navigation the person sees, with the entry of the app that serves this page marked."""
    match = request.resolver_match
    app = match.namespaces[0] if match and match.namespaces else ""
    app = PART_OF.get(match.view_name if match else "") or PART_OF.get(app, app)
    sections = [
        Section(
            section.heading,
            tuple(
                replace(entry, is_current=entry.view.split(":")[0] == app)
                for entry in section.entries
                if entry.seen_by(request)
            ),
        )
        for section in NAVIGATION
    ]
    return [section for section in sections if section.entries]
