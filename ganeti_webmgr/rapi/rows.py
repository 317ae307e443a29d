"""Answers of queries: cheap to compare, read only when asked (Reference 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from hashlib import blake2b
from types import GenericAlias
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, create_model

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=BaseModel)

Parser = Callable[[bytes], list[T]]


class Rows(Generic[T]):
    """The rows of an answer. The same `digest` means the same rows: nothing needs to be parsed."""

    def __init__(self, body: bytes, parse: Parser[T]) -> None:
        self.body = body
        self._parse = parse

    @cached_property
    def digest(self) -> str:
        return blake2b(self.body, digest_size=16).hexdigest()

    def parse(self) -> list[T]:
        """The rows, each time anew. Raises `Unreachable` where the answer is none of Ganeti's."""
        return self._parse(self.body)


class MissingCellError(ValueError):
    """A row lacks what every object has."""


class _Columns(NamedTuple):
    names: tuple[str, ...]
    required: tuple[int, ...]
    answer: type[BaseModel]


class _Untyped(BaseModel):
    data: list[list[tuple[int, Any]]]


def field_names(model: type[BaseModel]) -> list[str]:
    """What to ask for, to fill such an object."""
    return [field.alias or name for name, field in model.model_fields.items()]


def read_objects(body: bytes, model: type[ModelT], *, known_by: str | None = None) -> list[ModelT]:
    """The rows as objects. A row without `known_by` is of something that does not exist, and left out."""
    columns = _columns(model)
    key = None if known_by is None else columns.names.index(known_by)
    found = []
    for row in columns.answer.model_validate_json(body).data:  # type: ignore[attr-defined]
        values = [value for _, value in row]
        if key is not None and values[key] is None:
            continue
        for index in columns.required:
            if values[index] is None:
                raise MissingCellError(columns.names[index])
        # All values are validated already; doing it again would cost more than everything else.
        found.append(model.model_construct(None, **dict(zip(columns.names, values, strict=True))))
    return found


def read_mappings(body: bytes, fields: Sequence[str]) -> list[dict[str, Any]]:
    """The rows as field names and values; None for what is not known."""
    answer = _Untyped.model_validate_json(body)
    return [{field: value for field, (_, value) in zip(fields, row, strict=True)} for row in answer.data]


@cache
def _columns(model: type[BaseModel]) -> _Columns:
    cells: list[Any] = []
    required = []
    for index, field in enumerate(model.model_fields.values()):
        kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        if type(None) not in get_args(field.annotation):
            required.append(index)
        # Without a value the status tells why (Reference 2.2), which matters to nobody yet.
        cells.append(GenericAlias(tuple, (int, kind | None)))
    rows: Any = GenericAlias(list, (GenericAlias(tuple, tuple(cells)),))
    answer = create_model("Answer", data=(rows, ...))
    return _Columns(tuple(model.model_fields), tuple(required), answer)
