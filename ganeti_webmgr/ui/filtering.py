"""The filters of a list, as its address holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django_filters import fields

from ganeti_webmgr.ui.select import LongSelect

SEARCH = "q"  # has a field of its own over the list


class Unfiltered(django_filters.FilterSet):  # type: ignore[misc]
    """The filter of a list that cannot be narrowed."""


class NamedChoices(fields.ModelChoiceIterator):  # type: ignore[misc]
    """Choices of rows by their name, read without making an object of each."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        key = self.field.to_field_name
        if "rows" in vars(self.field):  # one was chosen
            yield from ((getattr(row, key), row.name) for row in self.field.rows)
        else:
            yield from self.queryset.values_list(key, "name")


class NamedChoiceField(fields.ModelChoiceField):  # type: ignore[misc]
    """What is chosen is looked up among the choices, which the page shows anyway."""

    iterator = NamedChoices
    widget = LongSelect

    def to_python(self, value: str | None) -> Any:
        if value in self.empty_values or value == self.null_value:
            return super().to_python(value)
        for row in self.rows:
            if getattr(row, self.to_field_name) == value:
                return row
        params = {"value": value}
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=params)

    @cached_property
    def rows(self) -> list[Model]:
        return list(self.queryset)


class NamedChoiceFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]
    """A choice among the many rows of a model that have a name."""

    field_class = NamedChoiceField


@dataclass(frozen=True)
class Chip:
    """A filter in force."""

    label: str
    value: str
    url: str


def in_force(form: BaseForm, query: QueryDict) -> list[Chip]:
    """The filters that the form accepted, each with the address of the list without it."""
    return [
        Chip(str(field.label), _words(form, field), _without(query, field.html_name))
        for field in form
        if field.name != SEARCH and field.value() and not field.errors
    ]


def understood(form: BaseForm, query: QueryDict, sorts: Collection[str]) -> str:
    """What a list takes of its address, as an address: without the page, and what it does not know."""
    taken = {field.name: query[field.name] for field in form if query.get(field.name) and not field.errors}
    if query.get("sort", "").removeprefix("-") in sorts:
        taken["sort"] = query["sort"]
    return urlencode(taken)


def _words(form: BaseForm, field: BoundField) -> str:
    """What was chosen, in the words of the choice."""
    chosen = form.cleaned_data.get(field.name)
    if isinstance(chosen, Model):  # which the form has fetched; its choices would all be fetched once more
        return str(chosen)
    value = str(field.value())
    choices = getattr(field.field, "choices", ())
    return next((str(label) for key, label in choices if str(key) == value), value)


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for gone in (name, "page"):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"
