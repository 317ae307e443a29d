"""What was done to an object lately, as far as somebody may see it."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import ruling

SHOWN = 8
SEEN_WHOLE = {"cluster", "project", "virtualmachine"}  # by those who decide about rights on one


def latest(user: User, target: Model, *, administers: bool | None = None) -> list[Event]:
    """The last events of a cluster, machine, project or person that the one may see, newest first.

    `administers` spares a query where it is known whether the person decides about rights on the object.
    """
    kind = policy.kind_of(type(target))
    events: QuerySet[Event] = Event.objects.about(kind, target.pk)
    if administers is None:
        administers = kind in SEEN_WHOLE and policy.may(user, ruling(kind), target)
    if not administers:
        events = policy.permitted(user, "view", events)
    return list(events.order_by("-at", "-pk")[:SHOWN])
