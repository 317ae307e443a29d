"""Each test of real Ganeti runs against both clusters of the lab, and leaves them as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ganeti_webmgr.rapi import Client
from tests.real.labs import NAMES, Lab


@pytest.fixture(scope="session", params=NAMES)
def lab(request: pytest.FixtureRequest) -> Lab:
    return Lab(request.param)


@pytest.fixture
def client(lab: Lab) -> Iterator[Client]:
    with lab.client() as client:
        yield client
