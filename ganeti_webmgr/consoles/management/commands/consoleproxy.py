"""The console proxy."""

from __future__ import annotations

import argparse
import resource
import signal
import socket
import sys
import threading
import time
import warnings
from typing import Any

# websockify would load it to unmask what browsers send, at 10 MB; ours does without.
sys.modules["numpy"] = None  # type: ignore[assignment]
warnings.filterwarnings("ignore", message="no 'numpy' module", category=UserWarning)

from django.conf import settings  # noqa: E402
from django.core.management.base import BaseCommand, CommandError  # noqa: E402

from ganeti_webmgr.consoles import endings  # noqa: E402
from ganeti_webmgr.consoles.proxy.server import Server  # noqa: E402
from ganeti_webmgr.consoles.proxy.watch import Watch  # noqa: E402

GOODBYES_S = 5


class Command(BaseCommand):
    help = "Relays the screens of machines to browsers that show a ticket, until it is told to end."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--listen", metavar="ADDRESS:PORT", help="default: GWM_CONSOLE_LISTEN")
        where.add_argument("--fd", type=int, help="a listening socket that was inherited")

    def handle(self, *args: Any, listen: str | None, fd: int | None, **options: Any) -> None:
        # Each console is two descriptors, and the usual limit is 1,024.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        listening = (
            socket.socket(fileno=fd) if fd is not None else _listening(listen or settings.CONSOLE_LISTEN)
        )
        with Server(listening) as server:
            watch = Watch(server)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
            watch.start()
            server.serve_forever()
            watch.end_all(endings.STOPPING)
            deadline = time.monotonic() + GOODBYES_S
            while server.visits() and time.monotonic() < deadline:
                time.sleep(0.05)
            watch.stop()


def _listening(place: str) -> socket.socket:
    host, _, port = place.rpartition(":")
    if not port.isdigit():
        raise CommandError(f"{place} is not ADDRESS:PORT.")
    host = host.strip("[]")
    try:
        return socket.create_server(
            (host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise CommandError(f"Cannot listen on {place}: {error.strerror}.") from None
