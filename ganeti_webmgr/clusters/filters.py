"""The choice of a cluster, in every list that can be narrowed by one."""

from __future__ import annotations

from django.db.models import QuerySet

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.filtering import NamedChoiceFilter
from ganeti_webmgr.ui.http import Request


def cluster_choice(*, method: str | None = None) -> NamedChoiceFilter:
    """A filter by cluster that offers, and accepts, only those that the person may see.

    `method` is the filter set's own, where the rows have no foreign key `cluster`.
    """

    def visible(request: Request) -> QuerySet[Cluster]:
        return policy.permitted(
            request.user, "view", Cluster.objects.only("pk", "slug", "name").order_by("name", "pk")
        )

    return NamedChoiceFilter(
        queryset=visible,
        method=method,
        to_field_name="slug",
        label="Cluster",
        empty_label="Any cluster",
        error_messages={"invalid_choice": "There is no such cluster, or you may not see it."},
    )
