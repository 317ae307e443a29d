"""What was done to an object lately, as far as somebody may see it."""

from __future__ import annotations

from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.permissions import policy

SHOWN = 8


def latest(user: User, target: Model) -> list[Event]:
    """The last events of a cluster, machine, project or person that the one may see, newest first."""
    events = Event.objects.about(policy.kind_of(type(target)), target.pk)
    return list(policy.permitted(user, "view", events).order_by("-at", "-pk")[:SHOWN])
