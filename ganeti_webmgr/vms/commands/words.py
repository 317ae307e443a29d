"""Pieces of command lines."""

from __future__ import annotations

from collections.abc import Mapping


def flags(given: Mapping[str, str]) -> str:
    """The options that have a value, each with a space before it: " -n node2"."""
    return "".join(f" {option} {value}" for option, value in given.items() if value)
