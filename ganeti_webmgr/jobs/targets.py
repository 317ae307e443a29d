"""What a job can be about, and where its row says so."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.rapi.query import QueryResource

# By the model's name, the column of a job's row. A cluster as a whole has none: every job has its cluster.
COLUMNS = {"virtualmachine": "vm", "node": "node", "nodegroup": "group", "network": "network"}
WORDS = {"virtualmachine": "machine", "node": "node", "nodegroup": "group", "network": "network"}
# What Ganeti's queries call them.
RESOURCES: dict[str, QueryResource] = {
    "vm": "instance",
    "node": "node",
    "group": "group",
    "network": "network",
}


def columns(on: Model) -> dict[str, Model]:
    """What a row says that is about the object, besides its cluster."""
    column = COLUMNS.get(_kind(on))
    return {column: on} if column else {}


def columns_of(job: Job) -> dict[str, Any]:
    """The same for a job that is about what another is about."""
    return {column: getattr(job, column) for column in COLUMNS.values()}


def target_of(job: Job) -> Model:
    """What the job is about: its machine, node, group or network, else its cluster as a whole."""
    return next(filter(None, columns_of(job).values()), job.cluster)


def cluster_of(on: Any) -> Cluster:
    """The cluster that the object stands on, or is."""
    cluster: Cluster = on if isinstance(on, Cluster) else on.cluster
    return cluster


def word_for(on: Model) -> str:
    """ "machine", "node", …"""
    return WORDS.get(_kind(on), "cluster")


def _kind(on: Model) -> str:
    return on._meta.model_name or ""
