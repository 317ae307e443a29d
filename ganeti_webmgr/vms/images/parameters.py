"""What an operating system can be told when it is installed, as its administrator describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.clusters.models import OperatingSystem

PUBLIC, PRIVATE, SECRET = "public", "private", "secret"
VISIBILITIES = [
    (PUBLIC, "Public: shown, and kept by Ganeti"),
    (PRIVATE, "Private: kept by Ganeti, shown nowhere"),
    (SECRET, "Secret: used once, kept nowhere"),
]
TEXT, KEYS, USER_DATA = "", "keys", "user-data"
ROLES = [
    (TEXT, "Text"),
    (KEYS, "SSH keys of the owner"),
    (USER_DATA, "Cloud-init user data"),
]


@dataclass(frozen=True)
class OsParameter:
    """One thing that it can be told."""

    name: str
    value: str = ""  # what a new machine gets where nothing else is said
    help: str = ""
    visibility: str = PUBLIC
    role: str = TEXT

    @property
    def is_shown(self) -> bool:
        return self.visibility == PUBLIC


def parameters_of(system: OperatingSystem | None) -> list[OsParameter]:
    """Those that were described, in their order."""
    rows: list[dict[str, Any]] = system.parameters if system else []
    return [OsParameter(**row) for row in rows]
