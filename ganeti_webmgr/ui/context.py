"""What the frame around every page needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Entry:
    """A line of the navigation."""

    label: str
    icon: str
    view: str
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
            Entry("Virtual machines", "server-2", "vms:index"),
            Entry("Projects", "users-group", "projects:index"),
            Entry("Jobs", "list-check", "jobs:index"),
            Entry("Record", "history", "record:index"),
        ),
    ),
    Section(
        "Infrastructure",
        (
            Entry("Clusters", "topology-star-3", "clusters:index"),
            Entry("Nodes", "cpu", "nodes:index"),
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


def navigation(request: HttpRequest) -> list[Section]:
    """The navigation, with the entry of the app that serves this page marked."""
    match = request.resolver_match
    app = match.namespaces[0] if match and match.namespaces else ""
    return [
        Section(
            section.heading,
            tuple(
                Entry(entry.label, entry.icon, entry.view, is_current=entry.view.split(":")[0] == app)
                for entry in section.entries
            ),
        )
        for section in NAVIGATION
    ]
