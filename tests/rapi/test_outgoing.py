"""What is never sent, because Ganeti would misread it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import Dependency, DiskSpec, InstanceSpec, Invalid, NicSpec

from .conftest import Connect
from .server import Server, says

SPEC = InstanceSpec(
    instance_name="web", disks=(DiskSpec(size_mib=4),), nics=(NicSpec(),), osparams={"title": "Größe"}
)


@pytest.fixture(autouse=True)
def _accepting(server: Server) -> None:
    server.script = says(42)


def test_a_body_is_plain_ascii_json_with_its_length_and_no_charset(
    server: Server, client: rapi.Client
) -> None:
    assert client.instances.create(SPEC) == 42
    [heard] = server.heard
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["content-length"] == str(len(heard.raw_body))
    assert "transfer-encoding" not in heard.headers
    assert heard.raw_body.isascii()
    assert heard.body["osparams"] == {"title": "Größe"}


def test_a_job_always_has_a_body(server: Server, client: rapi.Client) -> None:
    client.instances.start("web")
    assert server.heard[0].raw_body == b"{}"


@pytest.mark.parametrize(
    "name", ["", "a/b", "a b", "wäb", "web%2e", "web?force=1", "..", ".", "web\n", "web#x"]
)
def test_a_name_that_cannot_be_in_a_path_is_refused(name: str, server: Server, client: rapi.Client) -> None:
    with pytest.raises(Invalid):
        client.instances.start(name)
    assert server.heard == []


# Where Ganeti would do it for real instead (Reference 1.6): the body, or no way at all.
DRY_IN_BODY: list[Callable[[rapi.Client], int]] = [
    lambda c: c.instances.modify("web", {"beparams": {"vcpus": 2}}, dry_run=True),
    lambda c: c.instances.migrate("web", dry_run=True),
    lambda c: c.instances.failover("web", dry_run=True),
    lambda c: c.instances.rename("web", new_name="www", dry_run=True),
    lambda c: c.instances.export("web", destination="n1", dry_run=True),
    lambda c: c.instances.grow_disk("web", 0, amount_mib=4, dry_run=True),
    lambda c: c.instances.replace_disks("web", mode="replace_auto", dry_run=True),
    lambda c: c.instances.recreate_disks("web", dry_run=True),
    lambda c: c.cluster.modify({"candidate_pool_size": 3}, dry_run=True),
    lambda c: c.cluster.redistribute_config(dry_run=True),
    lambda c: c.groups.modify("g1", {"alloc_policy": "preferred"}, dry_run=True),
    lambda c: c.networks.modify("net", gateway="10.0.0.1", dry_run=True),
    lambda c: c.nodes.modify("n1", {"drained": True}, dry_run=True),
    lambda c: c.nodes.migrate("n1", dry_run=True),
    lambda c: c.nodes.powercycle("n1", dry_run=True),
]

DRY_IN_QUERY: list[Callable[[rapi.Client], int]] = [
    lambda c: c.instances.create(SPEC, dry_run=True),
    lambda c: c.instances.create_many([SPEC], dry_run=True),
    lambda c: c.instances.delete("web", dry_run=True),
    lambda c: c.instances.start("web", dry_run=True),
    lambda c: c.instances.shutdown("web", dry_run=True),
    lambda c: c.instances.reboot("web", dry_run=True),
    lambda c: c.instances.add_tags("web", ["a"], dry_run=True),
    lambda c: c.nodes.evacuate("n1", mode="primary-only", dry_run=True),
    lambda c: c.nodes.remove_tags("n1", ["a"], dry_run=True),
    lambda c: c.groups.create("g1", dry_run=True),
    lambda c: c.groups.delete("g1", dry_run=True),
    lambda c: c.groups.rename("g1", new_name="g2", dry_run=True),
    lambda c: c.groups.assign_nodes("g1", nodes=["n1"], dry_run=True),
    lambda c: c.networks.create("net", network="10.0.0.0/24", dry_run=True),
    lambda c: c.networks.delete("net", dry_run=True),
    lambda c: c.networks.connect("net", group="g1", mode="bridged", link="br0", dry_run=True),
    lambda c: c.networks.disconnect("net", group="g1", dry_run=True),
    lambda c: c.cluster.add_tags(["a"], dry_run=True),
]


@pytest.mark.parametrize("call", DRY_IN_BODY)
def test_a_dry_run_is_in_the_body_where_the_argument_is_ignored(
    call: Callable[[rapi.Client], int], server: Server, client: rapi.Client
) -> None:
    call(client)
    [heard] = server.heard
    assert "dry-run" not in dict(heard.query)
    assert heard.body["dry_run"] is True


@pytest.mark.parametrize("call", DRY_IN_QUERY)
def test_a_dry_run_is_an_argument_where_the_body_must_not_have_it(
    call: Callable[[rapi.Client], int], server: Server, client: rapi.Client
) -> None:
    call(client)
    [heard] = server.heard
    assert dict(heard.query)["dry-run"] == "1"
    assert "dry_run" not in heard.body


def test_what_is_not_asked_for_is_not_sent(server: Server, client: rapi.Client) -> None:
    client.instances.shutdown("web", timeout_s=0)
    [heard] = server.heard
    assert (heard.query, heard.body) == ([], {"timeout": 0})


def test_a_node_migration_has_no_query_or_ganeti_would_ignore_its_body(
    server: Server, client: rapi.Client
) -> None:
    client.nodes.migrate("n1", mode="live", comment="gwm:alice:1")
    assert server.heard[0].query == []
    assert server.heard[0].body == {"mode": "live", "comment": "gwm:alice:1"}
    with pytest.raises(TypeError):
        client.nodes.migrate("n1", **_untyped(reason="gwm:alice:1"))


def test_a_reinstallation_is_not_given_what_it_would_ignore(server: Server, client: rapi.Client) -> None:
    client.instances.reinstall("web", os="noop")
    assert (server.heard[0].query, server.heard[0].body) == ([], {"os": "noop", "start": True})
    with pytest.raises(TypeError):
        client.instances.reinstall("web", **_untyped(reason="gwm:alice:1"))


def test_the_reason_and_the_common_keys_are_where_ganeti_looks(server: Server, client: rapi.Client) -> None:
    client.instances.shutdown(
        "web",
        reason="gwm:alice:1 & more=yes",
        depends=[Dependency(7), Dependency(8, ("success", "error"))],
        priority=-10,
        comment="for the move",
        instance_uuid="88284236-633c-40db-8f8d-0e5a4f0f5a56",
    )
    [heard] = server.heard
    assert heard.query == [("reason", "gwm:alice:1 & more=yes")]
    assert heard.body == {
        "depends": [[7, ["success"]], [8, ["success", "error"]]],
        "priority": -10,
        "comment": "for the move",
        "instance_uuid": "88284236-633c-40db-8f8d-0e5a4f0f5a56",
    }


def test_reason_and_comment_are_ascii_or_some_clusters_could_not_queue_the_job(
    server: Server, client: rapi.Client
) -> None:
    client.instances.shutdown("web", reason="gwm:jörg:1", comment="für €5")
    client.nodes.set_role("n1", "drained", reason="gwm:jörg:1")
    first, second = server.heard
    assert first.query == second.query == [("reason", "gwm:j\\xf6rg:1")]
    assert first.body == {"comment": "f\\xfcr \\u20ac5"}
    assert rapi.plain("gwm:jörg:1") == "gwm:j\\xf6rg:1"


@pytest.mark.parametrize(
    "send",
    [
        lambda c: c.instances.start("web", reason="rate-limit:1:x"),
        lambda c: c.instances.add_tags("web", []),
        lambda c: c.instances.add_tags("web", [""]),
        lambda c: c.instances.start("web", reason="x" * 9000),
        lambda c: c.instances.add_tags("web", ["\ud800"]),
        lambda c: c.instances.modify("web", {"beparams": {"vcpus": float("nan")}}),
        lambda c: c.instances.modify("web", {"beparams": {"vcpus": object()}}),
        lambda c: c.nodes.repair_storage("n1", unit=""),
        lambda c: c.filters.delete("../jobs"),
    ],
)
def test_what_the_server_would_misread_is_refused_before_it_is_sent(
    send: Callable[[rapi.Client], Any], server: Server, client: rapi.Client
) -> None:
    with pytest.raises(Invalid):
        send(client)
    assert server.heard == []


def test_nothing_ever_asks_with_locks(server: Server, client: rapi.Client) -> None:
    with pytest.raises(Invalid):
        client.fetch("GET", "/2/instances", query=[("lock", "1")])


@pytest.mark.parametrize(
    "credentials", [("grünwald", "x"), ("gwm", "pässword"), ("a:b", "x"), ("", "x"), ("gwm", "a\r\nHost: b")]
)
def test_credentials_that_ganeti_cannot_read_are_refused_at_once(
    credentials: tuple[str, str], connect: Connect
) -> None:
    with pytest.raises(Invalid) as caught:
        connect(user=credentials[0], password=credentials[1])
    assert credentials[1] not in str(caught.value) or credentials[1] == "x"


def test_headers_too_long_for_the_server_are_refused(server: Server, connect: Connect) -> None:
    client = connect(password="p" * 3500)
    with pytest.raises(Invalid):
        client.cluster.info()
    assert server.heard == []


def test_headers_fit(server: Server, client: rapi.Client) -> None:
    client.instances.start("web")
    assert len(server.heard[0].head) < 1000


def _untyped(**arguments: Any) -> Any:
    return arguments
