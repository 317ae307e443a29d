"""What is done on the command line alone is written down once it is seen."""

from __future__ import annotations

import pytest

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.simulator import SimulatedCluster

pytestmark = pytest.mark.django_db

SEEN = ("cluster.seen-changed", "node.appeared", "node.gone")


def seen() -> list[tuple[str, str]]:
    events = Event.objects.filter(action__in=SEEN).order_by("pk")
    return [(event.action, event.target_name) for event in events]


def test_a_new_master_is_written_down_with_the_former_one(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    old, new = ganeti.nodes.values()
    assert seen() == []
    with ganeti.change():
        old.master, new.master = new.master, old.master
    cycle.run(cluster, everything=True)
    (event,) = Event.objects.filter(action="cluster.seen-changed")
    assert (event.before, event.after) == ({"master": old.name}, {"master": new.name})
    assert event.actor_name == "system"


def test_a_node_that_goes_and_comes_is_written_down(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    name = next(node.name for node in ganeti.nodes.values() if not node.master)
    node = ganeti.nodes[name]
    with ganeti.change():
        del ganeti.nodes[name]
    cycle.run(cluster, everything=True)
    with ganeti.change():
        node.uuid = "11111111-1111-4111-8111-111111111111"
        ganeti.nodes.add(node)
    cycle.run(cluster, everything=True)
    assert seen() == [("node.gone", name), ("node.appeared", name)]


def test_the_first_reading_is_no_news(cluster: Cluster) -> None:
    assert seen() == []
    assert cluster.nodes.exists()
