from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.scene import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def site(django_db_setup: None, redis_url: str) -> Iterator[Site]:
    """A web process that all tests here share."""
    with Site(redis_url=redis_url) as site:
        yield site
