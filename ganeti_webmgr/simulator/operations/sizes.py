"""Sizes as Ganeti reads them: MiB, with units, in steps of four."""

from __future__ import annotations

import re
from typing import Any

from ..errors import OperationFailed

_UNITS = {"": 1, "m": 1, "mib": 1, "mb": 1, "g": 1024, "gib": 1024, "gb": 1024, "t": 1024**2, "tib": 1024**2}


def mebibytes(value: Any) -> int:
    """The size rounded up to a multiple of 4 MiB; raises OperationFailed."""
    match = re.fullmatch(r"([.\d]+)\s*([a-zA-Z]*)", str(value).strip())
    if match is None:
        raise OperationFailed("UnitParseError", f"Invalid format '{value}'")
    if match[2].lower() not in _UNITS:
        raise OperationFailed("UnitParseError", f"Unknown unit: {match[2]}")
    size = float(match[1]) * _UNITS[match[2].lower()]
    return -(-int(size) // 4) * 4
