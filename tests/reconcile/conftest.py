"""Machines that nobody has, machines that are gone, tags that say something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.vms.models import VirtualMachine


@pytest.fixture
def web(alice: User) -> Project:
    return create_project("Web", by=alice)


@pytest.fixture
def gone(running: VirtualMachine, web: Project) -> VirtualMachine:
    """A machine of Web that is not on its cluster any more."""
    running.owner, running.notes, running.missing_since = web, "Mind the queue", timezone.now()
    running.save()
    return running


@pytest.fixture
def tagged(ganeti: SimulatedCluster, cluster: Cluster) -> Callable[..., None]:
    """Gives a machine exactly these tags in Ganeti, and has them read."""

    def tag(vm: VirtualMachine, *tags: str) -> None:
        with ganeti.change():
            instance = ganeti.config.instances[vm.name]
            instance.tags = sorted(tags)
            instance.touch(ganeti.now())
        cycle.run(cluster, everything=True)
        vm.refresh_from_db()

    return tag
