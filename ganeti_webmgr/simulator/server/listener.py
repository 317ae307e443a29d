"""One thread that accepts for all clusters, and a pool of threads that answers."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import struct
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

THREADS = 48
RESET = struct.pack("ii", 1, 0)

Serve = Callable[[socket.socket], None]


class Port:
    """A listening socket that can be made to refuse connections without losing its number."""

    def __init__(self, address: str, port: int, serve: Serve) -> None:
        self.serve = serve
        self.socket = _bound(address, port)
        self.socket.listen(128)
        self.address: tuple[str, int] = self.socket.getsockname()
        self.refusing = False


class Listener:
    """All ports of a simulator."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="simulator-rapi")
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._todo: list[Callable[[], object]] = []
        self._ports: list[Port] = []
        self._connections: weakref.WeakSet[ssl.SSLSocket] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="simulator-accept", daemon=True)
        self._selector.register(self._woken, selectors.EVENT_READ, None)

    def start(self) -> None:
        self._thread.start()

    def open(self, address: str, port: int, serve: Serve) -> Port:
        opened = Port(address, port, serve)
        self._ports.append(opened)
        self._in_thread(lambda: self._selector.register(opened.socket, selectors.EVENT_READ, opened))
        return opened

    def refuse(self, port: Port, refusing: bool) -> None:
        """Makes the port refuse connections, or take them again; returns when it does."""
        if port.refusing == refusing:
            return
        port.refusing = refusing
        done = threading.Event()
        self._in_thread(lambda: self._switch(port, done))
        done.wait(5)

    def _switch(self, port: Port, done: threading.Event) -> None:
        # A socket that is bound but does not listen keeps the number and refuses connections.
        if port.refusing:
            self._selector.unregister(port.socket)
            port.socket.close()
            port.socket = _bound(*port.address)
        else:
            port.socket.listen(128)
            self._selector.register(port.socket, selectors.EVENT_READ, port)
        done.set()

    def stop(self) -> None:
        self._stopping = True
        self._in_thread(lambda: None)
        self._thread.join()
        for port in self._ports:
            port.socket.close()
        with self._lock:
            for connection in self._connections:
                _end(connection)
        self._pool.shutdown(cancel_futures=True)
        self._selector.close()
        self._wake.close()
        self._woken.close()

    def remember(self, connection: ssl.SSLSocket) -> None:
        """Nobody is to wait on this connection any more once the listener stops."""
        with self._lock:
            self._connections.add(connection)
            if self._stopping:
                _end(connection)

    def submit(self, work: Callable[[], None]) -> None:
        """Does it in one of the answering threads."""
        if not self._stopping:
            self._pool.submit(work)

    def _in_thread(self, call: Callable[[], object]) -> None:
        self._todo.append(call)
        self._wake.send(b"x")

    def _run(self) -> None:
        while not self._stopping:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._woken.recv(4096)
                else:
                    self._accept(key.data)
            while self._todo:
                self._todo.pop(0)()

    def _accept(self, port: Port) -> None:
        # With too many open files, say, one connection must wait, not all of them for ever.
        with contextlib.suppress(OSError):
            while True:
                connection, _ = port.socket.accept()
                connection.settimeout(10)
                self.submit(lambda connection=connection: port.serve(connection))  # type: ignore[misc]


def _bound(address: str, port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((address, port))
    opened.setblocking(False)
    return opened


def _end(connection: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        # Not the method of SSLSocket, which would take the connection from under the thread that reads it.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    """Cuts the connection so that the other side gets an error, not an end."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()


def finish(connection: ssl.SSLSocket) -> None:
    """Closes after an answer, in a way that does not take it back from a slow reader."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1)
        while connection.recv(4096):
            pass
    connection.close()
