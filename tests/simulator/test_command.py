"""`manage.py simulate`, as a process of its own."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.rapi import Client, Pinned, Unreachable

PATIENCE_S, AT_ONCE_S = 30, 8
Told = list[dict[str, Any]]


@contextlib.contextmanager
def simulate(*words: str, clusters: int = 1) -> Iterator[tuple[subprocess.Popen[str], Told]]:
    """The process once its clusters can be reached, and what it says about them."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "simulate", "--clusters", str(clusters), *words],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        try:
            yield process, [json.loads(process.stdout.readline()) for _ in range(clusters)]
        finally:
            process.kill()


def client(told: dict[str, Any]) -> Client:
    tls = Pinned(sha256=told["fingerprint"])
    return Client(told["url"], user=told["user"], password=told["password"], tls=tls)


def test_it_serves_what_it_was_asked_for_and_says_where_until_it_is_told_to_end() -> None:
    with simulate("--nodes", "3", "--machines", "5", clusters=2) as (process, told):
        assert [line["slug"] for line in told] == ["sim1", "sim2"]
        host, port = told[0]["url"].removeprefix("https://").split(":")
        # Whoever is connected and says nothing must not keep it from ending.
        with socket.create_connection((host, int(port))):
            for line in told:
                with client(line) as asked:
                    assert asked.cluster.info().name == line["name"]
                    assert (len(asked.nodes.names()), len(asked.instances.names())) == (3, 5)
                    assert len(asked.jobs.ids()) == 30
            process.send_signal(signal.SIGTERM)
            assert process.wait(AT_ONCE_S) == 0
        assert process.stdout
        assert process.stdout.read() == ""
        with client(told[0]) as asked, pytest.raises(Unreachable):
            asked.cluster.info()


def test_each_cluster_can_be_different_and_is_kept_where_it_is_to_be(tmp_path: Path) -> None:
    words = [
        *("--names", "berlin,lab", "--nodes", "1,2", "--machines", "3,4", "--ganeti", "3.0.2,3.1.0"),
        *("--state", str(tmp_path), "--no-screens"),
    ]
    with simulate(*words, clusters=2) as (process, told):
        sizes = []
        for line in told:
            with client(line) as asked:
                info = asked.cluster.info()
                nodes, machines = asked.nodes.names(), asked.instances.names()
                sizes.append((info.name, info.software_version, len(nodes), len(machines)))
        assert sizes == [("berlin.example.org", "3.0.2", 1, 3), ("lab.example.org", "3.1.0", 2, 4)]
        process.send_signal(signal.SIGINT)
        assert process.wait(AT_ONCE_S) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"berlin.json", "berlin.pem", "lab.json", "lab.pem"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("--clusters 0", "--clusters is a number from 1 on."),
        ("--clusters two", "argument --clusters: invalid int value: 'two'"),
        ("--clusters 2 --nodes 1,2,3", "--nodes must give one value for all clusters or 2, not 3."),
        ("--clusters 3 --machines 1,2", "--machines must give one value for all clusters or 3, not 2."),
        (
            "--clusters 2 --ganeti 3.0.2,3.1.0,3.1.1",
            "--ganeti must give one value for all clusters",
        ),
        ("--clusters 2 --names berlin", "--names must give 2 names, not 1."),
        ("--clusters 2 --names lab,lab", "--names gives two clusters the same name."),
        ("--names ../lab", "“../lab” is no name for a cluster"),
        ("--names Lab_1", "“Lab_1” is no name for a cluster"),
        ("--nodes 0", "--nodes takes numbers from 1 on, not “0”."),
        ("--nodes three", "--nodes takes numbers from 1 on, not “three”."),
        ("--clusters 2 --nodes 3,", "--nodes takes numbers from 1 on, not “”."),
        ("--machines=-1", "--machines takes numbers from 0 on, not “-1”."),
        ("--machines 1.5", "--machines takes numbers from 0 on, not “1.5”."),
        ("--ganeti latest", "“latest” is not a release of Ganeti"),
        ("--base-port 65535 --clusters 2", "--base-port leaves no ports up to 65535 for 2 clusters."),
        ("--base-port=-1", "--base-port leaves no ports"),
        ("--speed 0", "--speed is a factor greater than 0."),
        ("--speed nan", "--speed is a factor greater than 0."),
        ("--speed fast", "argument --speed: invalid float value: 'fast'"),
    ],
)
def test_what_makes_no_sense_is_told_in_words(words: str, complaint: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("simulate", *words.split())
    assert complaint in str(caught.value)


def test_a_port_that_somebody_has_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["--base-port", str(taken.getsockname()[1])]
        done = subprocess.run(
            [sys.executable, "manage.py", "simulate", *words],
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The clusters cannot be started: ")
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
