"""The types of opcode parameters, written as short words in data/opcodes.json."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

_NIC_KEYS = frozenset({"mac", "bridge", "name", "link", "mode", "network", "ip", "vlan"})
_ACTIONS = frozenset({"add", "modify", "remove", "attach", "detach"})
_STATUSES = frozenset({"success", "error", "canceled"})


def fits(value: Any, kind: str) -> bool:
    """Whether a value read from JSON is of that type; nothing is converted."""
    if kind.endswith("?"):
        return value is None or fits(value, kind[:-1])
    if kind.startswith("one of "):
        return str(value) in kind[7:].split("|") and not isinstance(value, bool | list | dict)
    if "|" in kind:
        return any(fits(value, part) for part in kind.split("|"))
    return _CHECKS[kind](value)


def _integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _dict_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(check(item) for item in value.values())


def _parsed_by(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return isinstance(value, str)

    return check


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _nic(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= _NIC_KEYS
        and all(item is None or isinstance(item, str) for item in value.values())
    )


def _disk(value: Any) -> bool:
    return isinstance(value, dict) and all(_text(item) or _integer(item) for item in value.values())


def _change(value: Any) -> bool:
    if not isinstance(value, list) or len(value) not in (2, 3) or not isinstance(value[-1], dict):
        return False
    return value[0] in _ACTIONS or _integer(value[0])


def _dependency(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and _integer(value[0])
        and isinstance(value[1], list)
        and _STATUSES.issuperset(value[1])
    )


_ipv4_network = _parsed_by(lambda text: ipaddress.IPv4Network(text, strict=False))
_ipv4 = _parsed_by(ipaddress.IPv4Address)
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "str": lambda value: isinstance(value, str),
    "text": _text,
    "int": _integer,
    "nat": lambda value: _integer(value) and value >= 0,
    "pos": lambda value: _integer(value) and value > 0,
    "float": lambda value: isinstance(value, float) or _integer(value),
    "dict": lambda value: isinstance(value, dict),
    "dicts": _dict_of(lambda value: isinstance(value, dict)),
    "private": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "strs": _list_of(lambda value: isinstance(value, str)),
    "texts": _list_of(_text),
    "nats": _list_of(lambda value: _integer(value) and value >= 0),
    "pairs": _list_of(lambda value: isinstance(value, list) and len(value) == 2),
    "nic": _nic,
    "nics": _list_of(_nic),
    "disks": _list_of(_disk),
    "changes": _list_of(_change),
    "depends": _list_of(_dependency),
    "ip4": _ipv4,
    "ip4s": _list_of(_ipv4),
    "net4": _ipv4_network,
    "ip6": _parsed_by(ipaddress.IPv6Address),
    "net6": _parsed_by(lambda text: ipaddress.IPv6Network(text, strict=False)),
}
