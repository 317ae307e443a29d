"""Pieces of command lines."""

from __future__ import annotations

from collections.abc import Mapping


def flags(given: Mapping[str, str]) -> str:
    """The options that have a value, each with a space before it: " -n node2"."""
    return "".join(f" {option} {value}" for option, value in given.items() if value)


def given(parameters: Mapping[str, object]) -> str:
    """Parameters as one option holds them: "ovs=true,ssh_port=22"."""
    return ",".join(f"{name}={_told(value)}" for name, value in sorted(parameters.items()))


def _told(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
