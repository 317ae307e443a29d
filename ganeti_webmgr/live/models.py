from __future__ import annotations

from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """One line of the outbox: a topic has changed. Written in the transaction of the change."""

    topic = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
