"""What was done to an object lately, as far as somebody may see it."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.granting import ruling

SHOWN = 8


def latest(user: User, target: Model) -> list[Event]:
    """The last events of a cluster, machine, project or person that the one may see, newest first."""
    kind = policy.kind_of(type(target))
    events: QuerySet[Event] = Event.objects.about(kind, target.pk)
    if not policy.may(user, ruling(kind), target):  # who administers it sees all of it
        events = policy.permitted(user, "view", events)
    return list(events.order_by("-at", "-pk")[:SHOWN])
