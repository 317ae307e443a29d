"""How many open pages one web process carries: `python -m tests.bench.streams [--streams 1000]`.

Every stream has a user and a session of its own, which is the dearest case. Browsers, publisher, web process
and database share this machine. DATABASE_URL chooses the database, as for the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, connections  # noqa: E402

from ganeti_webmgr.accounts.models import User  # noqa: E402
from ganeti_webmgr.live import publish  # noqa: E402
from ganeti_webmgr.run.redis import private_redis  # noqa: E402
from tests.live.scene import Site, eventually, sign_in  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE_S = 20
ROUNDS = 20


class Load(NamedTuple):
    """What a process uses, as the kernel counts it."""

    pss_kib: int
    threads: int
    files: int
    cpu_s: float


class Browser(asyncio.Protocol):
    """One open stream, which notes when it was told something."""

    def __init__(self, session: str, *, topics: str, heard: Callable[[float], None]) -> None:
        self.session = session
        self.topics = topics
        self.heard = heard
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        request = (
            f"GET /events/?topics={self.topics} HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={self.session}\r\n\r\n"
        )
        transport.write(request.encode())

    def data_received(self, data: bytes) -> None:
        if b"\ndata: " in data:
            self.heard(time.perf_counter())
        elif not self.opened.done() and b"retry: " in data:
            self.opened.set_result(None)


def load_of(pid: int) -> Load:
    process = Path(f"/proc/{pid}")
    pss = next(
        line for line in (process / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:")
    )
    times = (process / "stat").read_text().rpartition(")")[2].split()
    return Load(
        pss_kib=int(pss.split()[1]),
        threads=len(list((process / "task").iterdir())),
        files=len(list((process / "fd").iterdir())),
        cpu_s=(int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"),
    )


def sessions_of_strangers(count: int) -> list[str]:
    """The keys of as many sessions, each of somebody else, who may see the thing of his own number."""
    users = User.objects.bulk_create([User(username=f"browser {n}", password="!") for n in range(count)])
    groups = Group.objects.bulk_create([Group(name=f"thing {n}") for n in range(count)])
    member = User.groups.through
    member.objects.bulk_create(
        [member(user=user, group=group) for user, group in zip(users, groups, strict=True)]
    )
    return [str(sign_in(user).session_key) for user in users]


def commit(topic: str) -> None:
    """Publish from another connection, which is left to nobody."""
    publish(topic)
    connections.close_all()


async def delays(topics: list[str], *, hearers: int, told: asyncio.Queue[float]) -> list[float]:
    """Milliseconds from before each commit to each browser that hears of it."""
    found = []
    for topic in topics:
        await asyncio.sleep(1.0)
        committed = time.perf_counter()
        await asyncio.to_thread(commit, topic)
        found += [(await told.get() - committed) * 1000 for _ in range(hearers)]
    return found


async def measure(site: Site, sessions: list[str]) -> list[tuple[str, str]]:
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[float] = asyncio.Queue()
    pid = site.process.pid
    before = load_of(pid)
    began = time.perf_counter()
    browsers = []
    for number, session in enumerate(sessions):
        asks = partial(Browser, session, topics=f"cluster:1,thing:{number}", heard=told.put_nowait)
        _, browser = await loop.create_connection(asks, "127.0.0.1", site.port)
        browsers.append(browser)
    await asyncio.gather(*(browser.opened for browser in browsers))
    opening_s = time.perf_counter() - began

    quiet = load_of(pid)
    await asyncio.sleep(IDLE_S)
    after = load_of(pid)
    one = await delays([f"thing:{number}" for number in range(ROUNDS)], hearers=1, told=told)
    busy = load_of(pid)
    began = time.perf_counter()
    everybody = await delays(["cluster:1"] * ROUNDS, hearers=len(sessions), told=told)
    took_s = time.perf_counter() - began
    full = load_of(pid)
    return [
        ("open streams", f"{len(sessions)}, opened in {opening_s:.1f} s"),
        ("memory (PSS)", f"{before.pss_kib / 1024:.0f} -> {full.pss_kib / 1024:.0f} MiB"),
        ("  for each stream", f"{(full.pss_kib - before.pss_kib) / len(sessions):.1f} KiB"),
        ("threads", f"{before.threads} -> {full.threads}"),
        ("open files", f"{before.files} -> {full.files}"),
        ("CPU while nothing changes", f"{100 * (after.cpu_s - quiet.cpu_s) / IDLE_S:.1f} % of a core"),
        ("commit to browser, one hears", times(one)),
        ("commit to browser, all hear", times(everybody)),
        ("CPU while all hear, once a second", f"{100 * (full.cpu_s - busy.cpu_s) / took_s:.0f} % of a core"),
    ]


def times(milliseconds: list[float]) -> str:
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    return f"median {statistics.median(milliseconds):.0f} ms, p95 {p95:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    streams = parser.parse_args().streams
    # One file for each stream, here and in the web process, which inherits this.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    place = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        socket = Path(settings.REDIS_URL.removeprefix("unix://"))
        with subprocess.Popen(private_redis(socket).argv, stdout=subprocess.DEVNULL) as redis:
            try:
                assert eventually(socket.exists), "Redis does not start"
                sessions = sessions_of_strangers(streams)
                with Site(redis_url=settings.REDIS_URL) as site:
                    site.ask("/healthz")
                    rows = asyncio.run(measure(site, sessions))
            finally:
                redis.terminate()
    finally:
        connection.creation.destroy_test_db(place, verbosity=0)
    print(f"Event streams on one web process, {connection.vendor}")
    for name, value in rows:
        print(f"  {name:36} {value}")


if __name__ == "__main__":
    main()
