"""Projects: what machines belong to, with the people who have to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from ganeti_webmgr.permissions.vocabulary import PROJECT, ROLES, choices

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from ganeti_webmgr.vms.models import VirtualMachine

slug_shape = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, digits and single hyphens.")


class Project(models.Model):
    """What owns machines, has quotas and people. Everybody has a personal one, made when first needed."""

    class MemberRole(models.TextChoices):
        VIEWER = "viewer", ROLES["virtualmachine"]["viewer"].label
        OPERATOR = "operator", ROLES["virtualmachine"]["operator"].label
        MAINTAINER = "maintainer", ROLES["virtualmachine"]["maintainer"].label

    slug = models.CharField(
        max_length=60,
        unique=True,
        validators=[slug_shape],
        error_messages={"unique": "There is a project of that name already."},
    )
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    member_role = models.CharField(
        max_length=10,
        choices=MemberRole,
        default=MemberRole.OPERATOR,
        help_text="What members are on each of the project's machines",
    )
    personal_of = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="personal_project"
    )
    group = models.OneToOneField(
        Group, models.PROTECT, related_name="project", help_text="Holds what is granted to the project"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    memberships: RelatedManager[Membership]
    vms: RelatedManager[VirtualMachine]

    class Meta:
        default_permissions = ()
        permissions = choices(PROJECT)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.slug])

    @property
    def tag(self) -> str:
        """The tag that says on a machine, in Ganeti, whose it is."""
        return f"gwm:owner:{self.slug}"


class Membership(models.Model):
    """Somebody's part in a project."""

    class Role(models.TextChoices):
        MEMBER = "member", ROLES["project"]["member"].label
        LEAD = "lead", ROLES["project"]["lead"].label

    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="one_part_in_a_project")]
        indexes = [models.Index(fields=["user", "role", "project"], name="membership_of_user")]

    def __str__(self) -> str:
        return f"{self.user} in {self.project}"
