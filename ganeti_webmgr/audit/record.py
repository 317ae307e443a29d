"""Adding to the record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils import timezone

from ganeti_webmgr.audit.chain import append
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.audit.origin import current

SYSTEM = "system"


@dataclass(frozen=True)
class Subject:
    """What an event is about, in words and numbers that outlive it."""

    kind: str
    pk: int | None
    name: str
    cluster: tuple[int | None, str] = (None, "")
    project: tuple[int | None, str] = (None, "")

    @classmethod
    def of(cls, target: Model) -> Subject:
        """The subject that a row of ours is, with the cluster and the project it belongs to."""
        kind = target._meta.model_name or ""
        cluster = target if kind == "cluster" else getattr(target, "cluster", None)
        project = target if kind == "project" else getattr(target, "owner", None)
        return cls(kind, target.pk, str(target)[:255], _named(cluster), _named(project))

    def there(self, cluster: Model) -> Subject:
        """The same, where what is done to it concerns that cluster, whose administrators see it then."""
        return replace(self, cluster=_named(cluster))


NOTHING = Subject("", None, "")


def record(
    action: str,
    on: Model | Subject = NOTHING,
    *,
    by: Any = None,
    acted_as: str = "",
    person: Any = None,
    job: Any = None,
    before: Any = None,
    after: Any = None,
) -> Event:
    """The event, written in the present transaction: what is rolled back was never recorded.

    `by` is whoever is signed in where it is not given, and the system where nobody is. `person` may be a
    group, which is nobody. Call it last in a transaction: from here until the commit nobody else can add.
    """
    subject = on if isinstance(on, Subject) else Subject.of(on)
    origin = current()
    actor = by or origin.user
    name = actor if isinstance(actor, str) else actor.get_username() if actor else SYSTEM
    return append(
        Event(
            at=timezone.now(),
            action=action,
            actor_id=getattr(actor, "pk", None),
            actor_name=name[:150],
            acted_as=acted_as or ("superuser" if getattr(actor, "is_superuser", False) else ""),
            address=origin.address,
            request_id=origin.request_id,
            target_kind=subject.kind,
            target_id=subject.pk,
            target_name=subject.name,
            cluster_id=subject.cluster[0],
            cluster_name=subject.cluster[1],
            project_id=subject.project[0],
            project_name=subject.project[1],
            # A group's number is some other person's, who would see what is not his.
            person_id=person.pk if isinstance(person, get_user_model()) else None,
            job_id=getattr(job, "pk", None),
            before=before,
            after=after,
        )
    )


def _named(row: Model | None) -> tuple[int | None, str]:
    return (row.pk, str(row)) if row is not None else (None, "")
