"""The site as it is served, with one kind of topic of the tests' own: `python -m tests.live.site FD`."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from ganeti_webmgr.asgi import application
from ganeti_webmgr.live import topics

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


def things_of(user: AbstractUser, ids: set[int]) -> set[int]:
    """Which things a user may see: 7 as a member of the group "thing 7", and as a superuser all of them."""
    if user.is_superuser:
        return ids
    names = user.groups.values_list("name", flat=True)
    return {int(name.removeprefix("thing ")) for name in names if name.startswith("thing ")}


def main() -> None:
    topics.register("thing", things_of)
    topics.register("cluster", lambda user, ids: ids)
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
