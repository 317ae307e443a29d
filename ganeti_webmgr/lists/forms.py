"""What is said of a filter that is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.lists.models import SavedFilter
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project


class FilterForm(forms.Form):
    """Its name, and the project whose people see it as well."""

    name = forms.CharField(max_length=60)
    owner = forms.ModelChoiceField(
        label="Shared with",
        queryset=Project.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Nobody",
        help_text="Everybody in the project finds it over the list. Each sees there what he may see anyway.",
        error_messages={"invalid_choice": "You have no part in such a project."},
    )

    def __init__(self, *args: Any, user: User, saved: SavedFilter | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if saved and saved.made_by_id != user.pk:  # a lead keeps it in the project or gives it back
            projects = Project.objects.filter(saved_filters=saved)
        else:
            projects = policy.concerning(user, "view", Project.objects.exclude(personal_of=user))
        self.fields["owner"].queryset = projects.order_by("name", "pk")  # type: ignore[attr-defined]
