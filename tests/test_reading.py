"""That a cluster of which another's reading is known is no other than one that was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from redis import Redis

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.state import dump
from tests.estate import added, read, simulator
from tests.reading import Reading, fingerprint

NEW_EACH_TIME = {"id", "first_seen_at"}


@pytest.fixture
def other() -> Iterator[SimulatedCluster]:
    """A Ganeti like the first one, and nothing to do with it."""
    with simulator() as opened:
        yield opened.clusters[0]


@pytest.fixture
def first(db: None, clean_cache: None, redis_url: str, ganeti: SimulatedCluster) -> tuple[Reading, Any]:
    """The reading of a first cluster, and all that there was then; of which nothing is left but these."""
    with transaction.atomic():
        row = added(ganeti)
        read(row)
        known = Reading.of(row, ganeti), everything(row, ganeti, redis_url)
        transaction.set_rollback(True)
    cache.clear()
    return known


def everything(row: Cluster, ganeti: SimulatedCluster, redis_url: str) -> dict[str, Any]:
    """How many rows there are of each kind, what is in those that were read, what is cached, and Ganeti."""
    reading = Reading.of(row, ganeti)
    models = [model for model in apps.get_models() if model is not Notice]  # sent within a second, and gone
    keys = [key.decode().split(":", 2)[2] for key in Redis.from_url(redis_url).scan_iter("*")]
    return {
        "counts": {model: model._default_manager.count() for model in models},
        "cluster": reading.cluster | {"pk": None},
        "rows": {model: [_content(values) for values in rows] for model, rows in reading.rows.items()},
        "digests": reading.digests,
        "cached": sorted(key.replace(f":{row.pk}", ":KEY") for key in keys),
        "ganeti": dump(ganeti, clean=True) | {"port": None},
    }


def _content(values: dict[str, Any]) -> dict[str, Any]:
    kept = values.keys() - NEW_EACH_TIME
    return {name: values[name] for name in kept if not name.endswith("_id")}


def test_it_has_all_that_one_has_that_was_read(
    first: tuple[Reading, Any], other: SimulatedCluster, redis_url: str
) -> None:
    reading, all_there_was = first
    row = added(other)
    reading.put_back(row, other)
    assert everything(row, other, redis_url) == all_there_was


def test_reading_all_of_it_again_finds_nothing_else(
    first: tuple[Reading, Any], other: SimulatedCluster
) -> None:
    row = added(other)
    first[0].put_back(row, other)
    known, jobs = Reading.of(row, other), len(other.jobs)
    cache.clear()
    read(row)
    found = Reading.of(row, other)
    assert all(found.rows.values())
    assert (found.rows, found.digests) == (known.rows, known.digests)
    assert len(other.jobs) == jobs + 1  # the one that asks for its systems: it was asked


def test_what_a_test_does_to_one_is_not_seen_by_the_next(
    first: tuple[Reading, Any], ganeti: SimulatedCluster, other: SimulatedCluster
) -> None:
    reading, all_there_was = first
    row = added(ganeti)
    reading.put_back(row, ganeti)
    row.info.clear()
    ganeti.jobs[0].ops[0].input.clear()
    ganeti.instances["web1"].tags.append("changed")
    row.delete()
    next_row = added(other)
    reading.put_back(next_row, other)
    next_row.refresh_from_db()
    assert next_row.info == all_there_was["cluster"]["info"]
    assert dump(other, clean=True) | {"port": None} == all_there_was["ganeti"]


def test_a_ganeti_that_was_changed_is_another(ganeti: SimulatedCluster, other: SimulatedCluster) -> None:
    assert fingerprint(ganeti) == fingerprint(other)
    with ganeti.change():
        ganeti.instances["web1"].tags.append("changed")
    assert fingerprint(ganeti) != fingerprint(other)
