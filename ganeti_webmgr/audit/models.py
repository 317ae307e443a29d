"""The record: who did what, when, from where, on what. Only ever added to."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from ganeti_webmgr.audit.vocabulary import Words, words


class Immutable(TypeError):
    """Somebody tried to change or take away what is in the record."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **_: Any) -> NoReturn:
        raise Immutable("The record is only added to.")

    def delete(self) -> NoReturn:
        raise Immutable("The record is only added to.")

    def about(self, kind: str, pk: int) -> EventQuerySet:
        """Those of that object: with all that is on a cluster or of a project, and with what a person did."""
        wide = {
            "cluster": Q(cluster_id=pk),
            "project": Q(project_id=pk),
            "user": Q(actor_id=pk) | Q(person_id=pk) | Q(target_kind="user", target_id=pk),
        }
        return self.filter(wide.get(kind, Q(target_kind=kind, target_id=pk)))


class Event(models.Model):
    """One thing that was done, in words and plain numbers, so that it outlives what it names."""

    at = models.DateTimeField()
    action = models.CharField(max_length=40, help_text='"grant.given"; the words are in audit.vocabulary')

    actor_id = models.BigIntegerField(null=True, help_text="Null: nobody who is signed in")
    actor_name = models.CharField(max_length=150, help_text="Who did it; what was typed where nobody got in")
    acted_as = models.CharField(max_length=12, blank=True, help_text='By which standing: "superuser", "lead"')
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    target_kind = models.CharField(max_length=20, blank=True)
    target_id = models.BigIntegerField(null=True)
    target_name = models.CharField(max_length=255, blank=True)
    cluster_id = models.BigIntegerField(null=True)
    cluster_name = models.CharField(max_length=255, blank=True)
    project_id = models.BigIntegerField(null=True)
    project_name = models.CharField(max_length=100, blank=True)
    person_id = models.BigIntegerField(null=True, help_text="Whom it was done to, where that is a person")
    job_id = models.BigIntegerField(null=True)

    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="event_latest_first"),
            models.Index(fields=["target_kind", "target_id", "-at", "-id"], name="event_of_target"),
            models.Index(fields=["actor_id", "-at", "-id"], name="event_of_actor"),
            models.Index(fields=["person_id", "-at", "-id"], name="event_of_person"),
            models.Index(fields=["cluster_id", "-at", "-id"], name="event_of_cluster"),
            models.Index(fields=["project_id", "-at", "-id"], name="event_of_project"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"

    def save(self, **options: Any) -> None:
        if self.pk is not None:
            raise Immutable("The record is only added to.")
        super().save(**{**options, "force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise Immutable("The record is only added to.")

    @property
    def words(self) -> Words:
        return words(self.action, self.after)

    @property
    def whom(self) -> str:
        """The person or group that it was about beside its object; empty where there is none."""
        said = self.after or self.before
        return str(said.get("to") or said.get("person") or "") if isinstance(said, dict) else ""


class Tip(models.Model):
    """The one row that says where the record ends; whoever adds holds it, so that events form one chain."""

    digest = models.CharField(max_length=64, blank=True)
    count = models.BigIntegerField(default=0)
