"""Clusters that can be made to fail, and the processes that have to live with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from tests.estate import HASTE, added
from tests.faults.browser import Browser
from tests.processes import Processes, database_url


@pytest.fixture
def ganetis(request: pytest.FixtureRequest) -> Iterator[list[SimulatedCluster]]:
    """As many clusters as the test's parameter says, else three; two nodes and six machines each."""
    shapes = [Shape(name=f"c{number}", nodes=2, machines=6) for number in range(getattr(request, "param", 3))]
    with Simulator(shapes, speed=HASTE) as simulator:
        yield simulator.clusters


@pytest.fixture
def clusters(db: None, clean_cache: None, ganetis: list[SimulatedCluster]) -> list[Cluster]:
    """Their rows in the same order, each read once."""
    rows = [added(ganeti) for ganeti in ganetis]
    for row in rows:
        cycle.run(row, everything=True)
    return rows


@pytest.fixture
def processes(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """The processes of the site with the test's database; none is started yet."""
    with Processes(tmp_path, database=database_url(connection.settings_dict)) as started:
        yield started


@pytest.fixture
def browser(processes: Processes, alice: User) -> Browser:
    """Alice's browser at the web process."""
    return Browser(processes.address, alice)
