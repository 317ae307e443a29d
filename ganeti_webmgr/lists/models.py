"""Filters of lists that people keep under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class SavedFilter(models.Model):
    """A list as somebody narrowed and sorted it. What a reader sees there, his own rights decide."""

    table = models.CharField(max_length=20, help_text="The key of the list")
    name = models.CharField(max_length=60)
    query = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    owner = models.ForeignKey(
        "permissions.Project",
        models.SET_NULL,
        null=True,
        related_name="saved_filters",
        help_text="Whose people see it; null: who made it alone",
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["made_by", "table"], name="filter_of_person")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lists:filter", args=[self.pk])
