"""The processes of the tree, as data. A new one is one entry here."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ganeti_webmgr.environment import BASE_DIR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process to start and to keep running."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[Sequence[str]], bool] | None = None
    """Whether the lines that it printed so far mean that it is ready. They are for us, and not shown."""
    talkative: bool = False
    """Its lines are shown only when it died of something."""
    inherits: Sequence[int] = ()
    """File descriptors that it is given."""


def python(*args: str) -> list[str]:
    return [sys.executable, *args]


def manage(*args: str) -> list[str]:
    return python(str(BASE_DIR / "manage.py"), *args)


# Celery's eight lines about it would be the first thing that someone sees who tries the site in a container.
_TRIED_OUT_AS_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}


def site(*, web_fd: int, console_fd: int) -> list[Child]:
    """The processes of the site itself: one of each, which is what one machine needs."""
    web = ("uvicorn", "ganeti_webmgr.asgi:application", "--fd", str(web_fd), "--workers", "1")
    web_manners = ("--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "warning")
    celery = ("celery", "--quiet", "--app", "ganeti_webmgr")
    worker = ("worker", "--pool", "threads", "--concurrency", "32", "--without-gossip", "--without-mingle")
    # The schedule is code, and what is due is in the database: beat has nothing to keep in a file.
    beat = ("beat", "--scheduler", "celery.beat:Scheduler")
    warnings = ("--loglevel", "WARNING")
    return [
        Child(name="web", argv=python("-m", *web, *web_manners), inherits=[web_fd]),
        Child(name="worker", argv=python("-m", *celery, *worker, *warnings), env=_TRIED_OUT_AS_ROOT),
        Child(name="beat", argv=python("-m", *celery, *beat, *warnings)),
        Child(name="console", argv=manage("consoleproxy", "--fd", str(console_fd)), inherits=[console_fd]),
    ]
