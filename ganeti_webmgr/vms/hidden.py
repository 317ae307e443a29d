"""What operating systems are told that nobody may read: encrypted wherever it is kept or carried."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.secrets import Undecipherable, seal, unseal
from ganeti_webmgr.vms.images.parameters import PRIVATE, SECRET

Hidden = Mapping[str, Mapping[str, str]]  # {"private": {name: value}, "secret": {...}}


def sealed(hidden: Hidden) -> str:
    """What nobody may read, as a job keeps it; empty where there is nothing."""
    return seal(json.dumps(hidden)) if any(hidden.values()) else ""


def unsealed(text: str) -> dict[str, dict[str, str]]:
    """The other way; Undecipherable where no key fits."""
    found: dict[str, dict[str, str]] = json.loads(unseal(text)) if text else {}
    return found


def carried(hidden: Hidden, by: User) -> str:
    """What was typed and must not come back in the page, for the next time it comes from this person."""
    return seal(json.dumps({"user": by.pk, **hidden})) if any(hidden.values()) else ""


def kept(text: str, by: User) -> dict[str, dict[str, str]]:
    """What was carried; nothing where it is not this person's, or no key fits."""
    try:
        found = json.loads(unseal(text)) if text else {}
    except Undecipherable:
        found = {}
    mine = found if found.get("user") == by.pk else {}
    return {PRIVATE: mine.get(PRIVATE, {}), SECRET: mine.get(SECRET, {})}
