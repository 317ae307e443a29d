"""One simulated cluster: what tests hold in their hands, and what its server asks."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .clock import Timer
from .faults import Faults, Kind
from .jobs.filters import FilterRules
from .jobs.job import Job
from .jobs.queue import Queue
from .model.config import Config
from .model.instance import Instance
from .model.naming import Named
from .model.network import Network
from .model.node import Group, Node
from .model.status import status_of
from .query.cache import Cache
from .shape import Shape

if TYPE_CHECKING:
    from .server.request import Request

KEPT_REQUESTS = 10_000


class SimulatedCluster:
    """A Ganeti in memory. Its objects are real: look at them and change them, in steps with `lock` held."""

    def __init__(self, shape: Shape, config: Config, *, timer: Timer, speed: float) -> None:
        self.shape, self.config = shape, config
        self.timer, self.speed = timer, speed
        self.lock = threading.RLock()
        self.news = threading.Condition(self.lock)
        self.generation = 0
        self.closed = False
        self.faults = Faults()
        self.queue = Queue(self)
        self.filter_rules = FilterRules(self)
        self.cache = Cache(self)
        self.requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self.users = {
            shape.user: (shape.password, frozenset({"read", "write"})),
            "reader": ("reader-secret", frozenset({"read"})),
            "guest": ("guest-secret", frozenset[str]()),
        }
        self._hanging: list[socket.socket] = []
        self.healings = 0
        self.address, self.port, self.fingerprint = "127.0.0.1", 0, ""
        self.observers: list[Callable[[], None]] = []
        self.on_refusal: Callable[[bool], None] = lambda refusing: None
        for collection in (config.nodes, config.groups, config.networks, config.instances):
            collection.on_change = self.touched
            for item in collection.values():
                item.watch(self.touched)

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def slug(self) -> str:
        return self.shape.name

    @property
    def user(self) -> str:
        return self.shape.user

    @property
    def password(self) -> str:
        return self.shape.password

    @property
    def url(self) -> str:
        return f"https://{self.address}:{self.port}"

    @property
    def instances(self) -> Named[Instance]:
        return self.config.instances

    @property
    def nodes(self) -> Named[Node]:
        return self.config.nodes

    @property
    def groups(self) -> Named[Group]:
        return self.config.groups

    @property
    def networks(self) -> Named[Network]:
        return self.config.networks

    @property
    def jobs(self) -> list[Job]:
        """All jobs there are, oldest first."""
        with self.lock:
            return list(self.queue.jobs.values())

    def status(self, instance: str) -> str:
        """Ganeti's word for the state of that instance."""
        with self.lock:
            return status_of(self.config, self.instances[instance])

    def with_status(self, status: str) -> list[Instance]:
        """All instances in that state."""
        with self.lock:
            return [item for item in self.instances.values() if status_of(self.config, item) == status]

    def set_node_offline(self, name: str, *, offline: bool = True) -> None:
        """As `gnt-node modify --offline` would, without a job."""
        with self.change():
            node = self.nodes[name]
            node.offline = offline
            node.touch(self.now())

    def wait_for_jobs(self, *, timeout_s: float = 30) -> None:
        """Returns when every job has ended; raises TimeoutError."""
        with self.lock:
            done = self.news.wait_for(
                lambda: all(job.is_final for job in self.queue.jobs.values()), timeout=timeout_s
            )
        if not done:
            raise TimeoutError(f"jobs of {self.name} are still open")

    def fault(
        self,
        kind: Kind,
        *,
        path: str | None = None,
        method: str | None = None,
        times: int | None = None,
        delay_s: float = 5.0,
    ) -> None:
        """Makes the cluster misbehave towards requests of that method whose path matches, so many times.

        Without method and path `refuse` turns away connections; else the request is read and cut off.
        """
        self.faults.order(kind, path=path, method=method, times=times, delay_s=delay_s)
        self.on_refusal(self.faults.refuses_everything())

    def heal(self) -> None:
        """Ends all faults; whoever was kept hanging is let go."""
        self.faults.clear()
        self._let_go()
        self.on_refusal(False)

    def now(self) -> float:
        return time.time()

    def touched(self) -> None:
        """Notes that something may look different from now on."""
        self.generation += 1
        for observer in self.observers:
            observer()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Holds the lock, and afterwards tells everybody who waits for news."""
        with self.lock:
            yield
            self.touched()
            self.news.notify_all()

    def keep_hanging(self, connection: socket.socket, *, since: int) -> None:
        """Leaves it open without a word until the cluster is healed or closed; was it since, until now."""
        with self.lock:
            if self.healings == since:
                self._hanging.append(connection)
                return
        connection.close()

    def _let_go(self) -> None:
        with self.lock:
            self.healings += 1
            while self._hanging:
                self._hanging.pop().close()

    def close(self) -> None:
        """Lets everybody go who waits for something."""
        with self.change():
            self.closed = True
        self._let_go()
