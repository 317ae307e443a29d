"""Which statements reach the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass
class Statements:
    """How many there were."""

    total: int = 0
    writes: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.total += 1
        self.writes += sql.lstrip().upper().startswith(WRITES)
        return execute(sql, *rest)


@contextmanager
def counted() -> Iterator[Statements]:
    """Counts what this thread sends to the database in the block."""
    statements = Statements()
    with connection.execute_wrapper(statements):
        yield statements
