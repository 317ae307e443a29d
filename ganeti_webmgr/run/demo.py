"""The demonstration: a simulator with two clusters, for whoever has no Ganeti at hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ganeti_webmgr.run.children import Child, manage
from ganeti_webmgr.run.prepare import command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ganeti_webmgr.run.console import Console
    from ganeti_webmgr.run.supervisor import Supervisor

NODES = (5, 3)
MACHINES = (40, 12)


async def start_demo(
    supervisor: Supervisor, *, console: Console, env: Mapping[str, str], directory: Path
) -> None:
    """Starts the simulator where the database has no cluster, or has those of an earlier demonstration.

    Whoever has clusters of his own never meets it, and a demonstration cluster that was removed stays away.
    """
    known = {
        cluster["url"]: cluster["name"]
        for cluster in map(json.loads, (await command("listclusters", env=env)).splitlines())
    }
    added = _Added(directory / "added.json")
    if added.urls.isdisjoint(known):
        if known:
            return
        added.urls.clear()
    lines = await supervisor.start(_simulator(directory))
    for cluster in map(json.loads, filter(_is_cluster, lines)):
        if cluster["url"] in added.urls:
            continue
        if cluster["name"] in known.values():
            console.line("simulator", f"somebody else has the port of {cluster['name']}: it stays silent")
            continue
        outcome = await command(
            *("addcluster", cluster["name"], cluster["url"], "--user", cluster["user"]),
            *("--password-stdin", "--fingerprint", cluster["fingerprint"]),
            stdin=cluster["password"],
            env=env,
        )
        added.add(cluster["url"])
        console.line("setup", outcome.strip())
    if furnished := (await command("furnishdemo", env=env)).strip():
        console.line("setup", furnished)


class _Added:
    """The clusters that a demonstration added, remembered over restarts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.urls: set[str] = set(json.loads(path.read_text())) if path.exists() else set()

    def add(self, url: str) -> None:
        self.urls.add(url)
        self._path.write_text(json.dumps(sorted(self.urls)))


def _simulator(directory: Path) -> Child:
    numbers = {"--nodes": NODES, "--machines": MACHINES}
    return Child(
        name="simulator",
        argv=[
            *manage("simulate", "--clusters", str(len(NODES)), "--state", str(directory)),
            *(word for name, each in numbers.items() for word in (name, ",".join(map(str, each)))),
        ],
        ready=_all_there,
    )


def _all_there(lines: Sequence[str]) -> bool:
    return sum(map(_is_cluster, lines)) == len(NODES)


def _is_cluster(line: str) -> bool:
    return line.startswith("{")
