"""The map of a cluster: the same as a picture and as a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.dashboard.drawing import (
    IN_A_ROW,
    WIDTH,
    WITH_NAMES,
    WITH_SQUARES,
    Box,
    Drawing,
    Spot,
    draw,
)
from ganeti_webmgr.dashboard.mapping import Area, Machine, Place, Plan, plan_of, summary
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

RUNS = State("good", "player-play-filled", "Running")


def plan(nodes: int, each: int, *, mirrored: bool = True) -> Plan:
    places = [Place(f"node{number}.example.org", f"/n{number}", RUNS, "regular") for number in range(nodes)]
    for number, place in enumerate(places):
        second = places[(number + 1) % nodes]
        for count in range(each):
            name = f"web{count}-{number}.example.org"
            place.machines.append(Machine(name, f"/m{name}", RUNS, second.name if mirrored else ""))
            second.seconds += mirrored
    half = (nodes + 1) // 2
    return Plan([Area("default", places=places[:half]), Area("rack2", places=places[half:])])


def inside(drawing: Drawing) -> bool:
    """Whether nothing stands outside of the picture."""
    rectangles: list[Box | Spot] = [*drawing.boxes, *drawing.spots]
    return all(
        shape.x >= 0
        and shape.y >= 0
        and shape.x + shape.width <= WIDTH
        and shape.y + shape.height <= drawing.height
        for shape in rectangles
    ) and all(0 < word.y < drawing.height for word in drawing.words)


def looks(drawing: Drawing, word: str) -> int:
    return sum(word in box.look.split() for box in drawing.boxes)


def test_few_machines_are_named_each_with_a_line_to_both_its_nodes() -> None:
    drawing = draw(plan(4, 10))
    named = [word.text for word in drawing.words if word.look == "machine"]
    assert len(named) == 40
    assert named[0] == "web0-0"
    assert [line.look for line in drawing.lines].count("first") == 40
    assert [line.look for line in drawing.lines].count("second") == 40
    assert (looks(drawing, "group"), looks(drawing, "node")) == (2, 8)
    assert inside(drawing)


def test_many_machines_are_squares_and_lines_are_as_wide_as_they_are_many() -> None:
    drawing = draw(plan(5, 80))
    assert looks(drawing, "dot") == 400
    assert not [word for word in drawing.words if word.look == "machine"]
    assert [line.look for line in drawing.lines].count("second many") == 5
    assert drawing.height < 900
    assert len({spot.url for spot in drawing.spots}) == 405
    assert inside(drawing)


def test_very_many_machines_are_bars() -> None:
    drawing = draw(plan(40, 50))
    assert looks(drawing, "dot") == 40
    assert drawing.height < 2600
    assert inside(drawing)


@pytest.mark.parametrize("machines", [0, 1, WITH_NAMES, WITH_NAMES + 1, WITH_SQUARES, WITH_SQUARES + 1])
def test_every_number_fits(machines: int) -> None:
    assert inside(draw(plan(1, machines)))
    assert inside(draw(plan(2, machines // 2, mirrored=False)))


def test_nodes_stand_on_the_right_only_where_there_are_copies() -> None:
    assert looks(draw(plan(4, 10, mirrored=False)), "node") == 4
    assert not [line for line in draw(plan(4, 10, mirrored=False)).lines if "second" in line.look]


def test_an_empty_cluster_and_an_empty_group_can_be_drawn() -> None:
    assert draw(Plan([])).height > 0
    drawing = draw(Plan([Area("default")]))
    assert "No node" in {word.text for word in drawing.words}
    assert inside(drawing)


def test_long_names_are_cut_to_fit() -> None:
    place = Place("n" * 200, "/n", RUNS, "master", machines=[Machine("m" * 200, "/m", RUNS)])
    texts = [word.text for word in draw(Plan([Area("g" * 300, places=[place])])).words]
    assert all(len(text) <= 110 for text in texts)
    assert sum(text.endswith("…") for text in texts) == 3


def test_a_square_is_as_good_as_its_row() -> None:
    drawing = draw(plan(1, WITH_NAMES + 1, mirrored=False))
    dots = [box for box in drawing.boxes if "dot" in box.look]
    assert dots[IN_A_ROW].x == dots[0].x
    assert dots[IN_A_ROW].y > dots[0].y


@pytest.mark.django_db
class TestPage:
    """The page of the simulated cluster."""

    def test_the_plan_has_what_the_cluster_has(self, cluster: Cluster, alice: User) -> None:
        found = plan_of(cluster, alice)
        assert (found.machines, len(found.places)) == (12, 2)
        assert found.mirrored == cluster.vms.exclude(secondary_node=None).count() > 0
        assert f"1 group, 2 nodes and 12 machines. {found.mirrored} of them mirrored" in summary(found)

    def test_a_machine_whose_node_is_not_known_is_on_the_map(self, cluster: Cluster, alice: User) -> None:
        vm = cluster.vms.earliest("pk")
        VirtualMachine.objects.filter(pk=vm.pk).update(primary_node=None)
        lost = plan_of(cluster, alice).areas[-1]
        assert (lost.name, [machine.name for machine in lost.places[0].machines]) == (
            "No known node",
            [vm.name],
        )
        assert inside(draw(plan_of(cluster, alice)))

    def test_the_picture_is_told_and_the_table_has_every_machine(
        self, cluster: Cluster, by_alice: Client
    ) -> None:
        text = by_alice.get("/clusters/sim1/map/").content.decode()
        assert 'role="img" aria-labelledby="map-title map-desc"' in text
        assert '<desc id="map-desc">1 group, 2 nodes and 12 machines.' in text
        picture, table = text.split('id="h-places"')
        group = cluster.nodegroups.get().get_absolute_url()
        assert f'<a href="{group}" tabindex="-1">' in picture
        assert f'<a href="{group}">' in table
        for vm in cluster.vms.all():
            assert f'<a href="{vm.get_absolute_url()}" tabindex="-1">' in picture
            assert f'<a class="name" href="{vm.get_absolute_url()}">{vm.name}</a>' in table
        assert not re.search(r"\sstyle=|<script(?! src| type=\"module\" src)", text)

    def test_a_group_whose_name_has_a_slash_is_on_the_map(self, cluster: Cluster, by_alice: Client) -> None:
        cluster.nodegroups.update(name="rack/one 1")
        group = cluster.nodegroups.get().get_absolute_url()
        assert by_alice.get("/clusters/sim1/map/").status_code == 200
        assert by_alice.get("/clusters/sim1/").status_code == 200
        assert "rack/one 1" in by_alice.get(group).content.decode()
        assert by_alice.get(f"{group}-/rename/").status_code == 200

    def test_it_is_for_those_who_see_the_cluster(
        self, cluster: Cluster, alice: User, dana: User, mine: VirtualMachine, web: Project
    ) -> None:
        assert signed_in(dana).get(mine.get_absolute_url()).status_code == 200
        assert signed_in(dana).get("/clusters/sim1/map/").status_code == 404
        grant(dana, cluster, by=alice, role="viewer")
        assert signed_in(dana).get("/clusters/sim1/map/").status_code == 200

    def test_the_cluster_leads_to_it_and_it_belongs_to_the_clusters(
        self, cluster: Cluster, by_alice: Client
    ) -> None:
        assert '"/clusters/sim1/map/"' in by_alice.get("/clusters/sim1/").content.decode()
        text = by_alice.get("/clusters/sim1/map/").content.decode()
        assert re.search(r'href="/clusters/" title="Clusters" aria-current="page"', text)

    def test_it_asks_as_often_for_many_as_for_few(
        self, cluster: Cluster, by_alice: Client, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        group = cluster.nodegroups.get()
        nodes = Node.objects.bulk_create(
            Node(cluster=cluster, group=group, uuid=f"more{n}", name=f"more{n}.sim1", role="R")
            for n in range(5)
        )
        like = cluster.vms.earliest("pk")
        for number in range(400):
            like.pk, like.uuid, like.name = None, f"vm{number}", f"vm{number}"
            like.primary_node, like.secondary_node = nodes[number % 5], nodes[(number + 1) % 5]
            like.save(force_insert=True)
        with django_assert_max_num_queries(10):
            answer = by_alice.get("/clusters/sim1/map/")
        assert '<desc id="map-desc">1 group, 7 nodes and 412 machines.' in answer.content.decode()
