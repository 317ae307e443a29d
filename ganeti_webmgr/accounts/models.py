"""People who sign in, what they keep here, and where they are signed in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase


class User(AbstractUser):
    """Somebody with an account."""

    may_create_projects = models.BooleanField(
        default=False, help_text="May make shared projects without being an administrator"
    )
    password_is_temporary = models.BooleanField(
        default=False, help_text="Set by somebody else; a new one is asked for at the next sign-in."
    )
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the site's")
    columns = models.JSONField(
        default=dict,
        blank=True,
        help_text="By list, those that were chosen; others are as at first",
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            # People are added to projects and groups by their address: it must not mean two of them.
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_account_for_a_mail_address",
                violation_error_message="Another account has this mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.username


class SSHKey(models.Model):
    """The public half of a key with which somebody gets into machines."""

    user = models.ForeignKey(User, models.CASCADE, related_name="ssh_keys")
    name = models.CharField(max_length=100)
    text = models.TextField(help_text="Kind and key, without options or comment")
    kind = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=60)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="one_key_once_a_person")]

    def __str__(self) -> str:
        return self.name


class UserSession(AbstractBaseSession):
    """A session in the database, with what its owner is told about it; see `session_store`."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from ganeti_webmgr.accounts.session_store import SessionStore  # noqa: PLC0415 - it keeps these rows

        return SessionStore

    @property
    def public_id(self) -> str:
        """Names the session on a page, where its key must not stand: who has that is signed in."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:32]


class Attempt(models.Model):
    """Something that may be tried only so often was tried; see `throttle`."""

    scope = models.CharField(max_length=64, help_text="A digest of what was tried, and from where or on whom")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "at"], name="attempt_of_scope"),
            models.Index(fields=["at"], name="attempt_by_age"),
        ]
