"""The filter language of `/2/query`: prefix lists compiled to one function."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

Cell = tuple[int, Any]
CellOf = Callable[[Any], Cell]
Test = Callable[[CellOf], bool]
Compare = Callable[[Any, "str | int"], bool]
Field = Callable[[str], Any]
"""Turns a field's name into what CellOf takes, or raises BadValue for one that does not exist."""


class BadFilter(Exception):
    """Not a filter at all: Ganeti answers 502 "Failed to parse request"."""


class BadValue(Exception):
    """A filter on a field that does not exist or has another type: Ganeti answers 500."""


def compile_filter(expr: Any, field: Field) -> Test:
    """A test for rows; raises BadFilter or BadValue."""
    if not isinstance(expr, list) or not expr:
        raise BadFilter(f"Cannot deserialise filter: expected array [string, args], got {json.dumps(expr)}")
    operator, *args = expr
    if operator in ("&", "|"):
        tests = [compile_filter(arg, field) for arg in args]
        combine = all if operator == "&" else any
        return lambda cell: combine(test(cell) for test in tests)
    if operator == "!":
        inner = compile_filter(_only(args, 1)[0], field)
        return lambda cell: not inner(cell)
    if operator == "?":
        return _is_true(field(_only(args, 1)[0]))
    if operator == "!=":
        equal = compile_filter(["==", *args], field)
        return lambda cell: not equal(cell)
    if operator not in _COMPARE:
        raise BadFilter(f"Unknown filter operand '{operator}'")
    name, value = _only(args, 2)
    return _comparison(operator, field(name), name, _plain(value))


def names_looked_up(expr: Any, key: str) -> list[Any] | None:
    """The values of a filter that is nothing but equality on that key; None for any other filter."""
    match expr:
        case ["=" | "==", str(field), value] if field == key:
            return [value]
        case ["|", *parts]:
            found = [names_looked_up(part, key) for part in parts]
            return None if None in found else [name for names in found for name in names or ()]
    return None


def _only(args: list[Any], count: int) -> list[Any]:
    if len(args) != count:
        raise BadFilter(
            f"Cannot deserialise field/value pair, expected [fieldname, value] but got {json.dumps(args)}"
        )
    return args


def _plain(value: Any) -> str | int:
    if isinstance(value, float):
        raise BadFilter(
            f"Cannot deserialise numeric filter value, expecting integral but got a fractional value: {value}"
        )
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadFilter(f"Cannot deserialise filter value {json.dumps(value)}")
    return value


def _is_true(field: Any) -> Test:
    def test(cell: CellOf) -> bool:
        status, value = cell(field)
        if status == 0 and not isinstance(value, bool):
            raise BadValue(f"Unexpected value '{json.dumps(value)}' in boolean context")
        return status != 0 or bool(value)

    return test


def _comparison(operator: str, field: Any, name: str, value: str | int) -> Test:
    compare = _pattern(str(value)) if operator == "=~" else _COMPARE[operator]

    def test(cell: CellOf) -> bool:
        status, actual = cell(field)
        if status != 0:
            return True
        if name.endswith("_ts") and isinstance(actual, list):
            actual = actual[0]
        if name in ("name", "pnode") and operator in ("=", "=="):
            return _same_host(str(value), str(actual))
        return compare(actual, value)

    return test


def _pattern(text: str) -> Compare:
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise BadFilter(f'(1,"{error}")') from None

    def matches(actual: Any, value: str | int) -> bool:
        if not isinstance(actual, str):
            raise _mismatch(actual, value)
        return pattern.search(actual) is not None

    return matches


def _same_host(wanted: str, actual: str) -> bool:
    return actual == wanted or actual.startswith(wanted + ".")


def _mismatch(actual: Any, value: str | int) -> BadValue:
    given = f"NumericValue {value}" if isinstance(value, int) else f"QuotedString {json.dumps(value)}"
    return BadValue(f"Invalid types in comparison, trying to compare {json.dumps(actual)} with '{given}'")


def _typed(test: Callable[[Any, Any], bool]) -> Compare:
    def compare(actual: Any, value: str | int) -> bool:
        if isinstance(actual, float):
            actual = int(actual)
        if type(actual) is not type(value):
            raise _mismatch(actual, value)
        return test(actual, value)

    return compare


def _contains(actual: Any, value: str | int) -> bool:
    if not isinstance(actual, list):
        raise BadValue(f"Cannot convert value '{json.dumps(actual)}', error: Unable to read list")
    return value in actual


_COMPARE: dict[str, Compare] = {
    "=": _typed(lambda a, b: bool(a == b)),
    "==": _typed(lambda a, b: bool(a == b)),
    "<": _typed(lambda a, b: bool(a < b)),
    "<=": _typed(lambda a, b: bool(a <= b)),
    ">": _typed(lambda a, b: bool(a > b)),
    ">=": _typed(lambda a, b: bool(a >= b)),
    "=~": _contains,
    "=[]": _contains,
}
