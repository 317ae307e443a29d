"""Nodes of each kind, and asking for things on their pages."""

from __future__ import annotations

import pytest

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.nodes.models import Node


@pytest.fixture
def master(cluster: Cluster) -> Node:
    return cluster.nodes.get(role=Node.Role.MASTER)


@pytest.fixture
def node(cluster: Cluster) -> Node:
    """One that is not the master."""
    return cluster.nodes.exclude(role=Node.Role.MASTER).get()
