"""Groups for views: found by address, and with what may be done to them."""

from __future__ import annotations

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import NodeGroup
from ganeti_webmgr.jobs.acting import Action
from ganeti_webmgr.permissions.loading import get_named

MENU = (("change", "policy", "rename", "tags"), ("remove",))


def find_group(user: User, slug: str, name: str) -> NodeGroup:
    """The group of that name; Http404 where none is to be seen."""
    rows = NodeGroup.objects.select_related("cluster").filter(cluster__slug=slug)
    return get_named(user, rows, name)


def menu(found: dict[str, Action]) -> list[list[Action]]:
    """The groups of the menu."""
    return [[found[verb] for verb in group] for group in MENU]
