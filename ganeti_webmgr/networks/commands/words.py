"""Pieces of command lines, and of what is told."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

FIRST = 3  # are named; of the others it is told how many they are


def options(**given: str | None) -> str:
    """The options that have a value, each with a space before it: " --gateway=10.0.0.1"."""
    named = {name.replace("_", "-"): value for name, value in given.items() if value}
    return "".join(f" --{name}={shlex.quote(value)}" for name, value in named.items())


def some(names: Sequence[str]) -> str:
    """ "web1", "web1 and web2", "web1, web2, web3 and 7 more" """
    if len(names) > FIRST:
        return f"{', '.join(names[:FIRST])} and {len(names) - FIRST:,} more"
    return " and ".join([", ".join(names[:-1]), *names[-1:]] if len(names) > 1 else names)
