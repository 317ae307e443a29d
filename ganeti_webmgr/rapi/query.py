"""Queries: only the fields that are needed, only the rows that are meant (Reference 2.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from . import faults
from .calls import Kind
from .outgoing import segment
from .resource import Resource
from .rows import Parser, Rows, field_names, read_mappings, read_objects
from .types import Export, FieldDefinition, FilterRule, InstanceRow, InstanceState, Job, Lock, NodeRow

QueryResource = Literal["instance", "node", "group", "network", "job", "lock", "export", "filter"]
Filter = Sequence[Any]

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=BaseModel)

_NO_ROWS = b'{"data": []}'


class _Fields(BaseModel):
    fields: list[FieldDefinition]


_FIELDS = TypeAdapter(_Fields)


class Query(Resource):
    """`client.query`. Takes a user with the right to read or to write."""

    def fields(self, resource: QueryResource, names: Sequence[str] = ()) -> list[FieldDefinition]:
        """The fields that there are, or those named."""
        query = [("fields", ",".join(names))] if names else []
        return self._read(f"/2/query/{segment(resource)}/fields", _FIELDS, query=query).fields

    def rows(
        self, resource: QueryResource, fields: Sequence[str], qfilter: Filter | None = None
    ) -> Rows[dict[str, Any]]:
        """Any fields of anything, by their names."""
        parse = partial(read_mappings, fields=tuple(fields))
        return self._rows(resource, fields, parse, qfilter=qfilter, kind=Kind.LIVE)

    def instance_states(self) -> Rows[InstanceState]:
        """What all instances do now; asks the nodes, so one that hangs makes this slow."""
        return self._objects("instance", InstanceState, kind=Kind.LIVE)

    def instances(self, uuids: Collection[str] | None = None) -> Rows[InstanceRow]:
        """The whole configuration of all instances, or of those that still exist among the given."""
        return self._objects("instance", InstanceRow, qfilter=_any_of("uuid", uuids))

    def nodes(self) -> Rows[NodeRow]:
        """All nodes; asks each of them."""
        return self._objects("node", NodeRow, kind=Kind.LIVE)

    def jobs(self, after_id: int, ids: Collection[int] = ()) -> Rows[Job]:
        """The jobs that came after that one, and the given ones as far as they exist, archived or not."""
        qfilter = ["|", [">", "id", after_id], *(["==", "id", job_id] for job_id in sorted(ids))]
        return self._objects("job", Job, qfilter=qfilter, known_by="status")

    def locks(self) -> Rows[Lock]:
        """Who holds what, and who waits for it."""
        return self._objects("lock", Lock)

    def exports(self) -> Rows[Export]:
        """The exports on all nodes; asks each of them."""
        return self._objects("export", Export, kind=Kind.LIVE)

    def filters(self) -> Rows[FilterRule]:
        return self._objects("filter", FilterRule)

    def _objects(
        self,
        resource: QueryResource,
        model: type[ModelT],
        *,
        qfilter: Filter | None = None,
        kind: Kind = Kind.READ,
        known_by: str | None = None,
    ) -> Rows[ModelT]:
        parse = partial(read_objects, model=model, known_by=known_by)
        return self._rows(resource, field_names(model), parse, qfilter=qfilter, kind=kind)

    def _rows(
        self,
        resource: str,
        fields: Sequence[str],
        parse: Parser[T],
        *,
        qfilter: Filter | None,
        kind: Kind,
    ) -> Rows[T]:
        path = f"/2/query/{segment(resource)}"
        if qfilter == ["|"]:
            return Rows(_NO_ROWS, parse)
        if qfilter is None:
            method, query, body = "GET", [("fields", ",".join(fields))], None
        else:
            method, query, body = "PUT", [], {"fields": [*fields], "qfilter": qfilter}
        answer = self._client.fetch(method, path, kind=kind, query=query, body=body)
        return Rows(answer, partial(_read, parse=parse, method=method, path=path))


def _any_of(field: str, values: Collection[str] | None) -> Filter | None:
    """A filter for these values. Never on names: one unknown name fails the whole query."""
    return None if values is None else ["|", *(["==", field, value] for value in sorted(values))]


def _read(body: bytes, *, parse: Parser[T], method: str, path: str) -> list[T]:
    try:
        return parse(body)
    except ValidationError as error:
        raise faults.misunderstood(error, kind=Kind.READ, method=method, path=path) from None
    except ValueError as error:
        raise faults.lost(
            f"The answer is not one of Ganeti's: {error}", kind=Kind.READ, method=method, path=path
        ) from None
