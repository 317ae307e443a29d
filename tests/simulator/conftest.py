"""What tests of the simulator start from: the estate's cluster, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ganeti_webmgr.rapi import Client
from ganeti_webmgr.simulator import SimulatedCluster
from tests.simulator.asking import client_of


@pytest.fixture
def client(ganeti: SimulatedCluster) -> Iterator[Client]:
    with client_of(ganeti) as client:
        yield client
