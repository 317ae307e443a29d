"""Ends consoles within seconds of what ends them: right, session, account, machine, a person, time.

Rounds of two seconds look at all of them together: two queries for sessions, one for rows, and one for each
person who has one open, of whom there are at most as many as consoles.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.consoles import endings
from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.models import Console
from ganeti_webmgr.consoles.proxy.server import Server
from ganeti_webmgr.consoles.proxy.visit import Visit, close
from ganeti_webmgr.consoles.tickets import PERMISSIONS
from ganeti_webmgr.live.sessions import sign_in, unchanged
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.models import VirtualMachine

_log = logging.getLogger(__name__)

ROUND_S = 2.0
WITHOUT_DATABASE_S = 15
"""For so long consoles go on while nothing can be checked: a database may restart."""
GOODBYE_S = 3


class Watch(threading.Thread):
    """Looks at the server's visits until it is stopped."""

    def __init__(self, server: Server) -> None:
        super().__init__(name="watch", daemon=True)
        self._server = server
        self._stopped = threading.Event()
        self._checked_at = time.monotonic()

    def run(self) -> None:
        while not self._stopped.wait(ROUND_S):
            try:
                self.look()
                self._checked_at = time.monotonic()
            except Error as error:
                _log.warning("Consoles cannot be checked: %s", error)
                connections.close_all()
            except Exception:
                _log.exception("Consoles cannot be checked.")
            if time.monotonic() - self._checked_at > WITHOUT_DATABASE_S:
                self.end_all(endings.NO_DATABASE)

    def stop(self) -> None:
        self._stopped.set()

    def end_all(self, ending: endings.Ending) -> None:
        for visit in self._server.visits():
            visit.end(ending)

    def look(self) -> None:
        """One round."""
        self._server.show_out_the_slow()
        for console in Console.objects.lost().select_related("user", "vm__cluster", "vm__owner"):
            close(console, Ended(endings.LOST), {})
        visits = []
        for visit in self._server.visits():
            if visit.ended is None:
                visits.append(visit)
            elif time.monotonic() - visit.ended_at > GOODBYE_S:
                visit.cut()
        if visits:
            _end_overdue(visits)
            _end_asked(visits)
            _end_signed_out(visits)
            _end_without_right(visits)
            _write_down(visits)


def _end_overdue(visits: list[Visit]) -> None:
    for visit in visits:
        if visit.idle_s > settings.CONSOLE_IDLE_S:
            visit.end(endings.IDLE)
        elif time.monotonic() - visit.began > settings.CONSOLE_LONGEST_S:
            visit.end(endings.TOO_LONG)


def _end_asked(visits: list[Visit]) -> None:
    rows = Console.objects.filter(pk__in=[visit.console.pk for visit in visits])
    found = rows.only("ended_at", "end_asked_by", "end_reason").in_bulk()
    for visit in visits:
        row = found.get(visit.console.pk)
        if row is None:  # it went with its machine or its person
            visit.end(endings.GONE)
        elif row.end_asked_by:
            visit.end(endings.ENDED, ": ".join(filter(None, (row.end_asked_by, row.end_reason))))
        elif row.ended_at:  # another proxy took it for lost
            visit.end(endings.LOST)


def _end_signed_out(visits: list[Visit]) -> None:
    same = unchanged({visit.visitor for visit in visits})
    for visit in visits:
        if visit.visitor.session_key in same:
            continue
        signed_in = sign_in(visit.visitor.session_key)
        if signed_in is None or signed_in[0].user_pk != visit.console.user_id:
            visit.end(endings.SIGNED_OUT)
        else:
            visit.visitor = signed_in[0]


def _end_without_right(visits: list[Visit]) -> None:
    asked: defaultdict[tuple[int, str], list[Visit]] = defaultdict(list)
    for visit in visits:
        asked[visit.console.user_id, PERMISSIONS[visit.console.mode]].append(visit)
    people = User.objects.in_bulk({user for user, _ in asked})
    there = set(
        VirtualMachine.objects.filter(
            pk__in=[visit.console.vm_id for visit in visits], missing_since=None
        ).values_list("pk", flat=True)
    )
    for (user, permission), theirs in asked.items():
        machines = VirtualMachine.objects.filter(pk__in=[visit.console.vm_id for visit in theirs])
        allowed = (
            set(policy.permitted(people[user], permission, machines).values_list("pk", flat=True))
            if user in people
            else set()
        )
        for visit in theirs:
            if visit.console.vm_id not in there:
                visit.end(endings.GONE)
            elif visit.console.vm_id not in allowed:
                visit.end(endings.NO_RIGHT)


def _write_down(visits: list[Visit]) -> None:
    now = timezone.now()
    for visit in visits:
        visit.console.seen_at = now
        for name, value in visit.traffic.items():
            setattr(visit.console, name, value)
    Console.objects.bulk_update(
        [visit.console for visit in visits], ["seen_at", "bytes_in", "bytes_out", "last_input_at"]
    )
