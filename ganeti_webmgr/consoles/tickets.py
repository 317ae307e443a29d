"""Tickets: 256 random bits, good for one console, one use and thirty seconds; only their digest is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.consoles.endings import TICKET, Ended
from ganeti_webmgr.consoles.models import Kind, Mode, Ticket
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.models import VirtualMachine

GOOD_FOR = timedelta(seconds=30)
MOST_AT_ONCE = 20
PERMISSIONS = {Mode.CONTROL.value: "console", Mode.WATCH.value: "watch"}
"""What each mode needs on the machine."""


class TooManyTickets(Refusal):
    """Somebody asks for consoles faster than anybody opens them."""

    status = 429
    title = "Too fast"


def issue(
    user: User,
    vm: VirtualMachine,
    *,
    kind: Kind,
    mode: Mode,
    session_key: str,
    origin: str,
    address: str = "",
) -> str:
    """The secret of a new ticket, which nothing here keeps; Denied or TooManyTickets, and no ticket."""
    policy.require(user, PERMISSIONS[mode], vm)
    now = timezone.now()
    Ticket.objects.filter(expires_at__lt=now - GOOD_FOR).delete()
    if Ticket.objects.filter(user=user, expires_at__gt=now, used_at=None).count() >= MOST_AT_ONCE:
        raise TooManyTickets("Too many consoles were asked for in half a minute. Wait a moment.")
    secret = secrets.token_urlsafe(32)
    Ticket.objects.create(
        digest=digest(secret),
        user=user,
        session_digest=digest(session_key),
        vm=vm,
        kind=kind,
        mode=mode,
        origin=origin,
        address=address,
        expires_at=now + GOOD_FOR,
    )
    return secret


def claim(secret: str, *, user: User, session_key: str, origin: str) -> Ticket:
    """The ticket, used up by this; Ended where it is not good, and then nothing is used up.

    One conditional update decides: of any number of uses at once, one wins.
    """
    now = timezone.now()
    good = Ticket.objects.filter(used_at=None, expires_at__gt=now, user=user)
    ticket = good.select_related("vm__cluster", "vm__owner").filter(digest=digest(secret)).first()
    if (
        ticket is None
        or not hmac.compare_digest(ticket.session_digest, digest(session_key))
        or not hmac.compare_digest(ticket.origin.encode(), origin.encode())
        or good.filter(pk=ticket.pk).update(used_at=now) != 1
    ):
        raise Ended(TICKET)
    return ticket


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
