"""Clusters and what belongs to them, as Ganeti last told it."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from ganeti_webmgr.clusters.secrets import SealedField
from ganeti_webmgr.permissions.vocabulary import CLUSTER, choices

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from ganeti_webmgr.nodes.models import Node
    from ganeti_webmgr.vms.models import VirtualMachine

slug_shape = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, digits and single hyphens.")

RESERVED_SLUGS = {"add"}  # pages of the list of clusters


def unreserved(slug: str) -> None:
    """ValidationError where a page of ours has that address."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” is an address of this site. Choose another short name.")


class Trouble(models.TextChoices):
    """What keeps us from a cluster."""

    UNREACHABLE = "unreachable", "does not answer"
    CERTIFICATE = "certificate", "shows another certificate"
    CREDENTIALS = "credentials", "refuses the password"
    ANSWER = "answer", "answers with something that is not Ganeti's"


class Cluster(models.Model):
    """A Ganeti cluster, how to reach it, and how it answered last."""

    class Tls(models.TextChoices):
        SYSTEM = "system", "a certificate authority of the system"
        OWN_CA = "own_ca", "an own certificate authority"
        PINNED = "pinned", "a pinned fingerprint"
        UNVERIFIED = "unverified", "nothing: not verified"

    slug = models.CharField(
        max_length=80,
        unique=True,
        validators=[slug_shape, unreserved],
        error_messages={"unique": "There is a cluster of that name already."},
    )
    name = models.CharField(max_length=255)
    url = models.URLField(
        max_length=500,
        unique=True,
        error_messages={"unique": "There is a cluster with that address already."},
    )
    username = models.CharField(max_length=100, blank=True)
    password = SealedField(blank=True)
    tls = models.CharField(max_length=10, choices=Tls, default=Tls.SYSTEM)
    ca_pem = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=95, blank=True, help_text="SHA-256 of the certificate")
    read_only = models.BooleanField(default=False)
    paused = models.BooleanField(default=False, help_text="Not asked and not changed until resumed.")
    created_at = models.DateTimeField(auto_now_add=True)

    uuid = models.CharField(max_length=36, blank=True)
    version = models.CharField(max_length=40, blank=True)
    master = models.CharField(max_length=255, blank=True)
    info = models.JSONField(default=dict, help_text="The last answer of /2/info")
    last_job_id = models.BigIntegerField(null=True, help_text="Every Ganeti job up to this one is mirrored.")

    synced_at = models.DateTimeField(
        null=True, help_text="Saved now and then; clusters.freshness knows better."
    )
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True)
    trouble_since = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row")
    next_attempt_at = models.DateTimeField(null=True, help_text="Not asked before, after a failure")

    nodegroups: RelatedManager[NodeGroup]
    networks: RelatedManager[Network]
    systems: RelatedManager[OperatingSystem]
    nodes: RelatedManager[Node]
    vms: RelatedManager[VirtualMachine]

    class Meta:
        default_permissions = ()
        permissions = choices(CLUSTER)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clusters:detail", args=[self.slug])

    @property
    def sealed_password(self) -> str:
        return str(self.password)

    @property
    def door(self) -> tuple[str, str, str, str]:
        """Where a password goes to, and how it is made sure who gets it."""
        return door_of(self)

    @property
    def lasting_trouble(self) -> str:
        """The trouble it is in with its name, in the words that stand before “since”."""
        trouble = Trouble(self.trouble)
        return f"{self} has not answered" if trouble == Trouble.UNREACHABLE else f"{self} {trouble.label},"

    @property
    def tags(self) -> list[str]:
        return list(self.info.get("tags") or [])

    @property
    def allocator(self) -> str:
        """The allocator that it uses where none is named; empty where each job must name one."""
        return str(self.info.get("default_iallocator") or "")

    @property
    def default_hypervisor(self) -> str:
        return str((self.info.get("enabled_hypervisors") or [""])[0])


class FormerSlug(models.Model):
    """A word in addresses that a cluster had once: links with it still lead there."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="former_slugs")
    slug = models.CharField(max_length=80, unique=True)


def door_of(row: Cluster | Checkup) -> tuple[str, str, str, str]:
    """The address, and what of the rest says who is trusted there."""
    pinned = row.fingerprint.replace(":", "").replace(" ", "").lower()
    return (
        row.url,
        row.tls,
        pinned if row.tls == Cluster.Tls.PINNED else "",
        row.ca_pem.strip() if row.tls == Cluster.Tls.OWN_CA else "",
    )


def new_token() -> str:
    return secrets.token_hex(16)


class Checkup(models.Model):
    """A connection that somebody typed and a worker tries: the intent, and what was found so far.

    It is kept for an hour; nothing of it becomes a cluster before that is asked for.
    """

    token = models.CharField(max_length=32, unique=True, default=new_token)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cluster = models.ForeignKey(
        Cluster, models.CASCADE, null=True, related_name="checkups", help_text="Null: one that is to be added"
    )
    slug = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=255, blank=True)
    url = models.URLField(max_length=500)
    username = models.CharField(max_length=100)
    password = SealedField(blank=True)
    tls = models.CharField(max_length=10, choices=Cluster.Tls)
    ca_pem = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=95, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list, help_text="[{key, tone, title, text, command, took_ms, stops}]")
    found = models.JSONField(default=dict, help_text="What is on the cluster, in numbers and words")

    class Meta:
        default_permissions = ()

    version = ""  # not known before it was asked for

    @property
    def sealed_password(self) -> str:
        """The one that was typed, else the cluster's own, which goes through its own door only."""
        if self.password or self.cluster is None:
            return str(self.password)
        return self.cluster.sealed_password if self.door == self.cluster.door else ""

    @property
    def door(self) -> tuple[str, str, str, str]:
        return door_of(self)

    @property
    def is_passed(self) -> bool:
        """Whether a site can work with that connection."""
        return self.ended_at is not None and not any(step["stops"] for step in self.steps)


class Loop(models.Model):
    """One of the loops that keep a cluster's mirror fresh, as it went last."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="loops")
    name = models.CharField(max_length=20)
    last_error = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "name"], name="one_loop_of_a_name")]


class Mirrored(models.Model):
    """Something that Ganeti owns, keyed by Ganeti's uuid and its cluster; names change and repeat."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="%(class)ss")
    uuid = models.CharField(max_length=36)
    name = models.CharField(max_length=255)
    sort_name = models.CharField(max_length=400, editable=False, help_text="Orders web2 before web10")
    serial_no = models.BigIntegerField(default=0)
    details = models.JSONField(
        default=dict, help_text="The rest of Ganeti's answer, for the page of the object"
    )
    first_seen_at = models.DateTimeField(auto_now_add=True)
    missing_since = models.DateTimeField(null=True, help_text="Absent from a whole answer since")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def tags(self) -> list[str]:
        return list(self.details.get("tags") or [])


def natural(name: str) -> str:
    """The name with its numbers padded, so that sorting it as text sorts the numbers too."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(8), name.lower())[:400]


class NodeGroup(Mirrored):
    """A group of nodes between which machines are placed."""

    alloc_policy = models.CharField(max_length=20)

    nodes: RelatedManager[Node]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "uuid"], name="one_group_of_a_uuid")]

    def get_absolute_url(self) -> str:
        return reverse("nodegroups:detail", args=[self.cluster.slug, self.name])


class Network(Mirrored):
    """An IPv4 network of a cluster with its pool of addresses."""

    cidr = models.CharField(max_length=18)
    gateway = models.CharField(max_length=15, blank=True)
    free_count = models.PositiveIntegerField(default=0)
    reserved_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "uuid"], name="one_network_of_a_uuid")]

    def get_absolute_url(self) -> str:
        return reverse("networks:detail", args=[self.cluster.slug, self.name])

    @property
    def connections(self) -> list[dict[str, str]]:
        """The groups whose machines can use it: group, mode, link and vlan of each."""
        return list(self.details.get("connections") or [])

    @property
    def size(self) -> int:
        """How many addresses its range has."""
        return self.free_count + self.reserved_count


class OperatingSystem(models.Model):
    """An entry of a cluster's list of operating systems, with what people are told about it.

    Ganeti gives its name and nothing else. What stands here beside it was said by an administrator.
    """

    class Family(models.TextChoices):
        DEBIAN = "debian", "Debian"
        UBUNTU = "ubuntu", "Ubuntu"
        REDHAT = "redhat", "Red Hat and alike"
        SUSE = "suse", "SUSE"
        ALPINE = "alpine", "Alpine"
        BSD = "bsd", "BSD"
        WINDOWS = "windows", "Windows"
        OTHER = "other", "Other"

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="systems")
    name = models.CharField(max_length=255, help_text="Ganeti's: with its variant")
    sort_name = models.CharField(max_length=400, editable=False)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    missing_since = models.DateTimeField(null=True, help_text="Absent from the cluster's list since")

    title = models.CharField(max_length=100, blank=True)
    family = models.CharField(max_length=10, choices=Family, blank=True)
    note = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=100, help_text="Lower ones are offered first")
    hidden = models.BooleanField(default=False)
    described = models.BooleanField(default=False, help_text="Somebody has looked at it")
    memory_min_mib = models.PositiveBigIntegerField(null=True)
    disk_min_mib = models.PositiveBigIntegerField(null=True)
    vcpus_min = models.PositiveIntegerField(null=True)
    parameters = models.JSONField(default=list, help_text="[{name, value, help, visibility, role}]")
    hvparams = models.JSONField(default=dict, help_text="Of whichever hypervisor knows them")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "name"], name="one_system_of_a_name")]

    def __str__(self) -> str:
        return self.title or plain_title(self.name)

    def get_absolute_url(self) -> str:
        return reverse("images:edit", args=[self.cluster.slug, self.pk])


def plain_title(name: str) -> str:
    """What an operating system is called that nobody gave a title: "debootstrap · trixie"."""
    return " · ".join(filter(None, name.split("+")))
