"""Networks of the simulated cluster; Erin administers it, Vera sees it, Charlie was given nothing."""

from __future__ import annotations

import pytest

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster, Network
from ganeti_webmgr.permissions.granting import grant


@pytest.fixture
def lan(cluster: Cluster) -> Network:
    """10.20.0.0/22, with nine machines from 10.20.0.2 on."""
    return cluster.networks.get(name="lan")


@pytest.fixture
def dmz(cluster: Cluster) -> Network:
    """192.0.2.0/24, with three machines from 192.0.2.2 on."""
    return cluster.networks.get(name="dmz")


@pytest.fixture
def erin(alice: User, cluster: Cluster) -> User:
    person = User.objects.create_user("erin", password="erins-password")
    grant(person, cluster, by=alice, role="admin")
    return person


@pytest.fixture
def vera(alice: User, cluster: Cluster) -> User:
    person = User.objects.create_user("vera", password="veras-password")
    grant(person, cluster, by=alice, role="viewer")
    return person
