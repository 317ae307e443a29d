"""Tickets for consoles, consoles that are or were open, and what a cluster's consoles need."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from ganeti_webmgr.clusters.secrets import SealedField

LOST_AFTER = timedelta(seconds=20)
"""A console of which its proxy has said nothing for so long is over: the proxy was killed."""


class Kind(models.TextChoices):
    SCREEN = "screen", "Screen"
    SERIAL = "serial", "Serial"


class Mode(models.TextChoices):
    CONTROL = "control", "In control"
    WATCH = "watch", "Watching"


class Ticket(models.Model):
    """The right to open one console once, soon, from one session. The browser alone has the secret."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    session_digest = models.CharField(max_length=64, help_text="SHA-256 of the session's key")
    vm = models.ForeignKey("vms.VirtualMachine", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    mode = models.CharField(max_length=7, choices=Mode)
    origin = models.CharField(max_length=300, help_text="The page's, as browsers send it")
    address = models.CharField(max_length=45, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="ticket_expires")]


class ConsoleQuerySet(models.QuerySet["Console"]):
    def open(self) -> ConsoleQuerySet:
        """Those that are open now: not ended, and their proxy lives."""
        return self.filter(ended_at=None, seen_at__gt=timezone.now() - LOST_AFTER)

    def lost(self) -> ConsoleQuerySet:
        """Those whose proxy went away without a word."""
        return self.filter(ended_at=None, seen_at__lte=timezone.now() - LOST_AFTER)


class Console(models.Model):
    """Somebody's look at a machine, from the ticket that was taken to its end."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="consoles")
    vm = models.ForeignKey("vms.VirtualMachine", models.CASCADE, related_name="consoles")
    kind = models.CharField(max_length=6, choices=Kind)
    mode = models.CharField(max_length=7, choices=Mode)
    address = models.CharField(max_length=45, blank=True, help_text="The browser's")
    place = models.CharField(max_length=300, blank=True, help_text="Node and port, or socket")
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="Null: the machine's screen was never reached")
    seen_at = models.DateTimeField(help_text="When its proxy last said that it is there")
    last_input_at = models.DateTimeField(null=True)
    bytes_in = models.BigIntegerField(default=0, help_text="From the browser to the machine")
    bytes_out = models.BigIntegerField(default=0, help_text="From the machine to the browser")
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=20, blank=True, help_text="A name of consoles.endings")
    detail = models.CharField(max_length=300, blank=True)
    end_asked_by = models.CharField(max_length=150, blank=True)
    end_reason = models.CharField(max_length=100, blank=True)

    objects = ConsoleQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["vm"], condition=models.Q(ended_at=None), name="console_open_of_machine"),
            models.Index(fields=["-started_at", "-id"], name="console_latest_first"),
        ]

    def __str__(self) -> str:
        return f"the console of {self.user} on {self.vm}"

    @property
    def watches_only(self) -> bool:
        return self.mode == Mode.WATCH


class ClusterConsoles(models.Model):
    """What the screens of a cluster's machines need to be reached."""

    cluster = models.OneToOneField("clusters.Cluster", models.CASCADE, related_name="console_settings")
    password = SealedField(blank=True, help_text="What its VNC password file holds")
    ca_pem = models.TextField(blank=True, help_text="Who signs the certificates of its nodes' screens")
    reached_directly = models.BooleanField(
        default=False, help_text="People's own computers reach the console ports of its nodes"
    )
