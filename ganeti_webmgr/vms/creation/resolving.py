"""Whether a name has an address yet: worth a word, and never worth waiting for."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait

from django.core.cache import cache

PATIENCE_S = 0.4
REMEMBERED_S = 60
MOST_ASKED = 20
_askers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


def unresolved(names: Iterable[str]) -> list[str]:
    """Those that have no address, as far as that is known in an instant; only the first few are looked at."""
    asked = {name: _askers.submit(_resolves, name) for name in list(names)[:MOST_ASKED]}
    wait(asked.values(), timeout=PATIENCE_S)
    return [name for name, answer in asked.items() if answer.done() and not answer.result()]


def _resolves(name: str) -> bool:
    key = f"resolves:{name}"
    known = cache.get(key)
    if known is None:
        known = False
        with contextlib.suppress(OSError, UnicodeError):
            known = bool(socket.getaddrinfo(name, None))
        cache.set(key, known, REMEMBERED_S)
    return bool(known)
