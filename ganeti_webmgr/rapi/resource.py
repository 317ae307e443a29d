"""What the resource groups have in common: asking, and submitting jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter

from .calls import Kind
from .outgoing import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .client import Client

T = TypeVar("T")

_JOB_ID = TypeAdapter(int)

BULK = (("bulk", "1"),)


class Resource:
    """A group of calls on one client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def _read(
        self,
        path: str,
        returns: TypeAdapter[T],
        *,
        kind: Kind = Kind.READ,
        query: Iterable[tuple[str, str]] = (),
    ) -> T:
        return self._client.request("GET", path, returns, kind=kind, query=tuple(query))

    def _submit(
        self,
        method: str,
        path: str,
        options: Mapping[str, Any],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        kind: Kind = Kind.WRITE,
    ) -> int:
        """The id of the new job. Nones are left out; there is always a body, if only an empty one."""
        options = {key: plain(value) if isinstance(value, str) else value for key, value in options.items()}
        arguments = {**(query or {}), "reason": options.pop("reason", None) or None}
        contents = {key: value for key, value in {**(body or {}), **options}.items() if value is not None}
        return self._client.request(
            method, path, _JOB_ID, kind=kind, query=_arguments(arguments), body=contents
        )


def _arguments(query: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Query arguments in Ganeti's way: flags as 1 or absent, lists as repetition."""
    found: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None or value is False:
            continue
        values = value if isinstance(value, list | tuple) else [value]
        found += ((name, "1" if each is True else str(each)) for each in values)
    return tuple(found)
