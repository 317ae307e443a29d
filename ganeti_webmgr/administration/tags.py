"""The tags of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.schedule import hurry
from ganeti_webmgr.jobs.tagging import Tagged, Tagging, TaggingForm, TagsCommand, Untagging

if TYPE_CHECKING:
    from ganeti_webmgr.jobs.models import Job


class _TheCluster:
    """The cluster among objects with names: it needs none."""

    def __init__(self, client: rapi.Client) -> None:
        self._client = client

    def add_tags(self, name: str, tags: Sequence[str], *, reason: str) -> int:
        return self._client.cluster.add_tags(tags, reason=reason)

    def remove_tags(self, name: str, tags: Sequence[str], *, reason: str) -> int:
        return self._client.cluster.remove_tags(tags, reason=reason)


class OfClusters(TagsCommand[Cluster]):
    tool = "gnt-cluster"
    linked = "of"

    @staticmethod
    def among(client: rapi.Client) -> Tagged:
        return _TheCluster(client)

    def line(self, target: str) -> str:
        """Of the cluster itself, which is not named there."""
        return " ".join(super().line("").split())

    def ended(self, job: Job) -> None:
        hurry(job.cluster_id, "cluster")


@dataclass(frozen=True, kw_only=True)
class UntagCluster(OfClusters, Untagging[Cluster]):
    name = "untag-cluster"


@dataclass(frozen=True, kw_only=True)
class TagCluster(OfClusters, Tagging[Cluster]):
    name = "tag-cluster"
    untagging = UntagCluster


class ClusterTagsForm(TaggingForm):
    command_class = TagCluster
