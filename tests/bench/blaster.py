"""A machine's screen that only measures: `python -m tests.bench.blaster screen PORT` and `... relay PORT TO`.

After the greeting it sends as fast as it can once it is asked for an update, and one byte for each key.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading

HOST = "127.100.0.1"
CHUNK = bytes(1 << 16)


def screen(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"RFB 003.008\n")
    connection.recv(12, socket.MSG_WAITALL)
    connection.sendall(bytes([1, 1]))
    connection.recv(1)
    connection.sendall(bytes(4))
    connection.recv(1)
    connection.sendall(struct.pack(">HH16xI", 1, 1, 1) + b"x")
    while message := connection.recv(1):
        if message == b"\x03":
            connection.recv(9, socket.MSG_WAITALL)
            while True:
                connection.sendall(CHUNK)
        connection.recv(7, socket.MSG_WAITALL)
        connection.sendall(b"!")


def relay(connection: socket.socket, port: int) -> None:
    """The least that can stand between: a thread for each direction."""
    far = socket.create_connection((HOST, port))
    for end in (connection, far):
        end.setsockopt(socket.SOL_TCP, socket.TCP_NODELAY, 1)

    def copy(one: socket.socket, other: socket.socket) -> None:
        while data := one.recv(1 << 16):
            other.sendall(data)

    threading.Thread(target=copy, args=(connection, far), daemon=True).start()
    copy(far, connection)


def main() -> None:
    what, port = sys.argv[1], int(sys.argv[2])
    with socket.create_server((HOST, port), backlog=200) as listening:
        print("listens", flush=True)
        while True:
            connection, _ = listening.accept()
            serve = [screen, connection] if what == "screen" else [relay, connection, int(sys.argv[3])]
            threading.Thread(target=_quietly, args=serve, daemon=True).start()


def _quietly(serve: object, connection: socket.socket, *more: int) -> None:
    with connection:
        try:
            serve(connection, *more)  # type: ignore[operator]
        except OSError:
            return  # it was measured long enough


if __name__ == "__main__":
    main()
