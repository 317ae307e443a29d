"""Which topics of the event stream a person may hear: those of the objects that he may see."""

from __future__ import annotations

from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.live import topics
from ganeti_webmgr.permissions import policy

SHORT = {"virtualmachine": "vm"}


def register_model(kind: str, model: type[Model]) -> None:
    """Lets those hear "kind:pk" who may see that row."""

    def visible(user: User, pks: set[int]) -> set[int]:
        rows = policy.permitted(user, "view", model._default_manager.filter(pk__in=pks))
        return set(rows.values_list("pk", flat=True))

    topics.register(kind, visible)


def topic_of(target: Model) -> str:
    """The topic that pages about the object listen to."""
    kind = policy.kind_of(type(target))
    return f"{SHORT.get(kind, kind)}:{target.pk}"
