"""What becomes of a call when the network or the server does not do its part."""

from __future__ import annotations

import logging
import pickle
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from ganeti_webmgr import rapi
from ganeti_webmgr.rapi import (
    Busy,
    Invalid,
    OutcomeUnknown,
    RapiError,
    Refused,
    Timeouts,
    Unauthorized,
    Unreachable,
)

from .conftest import Connect
from .server import Heard, Script, Server, complains, says

SHORT = Timeouts(connect_s=1, read_s=0.3, live_s=0.3, job_s=0.3, wait_s=0.3, write_s=0.3, cancel_s=0.3)

Call = Callable[[rapi.Client], Any]

READS: list[Call] = [
    lambda c: c.cluster.info(),
    lambda c: c.instances.list(),
    lambda c: c.query.jobs(7),  # a PUT, and yet a read
    lambda c: c.jobs.wait(7),
]

WRITES: list[Call] = [
    lambda c: c.instances.start("web", reason="gwm:alice:1"),
    lambda c: c.instances.delete("web"),
    lambda c: c.nodes.set_role("n1", "drained"),
    lambda c: c.jobs.cancel(7),
    lambda c: c.filters.create(),
]


def cut(connection: socket.socket, _: Heard) -> None:
    """Ends without a word."""


def half(connection: socket.socket, _: Heard) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{")


def half_and_no_length(connection: socket.socket, _: Heard) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\n\r\n{"name": "clu')


def no_http(connection: socket.socket, _: Heard) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def trickle(connection: socket.socket, _: Heard) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _times in range(200):
        connection.sendall(b" ")
        time.sleep(0.02)


def trickle_the_head(connection: socket.socket, _: Heard) -> None:
    for character in b"HTTP/1.1 200 OK" + b"x" * 200:
        connection.sendall(bytes([character]))
        time.sleep(0.02)


LOST: list[Script] = [
    cut,
    half,
    half_and_no_length,
    no_http,
    trickle,
    trickle_the_head,
    says(None, raw=b"<html>It works!</html>"),
    says(None, raw=b""),
    says({"unexpected": True}),
    says(None, raw=b"<html>Bad Gateway</html>", status=502),
    says(None, raw=b"<html>Service Unavailable</html>", status=503),
    says(None, raw=b"<html>Not Found</html>", status=404),
    says(None, status=204),
    complains(504, "Gateway Timeout"),
    complains(502, "Can't connect to master daemon"),
    complains(500, "Something nobody has foreseen"),
    complains(500, ""),
]


@pytest.mark.parametrize("script", LOST)
@pytest.mark.parametrize("call", READS)
def test_a_read_without_an_answer_may_be_asked_again(
    call: Call, script: Script, server: Server, connect: Connect
) -> None:
    server.script = script
    with pytest.raises(Unreachable):
        _parsed(call(connect(timeouts=SHORT)))
    assert len(server.heard) == 1


@pytest.mark.parametrize("script", LOST)
@pytest.mark.parametrize("call", WRITES)
def test_a_write_without_an_answer_has_an_unknown_outcome_and_is_not_repeated(
    call: Call, script: Script, server: Server, connect: Connect
) -> None:
    server.script = script
    with pytest.raises(OutcomeUnknown):
        call(connect(timeouts=SHORT))
    assert len(server.heard) == 1


@pytest.mark.parametrize("call", [READS[0], WRITES[0]])
def test_a_hanging_server_costs_no_more_than_was_allowed(
    call: Call, server: Server, connect: Connect
) -> None:
    server.script = server.hang
    begun = time.monotonic()
    with pytest.raises((Unreachable, OutcomeUnknown)):
        call(connect(timeouts=SHORT))
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("script", [trickle, trickle_the_head])
def test_a_trickling_answer_does_not_last_longer_for_all_its_trickling(
    script: Script, server: Server, connect: Connect
) -> None:
    server.script = script
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        connect(timeouts=SHORT).cluster.info()
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("call", [*READS, *WRITES])
@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "https://nowhere.invalid:5080"])
def test_what_never_arrived_may_be_sent_again_even_a_write(call: Call, url: str) -> None:
    client = rapi.Client(url, user="gwm", password="x", tls=rapi.SystemCA(), timeouts=SHORT)
    with pytest.raises(Unreachable):
        call(client)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("call", [READS[0], WRITES[0]])
def test_a_redirect_is_not_followed(call: Call, status: int, server: Server, client: rapi.Client) -> None:
    def redirect(connection: socket.socket, _: Heard) -> None:
        head = (
            f"HTTP/1.1 {status} Elsewhere\r\nLocation: {server.url}/2/elsewhere\r\nContent-Length: 0\r\n\r\n"
        )
        connection.sendall(head.encode())

    server.script = redirect
    with pytest.raises(Unreachable, match="redirect"):
        call(client)
    assert len(server.heard) == 1


def test_an_answer_that_is_too_long_is_not_taken_in(server: Server, connect: Connect) -> None:
    server.script = says(["x" * 2**20])
    with pytest.raises(Unreachable, match="longer"):
        connect(max_answer_bytes=2**16).cluster.features()


def test_a_drained_queue_may_be_tried_again(server: Server, client: rapi.Client) -> None:
    for status, text in ((500, "Queue drained"), (503, "Job queue is full, needs archiving")):
        server.script = complains(status, text)
        with pytest.raises(Busy) as caught:
            client.instances.start("web")
        assert caught.value.message == text


def test_a_proxy_that_asks_for_credentials_in_its_own_words_is_understood(
    server: Server, client: rapi.Client
) -> None:
    server.script = says(None, raw=b"<html>401</html>", status=401)
    with pytest.raises(Unauthorized):
        client.instances.start("web")


def test_the_environment_has_no_say(
    server: Server, client: rapi.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    netrc = tmp_path / "netrc"
    netrc.write_text("default login other password other")
    monkeypatch.setenv("NETRC", str(netrc))
    server.script = says(2)
    assert client.cluster.api_version() == 2
    assert server.heard[0].headers["authorization"] == "Basic Z3dtOnNlY3JldC03"


def test_credentials_are_in_no_representation_exception_or_log(
    server: Server, client: rapi.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = [repr(client), str(client)]
    for script in (cut, complains(401, "Unauthorized"), complains(500, "x"), says({"x": "y"})):
        server.script = script
        with pytest.raises(RapiError) as caught:
            client.instances.modify(
                "web", {"osparams_private": {"root_password": "secret-8"}}, reason="gwm:a:1"
            )
        error: BaseException | None = caught.value
        assert isinstance(error, RapiError)
        assert error.path == "/2/instances/web/modify"
        while error:
            told += [str(error), repr(error), repr(vars(error))]
            error = error.__cause__ or error.__context__
    for text in [*told, caplog.text]:
        assert "secret-7" not in text
        assert "secret-8" not in text
        assert "Z3dtOnNlY3JldC03" not in text


def test_an_error_survives_being_handed_on(server: Server, client: rapi.Client) -> None:
    server.script = complains(500, "('Instance web not found', 'unknown_entity')")
    with pytest.raises(Refused) as caught:
        client.instances.tags("web")
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (made here)
    assert (error.message, error.code, error.status) == ("Instance web not found", "unknown_entity", 500)
    assert (error.method, error.path) == ("GET", "/2/instances/web/tags")
    assert str(error) == "GET /2/instances/web/tags: Instance web not found"


def test_the_version_is_asked_for_once_and_only_when_needed(server: Server, connect: Connect) -> None:
    def answer(connection: socket.socket, heard: Heard) -> None:
        says(INFO if heard.path == "/2/info" else 42)(connection, heard)

    server.script = answer
    client = connect(version=None)
    client.instances.start("web")
    for _ in range(2):
        client.instances.modify("web", {}, hotplug_if_possible=True)
    assert [heard.path for heard in server.heard].count("/2/info") == 1
    assert client.version == (3, 1)


@pytest.mark.parametrize(("said", "version"), [("2.16.2", (2, 16)), ("3.0.2", (3, 0)), ("3.1.0~rc2", (3, 1))])
def test_versions_are_told_apart(said: str, version: tuple[int, int], connect: Connect) -> None:
    assert connect(version=said).version == version


def test_what_is_no_version_is_refused(connect: Connect) -> None:
    with pytest.raises(Invalid):
        connect(version="new")


def _parsed(result: Any) -> Any:
    return result.parse() if isinstance(result, rapi.Rows) else result


INFO = {
    **dict.fromkeys(
        ("uuid", "name", "master", "default_hypervisor", "mac_prefix", "default_iallocator"), "x"
    ),
    **{key: {} for key in ("hvparams", "os_hvp", "osparams", "beparams", "nicparams", "ndparams")},
    **{key: {} for key in ("diskparams", "ipolicy")},
    **{key: [] for key in ("architecture", "enabled_hypervisors", "enabled_disk_templates")},
    **dict.fromkeys(("protocol_version", "config_version", "os_api_version", "export_version"), 1),
    **dict.fromkeys(("candidate_pool_size", "max_running_jobs"), 1),
    "software_version": "3.1.0~rc2",
}
