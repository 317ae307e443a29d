"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody with an account."""

    may_create_projects = models.BooleanField(
        default=False, help_text="May make shared projects without being an administrator"
    )
    password_is_temporary = models.BooleanField(
        default=False, help_text="Set by somebody else; a new one is asked for at the next sign-in."
    )

    def __str__(self) -> str:
        return self.username
