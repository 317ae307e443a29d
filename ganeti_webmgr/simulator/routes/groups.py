"""`/2/groups` and everything below."""

from __future__ import annotations

from typing import Any

from ..query.engine import objects
from ..query.nodes import GROUP_BULK
from ..query.resources import natural
from .call import Call
from .table import resource

_CUSTOM = {"custom_ndparams": "ndparams", "custom_ipolicy": "ipolicy", "custom_diskparams": "diskparams"}


@resource("GET", "/2/groups")
def listing(call: Call) -> Any:
    call.refuse_locking()
    if not call.flag("bulk"):
        return call.listing(list(call.cluster.groups), key="name")
    items = sorted(call.cluster.groups.values(), key=lambda item: natural(item.name))
    return objects(call.cluster, "group", GROUP_BULK, items)


@resource("GET", "/2/groups/NAME")
def one(call: Call) -> Any:
    return call.object("group", GROUP_BULK, call.cluster.groups.find_any(call.name))


@resource("POST", "/2/groups")
def add(call: Call) -> Any:
    static = {"dry_run": call.flag("dry-run")}
    return call.submit("OP_GROUP_ADD", static, body=call.body, rename={"name": "group_name"})


@resource("DELETE", "/2/groups/NAME")
def remove(call: Call) -> Any:
    return call.submit("OP_GROUP_REMOVE", {"group_name": call.name, "dry_run": call.flag("dry-run")})


@resource("PUT", "/2/groups/NAME/modify")
def modify(call: Call) -> Any:
    return call.submit("OP_GROUP_SET_PARAMS", {"group_name": call.name}, body=call.body, rename=_CUSTOM)


@resource("PUT", "/2/groups/NAME/rename")
def rename(call: Call) -> Any:
    static = {"group_name": call.name, "dry_run": call.flag("dry-run")}
    return call.submit("OP_GROUP_RENAME", static, body=call.body)


@resource("PUT", "/2/groups/NAME/assign-nodes")
def assign_nodes(call: Call) -> Any:
    flags = {"dry_run": call.flag("dry-run"), "force": call.flag("force")}
    return call.submit("OP_GROUP_ASSIGN_NODES", {"group_name": call.name, **flags}, body=call.body)
