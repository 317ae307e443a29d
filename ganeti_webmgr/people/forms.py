"""What administrators type about people and groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.people.groups import own_groups

FACTS = ["first_name", "last_name", "email", "is_superuser", "may_create_projects"]


class ChangeForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at runtime
    """Everything about a person but his user name, which machines and records know him by."""

    groups = forms.ModelMultipleChoiceField(
        label="Groups", queryset=Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = FACTS
        labels = {
            "first_name": "First name",
            "last_name": "Last name",
            "email": "Mail",
            "is_superuser": "Administrator",
            "may_create_projects": "Makes projects",
        }
        help_texts = {"is_superuser": "May everything, on every cluster, and decides about people."}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        groups: Any = self.fields["groups"]
        groups.queryset = own_groups().order_by("name", "pk")
        if not groups.queryset.exists():
            del self.fields["groups"]
        elif self.instance.pk:
            groups.initial = self.instance.groups.all()


class NewForm(ChangeForm):
    """A new person, with his user name."""

    class Meta(ChangeForm.Meta):
        fields = ["username", *FACTS]
        labels = {**ChangeForm.Meta.labels, "username": "User name"}
        help_texts = {
            **ChangeForm.Meta.help_texts,
            "username": "Letters, digits and @ . + - _ only. It stays as it is.",
        }

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("There is somebody of that name already.")
        return name


class GroupForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(label="Name", max_length=150)


class MemberForm(forms.Form):
    """Somebody to be put into a group."""

    person = forms.CharField(
        label="User name or mail address",
        max_length=254,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
