"""Loopback addresses for the nodes, so that two simulators on one machine do not meet."""

from __future__ import annotations

import socket

FIRST, LAST, GUARD_PORT = 64, 95, 10999


class AddressBlock:
    """A network 127.N.0.0/16 nobody else uses, held until it is closed."""

    def __init__(self, preferred: int = FIRST) -> None:
        for number in (preferred, *range(FIRST, LAST + 1)):
            guard = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                guard.bind((f"127.{number}.0.1", GUARD_PORT))
            except OSError:
                guard.close()
                continue
            self.number, self._guard = number, guard
            return
        raise OSError("every block of loopback addresses is taken")

    def close(self) -> None:
        self._guard.close()
