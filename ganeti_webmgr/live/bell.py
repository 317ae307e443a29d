"""A bell on Redis that wakes the hubs early. It may be missing: the hubs look by themselves as well."""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    import threading

CHANNEL = "gwm:live"
# A commit must not wait for a Redis that is away: little patience, and none for a while after a failure.
PATIENCE_S = 0.25
REST_S = 5.0
BURST_S = 0.02

_log = logging.getLogger(__name__)


class _Outage:
    """Whether Redis is left alone for a while. Its beginning and its end are logged, nothing between."""

    def __init__(self) -> None:
        self._rest_until = 0.0
        self._down = False

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._rest_until

    def begin(self, error: redis.RedisError) -> None:
        self._rest_until = time.monotonic() + REST_S
        if not self._down:
            self._down = True
            _log.warning("Live updates do without Redis and come a little later: %s", error)

    def end(self) -> None:
        if self._down:
            self._down = False
            _log.info("Live updates have Redis again")


@cache
def _client() -> redis.Redis:
    client: redis.Redis = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )
    return client


_ringing = _Outage()


def ring() -> None:
    """Wake every hub that listens. Never raises."""
    if _ringing.resting:
        return
    try:
        _client().publish(CHANNEL, b"")
    except redis.RedisError as error:
        _ringing.begin(error)
    else:
        _ringing.end()


class Listener:
    """Waits for the bell, or for time to pass, whichever is first. For one thread."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._outage = _Outage()
        self._subscription: Any = None

    def wait(self, seconds: float) -> None:
        """Return when the bell has rung, or when the seconds have passed."""
        try:
            if self._subscription is None and not self._outage.resting:
                self._subscription = self._subscribe()
            if self._subscription is not None:
                return self._hear(self._subscription, seconds)
        except redis.RedisError as error:
            self._outage.begin(error)
            self.close()
        self._stopping.wait(seconds)
        return None

    def close(self) -> None:
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None

    def _subscribe(self) -> Any:
        subscription: Any = _client().pubsub()  # type: ignore[no-untyped-call]
        subscription.subscribe(CHANNEL)
        self._outage.end()
        return subscription

    def _hear(self, subscription: Any, seconds: float) -> None:
        if subscription.get_message(timeout=seconds) is None:
            return
        # One look serves a whole burst of commits.
        self._stopping.wait(BURST_S)
        while subscription.get_message() is not None:
            pass
