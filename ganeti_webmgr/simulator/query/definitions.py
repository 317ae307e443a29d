"""What Ganeti says about each field: title, kind and explanation."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

_FIELDS: dict[str, list[list[str]]] = json.loads(
    files("ganeti_webmgr.simulator").joinpath("data/fields.json").read_text("utf-8")
)
_KEYS = ("name", "title", "kind", "doc")


@cache
def definitions(resource: str) -> dict[str, dict[str, str]]:
    """Every field of that resource by name, in Ganeti's order."""
    return {row[0]: dict(zip(_KEYS, row, strict=True)) for row in _FIELDS[resource]}


def definition(resource: str, name: str) -> dict[str, Any]:
    known = definitions(resource).get(name)
    return known or {"name": name, "title": name, "kind": "unknown", "doc": f"Unknown field '{name}'"}
