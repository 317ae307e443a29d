"""How an account stands, in the words of our pages."""

from __future__ import annotations

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui.state import State

ON = State("good", "circle-check-filled", "Switched on")
OFF = State("lock", "ban", "Switched off")
WAITING = State("quiet", "key", "Has a one-time password")


def state_of(person: User) -> State:
    if not person.is_active:
        return OFF
    return WAITING if person.password_is_temporary else ON
