"""Forms as rows, of which there may be several; buttons that need no script add one and take one away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from django import forms
from django.http import QueryDict

F = TypeVar("F", bound=forms.BaseForm)
ADD, REMOVE = "add", "remove"
COUNT = "rows"


def edited(data: QueryDict) -> QueryDict | None:
    """The data with the row more or less that a button asked for; None where no such button was pressed."""
    added, removed = data.get(ADD, ""), data.get(REMOVE, "")
    if not added and not removed:
        return None
    data = data.copy()
    data.pop(ADD, None), data.pop(REMOVE, None)
    prefix, _, index = removed.rpartition("-")
    if added:
        data[f"{added}-{COUNT}"] = str(_count(data, added) + 1)
    elif index.isdecimal() and int(index) < _count(data, prefix):
        _take_out(data, prefix, int(index))
    return data


def draft(form: type[F], data: QueryDict, **options: Any) -> F:
    """The form with what was typed so far, and nothing said about it; new fields begin as they do."""
    bound = form(data, **options)
    typed = {
        name: bound[name].data
        for name, field in bound.fields.items()
        if not field.widget.value_omitted_from_data(data, {}, bound.add_prefix(name))
    }
    return form(initial=typed, **options)


class Rows(Generic[F]):
    """The rows of one kind, as they were typed or as they stand at first."""

    def __init__(
        self,
        form: type[F],
        prefix: str,
        *,
        data: QueryDict | None = None,
        initial: Iterable[Mapping[str, Any]] = (),
        checked: bool = True,
        most: int = 16,
        **options: Any,
    ) -> None:
        self.prefix, self.most = prefix, most
        if data is None:
            self.forms = [
                form(prefix=f"{prefix}-{number}", initial=dict(row), **options)
                for number, row in enumerate(initial)
            ][:most]
            return
        prefixes = [f"{prefix}-{number}" for number in range(min(_count(data, prefix), most))]
        make = form if checked else lambda typed, **more: draft(form, typed, **more)
        self.forms = [make(data, prefix=name, **options) for name in prefixes]

    def __iter__(self) -> Iterator[F]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def count_name(self) -> str:
        return f"{self.prefix}-{COUNT}"

    @property
    def is_full(self) -> bool:
        return len(self.forms) >= self.most

    def are_valid(self) -> bool:
        """Whether each row is; all are looked at, so that all have their errors."""
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    def values(self) -> list[dict[str, Any]]:
        """What was typed, row by row, without the rows in which nothing was."""
        rows = [getattr(form, "cleaned_data", {}) for form in self.forms]
        return [row for row in rows if any(value not in ("", None, {}) for value in row.values())]


def _count(data: QueryDict, prefix: str) -> int:
    told = data.get(f"{prefix}-{COUNT}", "0")
    return int(told[:4]) if told.isdecimal() and told.isascii() else 0


def _take_out(data: QueryDict, prefix: str, index: int) -> None:
    count = _count(data, prefix)
    for number in range(index, count):
        own, following = f"{prefix}-{number}-", f"{prefix}-{number + 1}-"
        for name in [name for name in data if name.startswith(own)]:
            del data[name]
        for name in [name for name in data if name.startswith(following)]:
            data.setlist(own + name.removeprefix(following), data.getlist(name))
    data[f"{prefix}-{COUNT}"] = str(count - 1)
