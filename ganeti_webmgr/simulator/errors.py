"""How things fail inside the cluster, as apart from how HTTP requests do."""

from __future__ import annotations

from typing import Any


class OperationFailed(Exception):
    """Ends an opcode with status error and the result `[klass, args]`."""

    def __init__(self, klass: str, *args: Any) -> None:
        super().__init__(klass, *args)
        self.result: list[Any] = [klass, list(args)]


def prereq(message: str, code: str) -> OperationFailed:
    """A request that was found impossible before anything was changed."""
    return OperationFailed("OpPrereqError", message, code)


def failed(message: str) -> OperationFailed:
    """A failure in the middle of the work."""
    return OperationFailed("OpExecError", message)
