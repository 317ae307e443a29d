"""The tags of everything that has some. Names of tags come in the query string; a body is not looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..server.errors import internal
from .call import Call
from .table import resource

_KINDS = {
    "cluster": "/2/tags",
    "nodegroup": "/2/groups/NAME/tags",
    "network": "/2/networks/NAME/tags",
    "node": "/2/nodes/NAME/tags",
    "instance": "/2/instances/NAME/tags",
}


def tagged(call: Call, kind: str) -> Any:
    """The object behind the path; an unknown one is an error 500, not 404."""
    cluster = call.cluster
    if kind == "cluster":
        return cluster.config
    table: Any = {
        "nodegroup": cluster.groups,
        "network": cluster.networks,
        "node": cluster.nodes,
        "instance": cluster.instances,
    }[kind]
    item = table.find_any(call.name)
    if item is None:
        title = "Group" if kind == "nodegroup" else kind.capitalize()
        raise internal(f"('{title} name {call.name} not found', 'unknown_entity')")
    return item


def _static(call: Call, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": None if kind == "cluster" else call.name,
        "tags": call.query.get("tag", []),
        "dry_run": call.flag("dry-run"),
    }


def _reader(kind: str) -> Callable[[Call], Any]:
    return lambda call: sorted(tagged(call, kind).tags)


def _writer(kind: str, op_id: str) -> Callable[[Call], Any]:
    return lambda call: call.submit(op_id, _static(call, kind))


for _kind, _path in _KINDS.items():
    resource("GET", _path)(_reader(_kind))
    resource("PUT", _path)(_writer(_kind, "OP_TAGS_SET"))
    resource("DELETE", _path)(_writer(_kind, "OP_TAGS_DEL"))
