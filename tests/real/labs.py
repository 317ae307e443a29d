"""The real clusters of the lab: how to reach them, and their command line."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ganeti_webmgr import rapi

KIT = Path(__file__).parent / "lab"
NAMES = ("lab1", "lab2")


@dataclass
class Lab:
    """One real cluster that is up; its user may write."""

    name: str
    _status: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        told = subprocess.run([KIT / "status", self.name], capture_output=True, text=True, check=True)
        self._status = json.loads(told.stdout)[self.name]

    @property
    def url(self) -> str:
        return str(self._status["rapi_url"])

    @property
    def user(self) -> str:
        return str(self._status["user"])

    @property
    def password(self) -> str:
        return str(self._status["password"])

    @property
    def reader(self) -> tuple[str, str]:
        """Name and password of somebody who may not write."""
        return str(self._status["read_only_user"]), str(self._status["read_only_password"])

    @property
    def hashed(self) -> tuple[str, str]:
        """Name and password of somebody of whose password the cluster knows a digest only."""
        return str(self._status["hashed_user"]), str(self._status["hashed_password"])

    @property
    def domain(self) -> str:
        """What the names of its machines end in."""
        return str(self._status["cluster"])

    @cached_property
    def fingerprint(self) -> str:
        return rapi.fetch_fingerprint(self.url)

    def client(self) -> rapi.Client:
        """A client that may do everything."""
        return rapi.Client(
            self.url, user=self.user, password=self.password, tls=rapi.Pinned(sha256=self.fingerprint)
        )

    def table(self, command: str, verb: str, *words: str) -> list[list[str]]:
        """The rows that a command which lists something prints."""
        printed = self.command(command, verb, "--no-headers", "--separator=|", *words)
        return [line.split("|") for line in printed.splitlines()]

    def command(self, *words: str) -> str:
        """What the command prints on the cluster's master."""
        script = f'. "{KIT}/lib/lab.sh"; . "{KIT}/lib/lab2.sh"; lab=$1; shift; '
        script += 'if [ "$lab" = lab2 ]; then on_master "$@"; else in_lab "$lab" "$@"; fi'
        done = subprocess.run(
            ["/bin/bash", "-euc", script, "lab", self.name, *words],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def finished(client: rapi.Client, job_id: int) -> rapi.Job:
    """The job once it has ended."""
    while not (job := client.jobs.get(job_id)).is_final:
        client.jobs.wait(job_id, previous=[job.status])
    return job


def words(value: object) -> str:
    """A value as the command line prints it."""
    if value is None:
        return "-"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
