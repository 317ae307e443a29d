"""A web process and the browsers that listen to it."""

from __future__ import annotations

import http.client
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Self

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpRequest

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.session_store import SessionStore
from ganeti_webmgr.environment import BASE_DIR

PATIENCE_S = 10


class Site:
    """A web process of its own on a free port, with the database of the tests."""

    def __init__(self, *, redis_url: str, **env: str) -> None:
        listening = socket.create_server(("127.0.0.1", 0), backlog=2000)
        self.port: int = listening.getsockname()[1]
        with listening:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.live.site", str(listening.fileno())],
                cwd=BASE_DIR,
                pass_fds=[listening.fileno()],
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "ganeti_webmgr.settings",
                    "DATABASE_URL": _database_url(),
                    "REDIS_URL": redis_url,
                    **env,
                },
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_S)

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        browser.request(method, path, headers=headers)
        return browser.getresponse()

    def listen(self, topics: str, *, session: str, **headers: str) -> Listening:
        """An open event stream; the page it belongs to was asked for at this moment."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        return Listening(self.ask(f"/events/?topics={topics}", Cookie=cookie, **headers))


class Listening:
    """One browser's end of an event stream."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        assert response.status == 200, response.status
        self._response = response
        self.last_id = ""
        self.retry_ms = 0
        # The first thing that comes says that the stream is open.
        self._message()

    def hears(self) -> set[str]:
        """The names in the next event; TimeoutError when none comes."""
        while True:
            message = self._message()
            if message is None:
                raise ConnectionError("The stream has ended")
            if "data" in message:
                return set(message["data"].split())

    def hears_nothing(self, *, for_s: float) -> bool:
        """Whether the stream stays silent for so long."""
        return not select.select([self._response.fp], [], [], for_s)[0]

    def ends_after(self) -> float:
        """The seconds until the server ends the stream."""
        began = time.monotonic()
        while self._message() is not None:
            pass
        return time.monotonic() - began

    def close(self) -> None:
        self._response.close()

    def _message(self) -> dict[str, str] | None:
        message: dict[str, str] = {}
        while line := self._response.readline():
            text = line.decode().rstrip("\n")
            if not text:
                self.last_id = message.get("id", self.last_id)
                self.retry_ms = int(message.get("retry", self.retry_ms))
                return message
            name, _, value = text.partition(": ")
            message[name] = value
        return None


def eventually(happens: Callable[[], bool]) -> bool:
    """Whether it happens within the patience."""
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def person(name: str, *things: int, superuser: bool = False) -> User:
    """Somebody who may see these things."""
    user = User.objects.create_user(username=name, password="a password", is_superuser=superuser)
    for thing in things:
        user.groups.add(Group.objects.get_or_create(name=f"thing {thing}")[0])
    return user


def sign_in(user: User) -> SessionStore:
    """A session of the user, as Django begins one."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return request.session


def _database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return f"postgresql://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
