"""Where people are signed in, and ending that."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import user_logged_in
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from ganeti_webmgr.accounts.browsers import browser
from ganeti_webmgr.accounts.models import User, UserSession
from ganeti_webmgr.audit.origin import client_address
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.live import publish


@receiver(user_logged_in)
def note(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Writes into a session that begins where it began; the session store keeps it beside."""
    request.session["address"] = client_address(request)
    request.session["browser"] = browser(request.META.get("HTTP_USER_AGENT", ""))
    request.session["started_at"] = timezone.now().isoformat()


def follow(request: HttpRequest) -> None:
    """Notes a new address of a session that goes on elsewhere."""
    known, address = request.session.get("address"), client_address(request)
    if known and address and known != address:
        request.session["address"] = address


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Where the person is signed in, the latest first."""
    rows = UserSession.objects.filter(user=user, expire_date__gt=timezone.now())
    return rows.order_by("-started_at", "session_key")


@transaction.atomic
def end(session: UserSession, *, by: User) -> None:
    """Signs out that browser of one's own at once: its next request is a stranger's."""
    session.delete()
    publish(f"user:{by.pk}")
    record("session.ended", by, by=by, person=by, before=_said(session))


@transaction.atomic
def end_all(user: User, *, by: User, but: str | None = None) -> int:
    """Signs the person out everywhere, but in the session of that key; says in how many places that was."""
    ended = list(open_sessions(user).exclude(session_key=but))
    UserSession.objects.filter(user=user).exclude(session_key=but).delete()
    publish(f"user:{user.pk}")
    for session in ended:
        record("session.ended", user, by=by, person=user, before=_said(session))
    return len(ended)


def _said(session: UserSession) -> dict[str, str]:
    return {"browser": session.browser, "address": session.address}
