"""The thread that listens for all machines that run and serves whoever looks."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .screen import Screen
from .viewer import Broken, Viewer

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster
    from ..model.instance import Instance

log = logging.getLogger(__name__)

Address = tuple[str, int]


@dataclass
class Door:
    """The listening socket of one machine, its screen, and those who look at it."""

    owner: str
    listening: socket.socket
    screen: Screen
    viewers: dict[socket.socket, Viewer] = field(default_factory=dict)


class RfbServer:
    """Keeps a door open for each running machine; costs nothing while nobody looks."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._doors: dict[Address, Door] = {}
        self._changed: set[SimulatedCluster] = set()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="simulator-rfb", daemon=True)

    def start(self) -> None:
        """The doors are open when it returns."""
        self._follow()
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._poke()
        self._thread.join()
        for address in list(self._doors):
            self._close(address)
        self._selector.close()
        self._wake.close()
        self._woken.close()

    def watch(self, cluster: SimulatedCluster) -> None:
        """From now on follows what starts and stops there."""

        def changed() -> None:
            if cluster not in self._changed:
                self._changed.add(cluster)
                self._poke()

        cluster.observers.append(changed)
        changed()

    def screen(self, name: str) -> Screen | None:
        """What the machine of that name shows, while it runs."""
        return next((door.screen for door in self._doors.values() if door.owner.endswith(f"/{name}")), None)

    def _poke(self) -> None:
        # Either it is awake, or it has ended.
        with contextlib.suppress(OSError):
            self._wake.send(b"x")

    def _run(self) -> None:
        while not self._stopping:
            for key, events in self._selector.select(self._patience()):
                if key.data is None:
                    self._woken.recv(4096)
                elif key.fileobj is key.data.listening:
                    self._accept(key.data)
                else:
                    self._serve(key.data, key.fileobj, events)  # type: ignore[arg-type]
            self._follow()
            self._tick()

    def _patience(self) -> float | None:
        """Until the clocks move on, if anybody waits for that."""
        watched = any(door.viewers for door in self._doors.values())
        return 1.0 - time.time() % 1.0 + 0.01 if watched else None

    def _follow(self) -> None:
        while self._changed:
            self._reconcile(self._changed.pop())

    def _reconcile(self, cluster: SimulatedCluster) -> None:
        with cluster.lock:
            wanted = {
                address: instance
                for instance in cluster.instances.values()
                if (address := screen_address(cluster, instance)) is not None
            }
            titles = {address: _screen(instance) for address, instance in wanted.items()}
        for address, door in list(self._doors.items()):
            if door.owner.startswith(cluster.name + "/") and (
                address not in wanted or door.owner != _owner(cluster, wanted[address])
            ):
                self._close(address)
        for address, instance in wanted.items():
            if address not in self._doors:
                self._open(address, _owner(cluster, instance), titles[address])

    def _open(self, address: Address, owner: str, screen: tuple[str, str]) -> None:
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(address)
        except OSError as error:
            log.warning("no screen at %s:%s: %s", *address, error)
            opened.close()
            return
        opened.setblocking(False)
        opened.listen(8)
        door = Door(owner, opened, Screen(*screen))
        self._doors[address] = door
        self._selector.register(opened, selectors.EVENT_READ, door)

    def _close(self, address: Address) -> None:
        door = self._doors.pop(address)
        # First, so that nobody who is shown out finds the door still open.
        self._selector.unregister(door.listening)
        door.listening.close()
        for viewer in list(door.viewers):
            self._leave(door, viewer)

    def _accept(self, door: Door) -> None:
        with contextlib.suppress(OSError):
            connection, _ = door.listening.accept()
            connection.setblocking(False)
            door.viewers[connection] = Viewer(door.screen)
            self._selector.register(connection, selectors.EVENT_READ, door)
            self._flush(door, connection)

    def _serve(self, door: Door, connection: socket.socket, events: int) -> None:
        if connection not in door.viewers:
            return
        try:
            if events & selectors.EVENT_READ:
                data = connection.recv(65536)
                if not data:
                    self._leave(door, connection)
                    return
                door.viewers[connection].feed(data)
        except BlockingIOError:
            return
        except (OSError, Broken):
            self._leave(door, connection)
            return
        for other in list(door.viewers):
            self._flush(door, other)

    def _flush(self, door: Door, connection: socket.socket) -> None:
        viewer = door.viewers[connection]
        viewer.update()
        try:
            while viewer.out:
                sent = connection.send(viewer.out)
                del viewer.out[:sent]
        except BlockingIOError:
            self._selector.modify(connection, selectors.EVENT_READ | selectors.EVENT_WRITE, door)
        except OSError:
            self._leave(door, connection)
        else:
            self._selector.modify(connection, selectors.EVENT_READ, door)

    def _tick(self) -> None:
        for door in list(self._doors.values()):
            if door.viewers:
                door.screen.tick()
                for connection in list(door.viewers):
                    self._flush(door, connection)

    def _leave(self, door: Door, connection: socket.socket) -> None:
        door.viewers.pop(connection, None)
        self._selector.unregister(connection)
        connection.close()


def screen_address(cluster: SimulatedCluster, instance: Instance) -> Address | None:
    """Where the machine's screen can be had, if it runs and has one."""
    running = instance.running
    if running is None or instance.network_port is None:
        return None
    bind = running.hvparams.get("vnc_bind_address", "")
    if not bind or bind.startswith("/") or instance.hypervisor not in ("kvm", "xen-hvm"):
        return None
    node = cluster.nodes.get(running.node)
    if node is None or node.offline or not node.reachable:
        return None
    return (bind if bind.startswith("127.") else node.pip), instance.network_port


def _owner(cluster: SimulatedCluster, instance: Instance) -> str:
    return f"{cluster.name}/{instance.uuid}/{instance.name}"


def _screen(instance: Instance) -> tuple[str, str]:
    return instance.name, f"{instance.os}  port {instance.network_port}"
