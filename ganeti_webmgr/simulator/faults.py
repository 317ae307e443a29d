"""Faults made to order: what a cluster does wrong, to whom, and how often."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["refuse", "hang", "cut", "garbage", "401", "500", "slow", "empty", "lose_answer"]


@dataclass(kw_only=True)
class Fault:
    """One order; `times` None means until healed."""

    kind: Kind
    path: re.Pattern[str] | None
    method: str | None
    times: int | None
    delay_s: float

    @property
    def meets_everybody(self) -> bool:
        return self.method is None and self.path is None

    def concerns(self, method: str, path: str) -> bool:
        if self.method not in (None, method):
            return False
        return self.path is None or self.path.search(path) is not None


class Faults:
    """The orders of one cluster; the oldest that fits is carried out."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def order(
        self, kind: Kind, *, path: str | None, method: str | None, times: int | None, delay_s: float
    ) -> None:
        if kind not in get_args(Kind):
            raise ValueError(f"There is no fault {kind!r}")
        pattern = None if path is None else re.compile(path)
        with self._lock:
            self._orders.append(Fault(kind=kind, path=pattern, method=method, times=times, delay_s=delay_s))

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    def refuses_everything(self) -> bool:
        """Whether not even a connection may come about, until healed."""
        return any(o.kind == "refuse" and o.meets_everybody and o.times is None for o in self._orders)

    def take_refusal(self) -> bool:
        """Whether this connection is to be refused unseen; used up once."""
        with self._lock:
            first = next((order for order in self._orders if order.meets_everybody), None)
            if first is None or first.kind != "refuse":
                return False
            self._use(first)
            return True

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, used up once."""
        with self._lock:
            fault = next((order for order in self._orders if order.concerns(method, path)), None)
            if fault is not None:
                self._use(fault)
            return fault

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._orders.remove(fault)
