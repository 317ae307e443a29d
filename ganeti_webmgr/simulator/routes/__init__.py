"""Every resource of the remote API."""

from . import cluster, filters, groups, instances, jobs, networks, nodes, query, tags
from .table import dispatch

__all__ = [
    "cluster",
    "dispatch",
    "filters",
    "groups",
    "instances",
    "jobs",
    "networks",
    "nodes",
    "query",
    "tags",
]
