"""What a resource's function is given, and what all of them do alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..jobs.queue import QueueDrained
from ..opcodes import BadParameters, Opcode, build
from ..query.engine import objects
from ..server.errors import bad_request, internal, not_found

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

T = TypeVar("T")
_SOURCES = {"/2/redistribute-config": "redist_config", "/2/modify": "cluster_modify"}
_COMMON = ("depends",)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that was let in: the resource's path, the names in it, query arguments and body."""

    cluster: SimulatedCluster
    route: str
    items: tuple[str, ...]
    query: dict[str, list[str]]
    body: Any

    @property
    def name(self) -> str:
        return self.items[0]

    def flag(self, name: str) -> bool:
        return bool(self.number(name))

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise bad_request(f"Invalid value for the '{name}' parameter") from None

    def text(self, name: str) -> str | None:
        values = self.query.get(name)
        return values[0] if values else None

    def listing(self, ids: list[Any], *, key: str = "id") -> list[dict[str, Any]]:
        """The short form of a list: what there is and where to ask for it."""
        return [{key: item, "uri": f"{self.route}/{item}"} for item in sorted(ids)]

    def refuse_locking(self) -> None:
        if self.flag("lock"):
            raise internal("('Sync queries are not allowed', 'wrong_input')")

    def object(self, kind: str, fields: list[str], item: Any | None) -> dict[str, Any]:
        """The one object that was asked for, or 404."""
        self.refuse_locking()
        if item is None:
            raise not_found()
        return objects(self.cluster, kind, fields, [item])[0]

    def submit(
        self,
        op_id: str,
        static: dict[str, Any] | None = None,
        *,
        body: Any = None,
        rename: dict[str, str] | None = None,
    ) -> int:
        """Puts a job of one opcode into the queue and returns its id."""
        return self.submit_all([self.opcode(op_id, static, body=body, rename=rename)])

    def submit_all(self, opcodes: list[Opcode]) -> int:
        try:
            with self.cluster.change():
                return self.cluster.queue.submit(opcodes)
        except QueueDrained:
            raise internal("Queue drained") from None

    def opcode(
        self,
        op_id: str,
        static: dict[str, Any] | None = None,
        *,
        body: Any = None,
        rename: dict[str, str] | None = None,
        trail: bool = True,
    ) -> Opcode:
        given = _merged(_named(body, rename or {}), static or {})
        for name in _COMMON:
            # Honoured even by resources that otherwise ignore their body.
            if isinstance(self.body, dict) and name in self.body:
                given.setdefault(name, self.body[name])
        try:
            reason = self._trail() if trail else []
            return build(op_id, given, release=self.cluster.config.release, reason=reason)
        except BadParameters as error:
            raise bad_request(f"Invalid body parameters: {error}") from None

    def _trail(self) -> list[list[Any]]:
        given = self.text("reason")
        now = time.time_ns()
        library = ["gnt:library:rlib2:" + self._source(), "", now]
        return [library] if given is None else [["gnt:user", given, now - 8000], library]

    def _source(self) -> str:
        if self.route in _SOURCES:
            return _SOURCES[self.route]
        path = self.route.removeprefix("/2/").replace("NAME", "name").replace("/NUMBER", "")
        return path.replace("/", "_").replace("-", "_")


def _named(body: Any, rename: dict[str, str]) -> dict[str, Any]:
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise bad_request(f"Body contents: Type is '{type(body).__name__}', but 'dict' is expected")
    params = dict(body)
    for old, new in rename.items():
        if old in params and new in params:
            raise bad_request(f"Parameter '{old}' was renamed to '{new}', but both are specified")
        if old in params:
            params[new] = params.pop(old)
    return params


def _merged(params: dict[str, Any], static: dict[str, Any]) -> dict[str, Any]:
    overwritten = params.keys() & static.keys()
    if "reason" in params:
        overwritten.add("reason")
    if overwritten:
        raise bad_request(f"Can't overwrite static parameters {set(overwritten)!r}")
    return {**params, **static}
