"""Job filters (Reference 2.4). No jobs are involved: changes hold at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from .calls import Kind
from .outgoing import segment
from .resource import BULK, Resource
from .types import FilterRule

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Listed(BaseModel):
    uuid: str


_RULE = TypeAdapter(FilterRule)
_RULES = TypeAdapter(list[FilterRule])
_LISTED = TypeAdapter(list[_Listed])
_UUID = TypeAdapter(str)
_NOTHING = TypeAdapter(None)

FilterAction = str | tuple[str, int]


class Filters(Resource):
    """`client.filters`."""

    def uuids(self) -> list[str]:
        return [entry.uuid for entry in self._read("/2/filters", _LISTED)]

    def list(self) -> list[FilterRule]:
        return self._read("/2/filters", _RULES, query=BULK)

    def get(self, uuid: str) -> FilterRule:
        return self._read(_path(uuid), _RULE)

    def create(
        self,
        *,
        action: FilterAction = "CONTINUE",
        predicates: Sequence[Any] = (),
        priority: int = 0,
        reason: Sequence[Any] = (),
    ) -> str:
        """The new rule's uuid. `reason` is a trail of `[source, text, nanoseconds]`."""
        body = _body(action, predicates, priority, reason)
        return self._client.request("POST", "/2/filters", _UUID, kind=Kind.WRITE, body=body)

    def replace(
        self,
        uuid: str,
        *,
        action: FilterAction = "CONTINUE",
        predicates: Sequence[Any] = (),
        priority: int = 0,
        reason: Sequence[Any] = (),
    ) -> str:
        """The rule's uuid; it is made if there is none."""
        body = _body(action, predicates, priority, reason)
        return self._client.request("PUT", _path(uuid), _UUID, kind=Kind.WRITE, body=body)

    def delete(self, uuid: str) -> None:
        self._client.request("DELETE", _path(uuid), _NOTHING, kind=Kind.WRITE)


def _path(uuid: str) -> str:
    return f"/2/filters/{segment(uuid)}"


def _body(
    action: FilterAction, predicates: Sequence[Any], priority: int, reason: Sequence[Any]
) -> dict[str, Any]:
    return {"priority": priority, "predicates": [*predicates], "action": action, "reason": [*reason]}
