"""Who is let in: origin, session, ticket, right, machine, limits; each looked at when the console opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.models import Console, Ticket
from ganeti_webmgr.consoles.tickets import PERMISSIONS, claim
from ganeti_webmgr.live.sessions import Visitor, sign_in
from ganeti_webmgr.permissions import policy


@dataclass(frozen=True)
class Admitted:
    """Somebody who was let in: his console's row, and the session that he came with."""

    console: Console
    visitor: Visitor


def admit(secret: str, *, session_key: str, origin: str) -> Admitted:
    """Takes the ticket and makes the console's row; Ended says why not."""
    signed_in = sign_in(session_key) if session_key else None
    if signed_in is None:
        raise Ended(endings.SIGNED_OUT)
    visitor, user = signed_in[0], cast(User, signed_in[1])
    ticket = claim(secret, user=user, session_key=session_key, origin=origin)
    if ticket.vm.missing_since:
        raise Ended(endings.GONE)
    if not policy.may(user, PERMISSIONS[ticket.mode], ticket.vm):
        raise Ended(endings.NO_RIGHT)
    return Admitted(_place_for(ticket), visitor)


def _place_for(ticket: Ticket) -> Console:
    with transaction.atomic():
        # Whoever opens two at once waits here, so that both are counted.
        User.objects.select_for_update().get(pk=ticket.user_id)
        opened = Console.objects.open()
        if opened.filter(user=ticket.user_id).count() >= settings.CONSOLE_MOST_PER_PERSON:
            raise Ended(endings.TOO_MANY, f"{settings.CONSOLE_MOST_PER_PERSON} are allowed.")
        if opened.count() >= settings.CONSOLE_MOST:
            raise Ended(endings.FULL)
        now = timezone.now()
        return Console.objects.create(
            user_id=ticket.user_id,
            vm=ticket.vm,
            kind=ticket.kind,
            mode=ticket.mode,
            address=ticket.address,
            started_at=now,
            seen_at=now,
        )
