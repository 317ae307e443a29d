"""What people type about rights, projects and quotas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions.finding import find_objects, find_project
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.projects import find_person
from ganeti_webmgr.permissions.vocabulary import ROLES, grantable, words

PERSON, PROJECT, GROUP = "person", "project", "group"


class GrantForm(forms.Form):
    """Who gets what on an object, until when."""

    kind = forms.ChoiceField(
        label="To a", choices=[(PERSON, "Person"), (PROJECT, "Project"), (GROUP, "Group")]
    )
    to = forms.CharField(label="Who", max_length=254, help_text="The whole user name, mail address or name")
    role = forms.ChoiceField(label="Role", required=False)
    permissions = forms.MultipleChoiceField(
        label="Or single permissions", required=False, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateTimeField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(label="Note", max_length=200, required=False)

    def __init__(self, *args: Any, target_kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = ROLES[target_kind].items()
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            *((name, f"{role.label}: {role.words}") for name, role in roles),
            ("", "Single permissions, chosen below"),
        ]
        self.fields["role"].initial = next(iter(ROLES[target_kind]))
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (name, words(target_kind, name).capitalize()) for name in grantable(target_kind)
        ]
        if target_kind == "project":
            self.fields["kind"].choices = [(GROUP, "Group")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role"):
            values["permissions"] = []
        if "kind" in values and "to" in values:
            try:
                values["to"] = find_holder(values["kind"], values["to"])
            except forms.ValidationError as error:
                self.add_error("to", error)
        return values

    def terms(self) -> dict[str, Any]:
        """What `granting.grant` takes, but who and on what."""
        return {name: self.cleaned_data[name] for name in ("role", "permissions", "until", "note")}


def find_holder(kind: str, typed: str) -> User | Group:
    """The person, the group, or the group of the project; ValidationError where nothing has that name."""
    typed = typed.strip()
    if kind == PERSON:
        try:
            return find_person(typed)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from None
    if kind == PROJECT:
        return find_project(typed).group
    group = Group.objects.filter(name=typed, project=None).first()
    if group is None:
        raise forms.ValidationError(f"There is no group “{typed[:80]}”.")
    return group


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """A project as its leads describe it."""

    class Meta:
        model = Project
        fields = ["name", "description", "member_role"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        labels = {"member_role": "Members are"}


class NewProjectForm(forms.Form):
    """A project to be made."""

    name = forms.CharField(label="Name", max_length=100)
    description = forms.CharField(
        label="Description", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MemberForm(forms.Form):
    """Somebody to be added to a project."""

    person = forms.CharField(label="Who", max_length=254, help_text="The whole user name or mail address")
    role = forms.ChoiceField(label="As", choices=Membership.Role.choices)


class LimitsForm(forms.Form):
    """How much there may be. What is left empty has no limit; 0 is none."""

    memory_mib = forms.IntegerField(label="Memory", min_value=0, max_value=2**50, required=False)
    vcpus = forms.IntegerField(label="vCPUs", min_value=0, max_value=2**30, required=False)
    disk_mib = forms.IntegerField(label="Disk", min_value=0, max_value=2**50, required=False)
    machines = forms.IntegerField(label="Machines", min_value=0, max_value=2**30, required=False)

    memory_mib.unit = disk_mib.unit = "MiB"  # type: ignore[attr-defined]


class DefaultLimitsForm(LimitsForm):
    """What holds for projects without a quota of their own."""

    running_only = forms.BooleanField(
        label="Count memory and vCPUs of running machines only",
        help_text="Then starting a machine is checked as well.",
        required=False,
    )


class QuotaForm(LimitsForm):
    """What one project may have."""

    project = forms.CharField(label="Project", max_length=100)
    field_order = ["project", "memory_mib", "vcpus", "disk_mib", "machines"]

    def clean_project(self) -> Project:
        return find_project(self.cleaned_data["project"].strip())


class ExplainForm(forms.Form):
    """Whom one asks about, and what."""

    who = forms.CharField(label="Who", max_length=254)
    permission = forms.ChoiceField(label="Does what")

    def __init__(self, *args: Any, target_kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        from ganeti_webmgr.permissions.vocabulary import WORDS  # noqa: PLC0415

        self.fields["permission"].choices = [  # type: ignore[attr-defined]
            (name, words(target_kind, name).capitalize()) for name in WORDS[target_kind]
        ]

    def clean_who(self) -> User:
        return _known(self.cleaned_data["who"])


class AskForm(forms.Form):
    """Whom one asks about, and on what, which may be typed in any way that names it."""

    who = forms.CharField(
        label="Who",
        max_length=254,
        required=False,
        help_text="The whole user name or mail address. Empty: you.",
    )
    on = forms.CharField(
        label="On what",
        max_length=500,
        help_text="A machine, cluster or project: its name, or the address of its page",
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_on(self) -> list[Model]:
        typed = self.cleaned_data["on"]
        found = find_objects(self.user, typed)
        if not found:
            raise forms.ValidationError(f"Nothing that you may see is called “{typed[:80]}”.")
        return found

    @property
    def is_about_oneself(self) -> bool:
        """Whether the one who asks is meant, which tells him of nobody else."""
        typed = self.cleaned_data["who"]
        return typed in ("", self.user.username) or typed.lower() == self.user.email.lower()

    def person(self) -> User | None:
        """Whom it is asked of; None where there is nobody of that name, which the field says then."""
        if self.is_about_oneself:
            return self.user
        try:
            return _known(self.cleaned_data["who"])
        except forms.ValidationError as error:
            self.add_error("who", error)
            return None


def _known(typed: str) -> User:
    """Who has that account, switched off or not; ValidationError, without a field, where nobody has."""
    try:
        return find_person(typed, switched_on=False)
    except forms.ValidationError as error:
        raise forms.ValidationError(error.messages) from None


def add_errors(form: forms.Form, error: forms.ValidationError) -> None:
    """What a service found wrong, at the fields of the form where it has them."""
    for field, messages in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
        form.add_error(field if field in form.fields else None, messages)
