"""The simulator: many clusters, one process, few threads."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import operations as _registers_all_opcodes  # noqa: F401
from .clock import Timer
from .cluster import SimulatedCluster
from .content.generate import generate
from .content.history import add_history
from .rfb.addresses import FIRST, AddressBlock
from .rfb.screen import Screen
from .rfb.server import RfbServer
from .server.certificate import load_or_make
from .server.connection import Server
from .server.listener import Listener, Port
from .shape import Shape
from .state import StateFile, config_from, restore_jobs


class Simulator:
    """Serves simulated clusters while it is open; `clusters` are the real objects behind them.

    Those of one seed that are made for the same moment `now` are alike in everything but their certificates.
    """

    def __init__(
        self,
        clusters: Sequence[Shape] = (Shape(),),
        *,
        seed: int = 0,
        speed: float = 1.0,
        state_dir: Path | str | None = None,
        base_port: int = 0,
        now: float | None = None,
    ) -> None:
        directory = None if state_dir is None else Path(state_dir)
        if directory is not None:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._timer, self._listener, self._rfb = Timer(), Listener(), RfbServer()
        self._block = AddressBlock() if any(shape.rfb for shape in clusters) else None
        self._base_port, self._seed, self._speed = base_port, seed, speed
        self._now = time.time() if now is None else now
        self._files: dict[SimulatedCluster, StateFile] = {}
        self._last_ports: dict[SimulatedCluster, int] = {}
        self._tls: dict[SimulatedCluster, ssl.SSLContext] = {}
        self.clusters = [self._make(shape, index, directory) for index, shape in enumerate(clusters)]

    def screen(self, name: str) -> Screen | None:
        """What the machine of that name shows on its screen, while it runs."""
        return self._rfb.screen(name)

    def _make(self, shape: Shape, index: int, directory: Path | None) -> SimulatedCluster:
        file = None if directory is None else StateFile(directory, shape)
        state = None if file is None else file.load()
        loopback = self._block.number if self._block else FIRST
        if state is None:
            config = generate(shape, seed=self._seed, index=index, loopback=loopback, now=self._now)
        else:
            config = config_from(state)
            for node in config.nodes.values():
                node.pip = node.sip = f"127.{loopback}." + node.pip.split(".", 2)[2]
        cluster = SimulatedCluster(shape, config, timer=self._timer, speed=self._speed)
        certificate = None if directory is None else directory / f"{shape.name}.pem"
        self._tls[cluster], cluster.fingerprint = load_or_make(certificate)
        self._recall(cluster, state)
        if file is not None:
            self._files[cluster] = file
        return cluster

    def _recall(self, cluster: SimulatedCluster, state: dict[str, Any] | None) -> None:
        if state is None:
            add_history(cluster, cluster.shape.past_jobs)
        else:
            restore_jobs(cluster, state)
            self._last_ports[cluster] = state["port"]

    def start(self) -> Self:
        """Opens the ports; everything is ready when it returns."""
        self._listener.start()
        for number, cluster in enumerate(self.clusters):
            port = self._open(cluster, number)
            cluster.port = port.address[1]
            cluster.on_refusal = partial(self._listener.refuse, port)
            if cluster.shape.rfb:
                self._rfb.watch(cluster)
            if cluster in self._files:
                self._files[cluster].follow(cluster)
        self._rfb.start()
        self._timer.start()
        return self

    def _open(self, cluster: SimulatedCluster, number: int) -> Port:
        serve = Server(cluster, self._listener, self._tls[cluster]).serve
        if self._base_port:
            return self._listener.open(cluster.address, self._base_port + number, serve)
        try:
            return self._listener.open(cluster.address, self._last_ports.get(cluster, 0), serve)
        except OSError:
            # Somebody else has last time's port by now.
            return self._listener.open(cluster.address, 0, serve)

    def stop(self) -> None:
        """Closes all ports, ends all threads, writes down what must be kept."""
        for cluster in self.clusters:
            cluster.close()
        self._listener.stop()
        self._timer.stop()
        self._rfb.stop()
        for cluster, file in self._files.items():
            file.save(cluster, clean=True)
        if self._block is not None:
            self._block.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
