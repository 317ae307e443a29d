"""One examination from the name to the consoles. Each step is kept and shown as soon as it is known."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.connect import connect, trust
from ganeti_webmgr.clusters.doctor import door, inside, screens
from ganeti_webmgr.clusters.doctor.findings import Finding, Stop
from ganeti_webmgr.clusters.models import Checkup
from ganeti_webmgr.clusters.secrets import Undecipherable
from ganeti_webmgr.live import publish

log = logging.getLogger(__name__)

LONGEST = timedelta(minutes=5)
OWNER_TAGS = ("gwm:owner:", "GANETI_WEB_MANAGER:", "ganetimgr:")

T = TypeVar("T")


def examine(checkup: Checkup) -> None:
    """Does all steps that make sense; nothing, where another worker is at it. It only reads."""
    if not claim(checkup):
        return
    try:
        _steps(Sheet(checkup))
    except Stop as stop:
        Sheet(checkup).keep(stop.finding)
    except (rapi.RapiError, Undecipherable) as error:
        advice = "Check again; if it stays so, look into the logs of ganeti-rapi and of the master daemons."
        Sheet(checkup).keep(Stop(f"A question was not answered: {error}", advice).finding)
    except Exception:
        log.exception("checkup %s", checkup.pk)
        advice = "It is a mistake of this site; its worker's log tells more."
        Sheet(checkup).keep(Stop("What it answered could not be used", advice).finding)
    checkup.ended_at = timezone.now()
    _save(checkup, "ended_at", "found")


def claim(checkup: Checkup) -> bool:
    """Whether it is ours to do: nobody had it, or who had it was killed."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LONGEST)
    claimed = Checkup.objects.filter(free, pk=checkup.pk, ended_at=None).update(claimed_at=now, steps=[])
    checkup.claimed_at, checkup.steps = now, []
    return bool(claimed)


class Sheet:
    """What was found so far; `found` is what a step gives back beside that."""

    def __init__(self, checkup: Checkup) -> None:
        self.checkup = checkup

    def timed(self, step: Callable[[], T]) -> T:
        """What the step brings, kept with the time that it took where it is a finding."""
        began = time.monotonic()
        result = step()
        if isinstance(result, Finding):
            self.keep(result, took_s=time.monotonic() - began)
        return result

    def keep(self, finding: Finding, *, took_s: float | None = None) -> None:
        took_ms = None if took_s is None else round(took_s * 1000)
        self.checkup.steps.append({**asdict(finding), "took_ms": took_ms})
        _save(self.checkup, "steps")


def _steps(sheet: Sheet) -> None:
    checkup, tls = sheet.checkup, trust(sheet.checkup)
    sheet.timed(lambda: door.name(checkup))
    sheet.timed(lambda: door.port(checkup))
    sheet.timed(lambda: door.certificate(checkup, tls))
    # From here on it is known who answers, so that the password may be sent.
    for finding in door.welcome(checkup, tls):
        sheet.keep(finding)
    with connect(checkup) as client:
        info = inside.credentials(checkup, client)
        sheet.timed(lambda: inside.identity(checkup, info))
        sheet.timed(lambda: inside.version(client, info))
        right, may_write = inside.rights(checkup, client)
        sheet.keep(right)
        sheet.timed(lambda: inside.room(checkup, lambda: connect(checkup)))
        instances = client.query.rows("instance", [*screens.FIELDS, "tags"]).parse()
        nodes = client.nodes.list()
        checkup.found = {"may_write": may_write, "name": info.name, **_counted(instances, nodes)}
        for finding in screens.consoles(checkup, instances, nodes):
            sheet.keep(finding)


def _counted(instances: list[dict[str, Any]], nodes: list[rapi.Node]) -> dict[str, int]:
    owned = sum(any(tag.startswith(OWNER_TAGS) for tag in instance["tags"] or ()) for instance in instances)
    return {
        "nodes": len(nodes),
        "machines": len(instances),
        "owned": owned,
        "unowned": len(instances) - owned,
    }


@transaction.atomic
def _save(checkup: Checkup, *fields: str) -> None:
    Checkup.objects.filter(pk=checkup.pk).update(**{field: getattr(checkup, field) for field in fields})
    publish(f"checkup:{checkup.pk}")
