"""Ganeti's words for groups, as people say it."""

from __future__ import annotations

ALLOCATION = {
    "preferred": "Placed here first",
    "last_resort": "Placed here when no other group has room",
    "unallocable": "Only by hand",
}
