"""The real thing: every process of the site, started, disturbed and ended."""

from __future__ import annotations

import http.client
import json
import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr import rapi
from tests.run.scene import Tree, ended

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = ("redis-server", "uvicorn", "celery --quiet --app ganeti_webmgr worker", "ganeti_webmgr beat")


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """Short enough for the path of a unix socket."""
    with tempfile.TemporaryDirectory(prefix="gwm-") as directory:
        yield Path(directory) / "state"


def status_of(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_whole_life_of_a_tree(state_dir: Path) -> None:
    with Tree(state_dir, DEMO="0") as tree:
        password = tree.waits_for(r"one-time password (\S+)")[1]
        address = tree.address()
        tree.waits_for(rf"with password\s+{password}")
        assert status_of(address, "/healthz") == 200
        assert status_of(address, "/") == 302  # to the page where one signs in

        killed = tree.find(PROCESSES[1])
        os.kill(killed, signal.SIGKILL)
        tree.waits_for(r"web\s+\| ended by SIGKILL; it is started again in 1 s")
        assert status_of(address, "/healthz") == 200  # waits for it, instead of being refused
        assert tree.find(PROCESSES[1]) != killed

        pids = [tree.find(part) for part in PROCESSES]
        assert tree.stop(signal.SIGINT) == 0
        assert all(ended(pid) for pid in pids)

    with Tree(state_dir, DEMO="0") as tree:
        tree.address()
        assert not any("password" in line for line in tree.printed)
        assert tree.stop(signal.SIGTERM) == 0


def test_a_demonstration_goes_on_where_it_was(state_dir: Path) -> None:
    with Tree(state_dir) as tree:
        tree.waits_for("sim1.example.org was added: .* 40 machines")
        tree.waits_for("sim2.example.org was added: .* 12 machines")
        tree.waits_for("4 people and 3 projects were made")
        tree.address()
        urls = json.loads((state_dir / "simulator" / "added.json").read_text())
        certificates = {rapi.fetch_fingerprint(url) for url in urls}
        tree.stop()

    with Tree(state_dir) as tree:
        tree.address()
        assert not any("was added" in line for line in tree.printed)
        assert {rapi.fetch_fingerprint(url) for url in urls} == certificates


def test_who_has_clusters_never_meets_the_simulator(state_dir: Path) -> None:
    with Tree(state_dir, DEMO="0") as tree:
        tree.address()
        own = ["addcluster", "own", "https://127.0.0.1:1", "--user", "gwm", "--password-stdin", "--insecure"]
        tree.manage(*own, stdin="secret")
        tree.stop()

    with Tree(state_dir) as tree:
        tree.address()
        assert not any("simulate" in command for command in tree.processes().values())


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_of_a_tree_whose_terminal_closes_or_that_is_killed(
    state_dir: Path, number: signal.Signals
) -> None:
    with Tree(state_dir, DEMO="0") as tree:
        tree.address()
        pids = [tree.find(part) for part in PROCESSES]
        tree.stop(number)
        assert all(ended(pid) for pid in pids)


def test_a_tree_ends_when_nobody_reads_what_it_prints(state_dir: Path) -> None:
    with Tree(state_dir, DEMO="0") as tree:
        tree.address()
        pids = [tree.find(part) for part in PROCESSES]
        tree.hang_up()
        assert tree.process.wait(60) == 0
        assert all(ended(pid) for pid in pids)


def test_a_second_tree_in_one_state_directory_is_refused_and_the_first_goes_on(state_dir: Path) -> None:
    with Tree(state_dir, DEMO="0") as tree:
        address = tree.address()
        with Tree(state_dir, DEMO="0") as second:
            second.waits_for(rf"already running from .*process {tree.process.pid}, {address}")
            assert second.process.wait() == 1
        assert status_of(address, "/healthz") == 200


def test_a_port_in_use_ends_the_start_before_anything_was_made(state_dir: Path) -> None:
    with Tree(state_dir, DEMO="0") as tree:
        port = tree.address().rpartition(":")[2]
        with Tree(state_dir / "other", DEMO="0", PORT=port) as second:
            second.waits_for(f"Port {port} on 127.0.0.1 is in use")
            assert second.process.wait() == 1
        assert [path.name for path in (state_dir / "other").iterdir()] == ["run.lock"]


def test_a_setting_that_makes_no_sense_is_named(state_dir: Path) -> None:
    with Tree(state_dir, PORT="eighty") as tree:
        tree.waits_for("PORT: Input should be a valid integer")
        assert tree.process.wait() == 1
