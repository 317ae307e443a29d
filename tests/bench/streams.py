"""How many open pages one web process carries.

Every stream has a user and a session of its own, which is the dearest case. Browsers, publisher, web process
and database share this machine.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connections

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.live import publish
from tests.bench.figures import Times
from tests.bench.machine import described
from tests.bench.process import load_of
from tests.bench.site import site
from tests.bench.table import show
from tests.live.scene import Site, sign_in

STREAMS = 1000
IDLE_S = 20
ROUNDS = 20
PATIENCE_S = 300


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


def run() -> bool:
    """There is nothing that it would have to stay within."""
    # One file for each stream, here and in the web process, which inherits this.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with site():
        print(f"\nEvent streams on one web process. {described()}.")
        sessions = sessions_of_strangers(STREAMS)
        with Site(redis_url=settings.REDIS_URL) as web:
            web.ask("/healthz")
            show(asyncio.run(asyncio.wait_for(measure(web, sessions), PATIENCE_S)))
    return True


def sessions_of_strangers(count: int) -> list[str]:
    """The keys of as many sessions, each of somebody else, who may see the thing of his own number."""
    users = User.objects.bulk_create([User(username=f"browser {n}", password="!") for n in range(count)])
    groups = Group.objects.bulk_create([Group(name=f"thing {n}") for n in range(count)])
    member = User.groups.through
    member.objects.bulk_create(
        [member(user=user, group=group) for user, group in zip(users, groups, strict=True)]
    )
    return [str(sign_in(user).session_key) for user in users]


async def measure(web: Site, sessions: list[str]) -> list[tuple[str, str]]:
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[float] = asyncio.Queue()
    pid = web.process.pid
    before = load_of(pid)
    began = time.perf_counter()
    browsers = []
    for number, session in enumerate(sessions):
        asks = partial(Browser, session, topics=f"cluster:1,thing:{number}", heard=told.put_nowait)
        _, browser = await loop.create_connection(asks, "127.0.0.1", web.port)
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
        ("commit to browser, one hears", str(Times.of(one))),
        ("commit to browser, all hear", str(Times.of(everybody))),
        ("CPU while all hear, once a second", f"{100 * (full.cpu_s - busy.cpu_s) / took_s:.0f} % of a core"),
    ]


async def delays(topics: list[str], *, hearers: int, told: asyncio.Queue[float]) -> list[float]:
    """Milliseconds from before each commit to each browser that hears of it."""
    found = []
    for topic in topics:
        await asyncio.sleep(1.0)  # a second between two commits is what is measured
        committed = time.perf_counter()
        await asyncio.to_thread(commit, topic)
        found += [(await told.get() - committed) * 1000 for _ in range(hearers)]
    return found


def commit(topic: str) -> None:
    """Publish from another connection, which is left to nobody."""
    publish(topic)
    connections.close_all()
