"""The users file of Ganeti's remote API (Reference 1.2)."""

from __future__ import annotations

import hashlib

REALM = "Ganeti Remote API"
PATH = "/var/lib/ganeti/rapi/users"


def users_line(user: str, password: str) -> str:
    """The line that lets the user write, from which nobody can read the password."""
    # What Ganeti compares with. A long random password cannot be guessed from it.
    digest = hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
    return f"{user} {{HA1}}{digest} write"
