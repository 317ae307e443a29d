"""What is said of a template beside what it asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.select import LongSelect
from ganeti_webmgr.vms.creation.asked import projects_of
from ganeti_webmgr.vms.creation.form import OWN

PUBLISHED = "*"


class TemplateForm(forms.Form):
    """Its name, for whom it is, and where it can be used."""

    name = forms.CharField(max_length=100)
    description = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ChoiceField(label="For", widget=LongSelect)
    cluster = forms.ChoiceField(label="On", widget=LongSelect, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self._user = user
        self._projects = projects_of(user)
        self._ruled = list(
            policy.permitted(user, "admin", Cluster.objects.only("pk", "slug", "name")).order_by("name", "pk")
        )
        seen = policy.permitted(user, "create_vm", Cluster.objects.only("pk", "slug", "name"))
        self._clusters = {cluster.slug: cluster for cluster in [*seen.order_by("name", "pk"), *self._ruled]}
        owners = [(project.slug or OWN, f"{project.name}") for project in self._projects]
        if self._ruled:
            owners.append((PUBLISHED, "Everybody who may deploy on the cluster"))
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        self.fields["cluster"].choices = [  # type: ignore[attr-defined]
            ("", "Any cluster"),
            *((slug, cluster.name) for slug, cluster in self._clusters.items()),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        published = values.get("owner") == PUBLISHED
        slugs = {cluster.slug for cluster in self._ruled}
        if published and "cluster" in values and values["cluster"] not in slugs:
            self.add_error("cluster", "It is published on a cluster that you administer: choose that one.")
        return values

    def chosen(self) -> dict[str, Any]:
        """What the services take."""
        values = self.cleaned_data
        owners: dict[str, Project] = {project.slug or OWN: project for project in self._projects}
        return {
            "name": values["name"],
            "description": values["description"],
            "owner": owners.get(values["owner"]),
            "cluster": self._clusters.get(values["cluster"]),
        }
