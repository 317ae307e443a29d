"""The processes of the site for real, as `make run` starts them, on a Redis of their own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import redis
import requests
from django.conf import settings

from ganeti_webmgr.celery import app
from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.run.children import manage, site
from ganeti_webmgr.run.redis import private_redis
from tests.waiting import until

ENDS_WITH_US = ["setpriv", "--pdeathsig", "KILL"]


def database_url(place: dict[str, Any]) -> str:
    """A DATABASE_URL for the connection with these settings."""
    if place["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{place['NAME']}"
    who = f"{place['USER']}:{quote(place['PASSWORD'])}@" if place["PASSWORD"] else f"{place['USER']}@"
    port = f":{place['PORT']}" if place["PORT"] else ""
    return f"postgresql://{who}{quote(place['HOST'], safe='')}{port}/{place['NAME']}"


class Processes:
    """Web, worker, beat and Redis; each is started, killed and started again by its name."""

    def __init__(self, directory: Path, *, database: str) -> None:
        self.directory = directory
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=2000)
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._socket = directory / "redis" / "redis.sock"
        self.redis_url = f"unix://{self._socket}"
        self.broker_url = f"redis+socket://{self._socket}"
        self._env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ganeti_webmgr.settings",
            "DATABASE_URL": database,
            "REDIS_URL": self.redis_url,
            "PYTHONUNBUFFERED": "1",
        }
        self._for_consoles = socket.create_server(("127.0.0.1", 0))
        self.console_port: int = self._for_consoles.getsockname()[1]
        self._env["GWM_CONSOLE_PORT"] = str(self.console_port)
        children = [
            private_redis(self._socket),
            *site(web_fd=self._listening.fileno(), console_fd=self._for_consoles.fileno()),
        ]
        self._known = {child.name: child for child in children}

    def start(self, *names: str) -> None:
        """Starts them. A number behind a name makes it another one of the kind: "worker-2"."""
        for name in names:
            if name == "web" and not (settings.STATIC_ROOT / "staticfiles.json").exists():
                command = manage("collectstatic", "--no-input", "-v0")
                subprocess.run(command, env=self._env, check=True)
            child = self._known[name.partition("-")[0]]
            with (self.directory / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [*ENDS_WITH_US, *child.argv],
                    cwd=BASE_DIR,
                    env={**self._env, **child.env},
                    stdout=log,
                    stderr=log,
                    pass_fds=list(child.inherits),
                )
            if name == "redis":
                until(self._accepts)
            if name == "web":
                until(self._answers)

    def kill(self, *names: str) -> None:
        """Ends them as the kernel would: at once, in the middle of whatever they do."""
        for name in names:
            process = self.running.pop(name)
            process.kill()
            process.wait()

    def ring(self, task: str, *args: object) -> None:
        """Rings the bell of that task once more, as a broker does that delivers twice."""
        with app.connection_for_write(self.broker_url) as broker:
            app.send_task(task, args, connection=broker)

    def _accepts(self) -> bool:
        with contextlib.suppress(redis.ConnectionError), redis.Redis.from_url(self.redis_url) as broker:
            return bool(broker.ping())
        return False

    def _answers(self) -> bool:
        return requests.get(f"{self.address}/healthz", timeout=20).ok

    def said(self, name: str) -> str:
        """What the process has written."""
        return (self.directory / f"{name}.log").read_text()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill(*self.running)
        self._listening.close()
        self._for_consoles.close()
