"""Machines of each kind."""

from __future__ import annotations

import pytest

from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine


@pytest.fixture
def mirrored(cluster: Cluster) -> VirtualMachine:
    """A running machine whose disks are on two nodes."""
    return cluster.vms.get(name="db1.sim1.example.org")


@pytest.fixture
def shared(cluster: Cluster) -> VirtualMachine:
    """A running machine whose disks every node can reach."""
    return cluster.vms.get(name="cache1.sim1.example.org")


@pytest.fixture
def local(cluster: Cluster) -> VirtualMachine:
    """A running machine whose disks are on its node alone."""
    return cluster.vms.get(name="test1.sim1.example.org")


@pytest.fixture
def offline(cluster: Cluster, ganeti: SimulatedCluster, stopped: VirtualMachine) -> VirtualMachine:
    """A machine that was set offline."""
    with ganeti.change():
        instance = ganeti.config.instances[stopped.name]
        instance.admin_state = "offline"
        instance.touch(ganeti.now())
    cycle.run(cluster, everything=True)
    stopped.refresh_from_db()
    return stopped
