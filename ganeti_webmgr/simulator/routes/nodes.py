"""`/2/nodes` and everything below."""

from __future__ import annotations

from typing import Any

from ..query.engine import objects
from ..query.nodes import NODE_BULK
from ..query.resources import natural
from ..server.access import WRITE
from ..server.errors import bad_request, internal
from .call import Call
from .table import resource

_WORDS = {"M": "master", "C": "master-candidate", "R": "regular", "D": "drained", "O": "offline"}
_ROLES: dict[str, dict[str, bool | None]] = {
    "regular": {"master_candidate": False, "offline": False, "drained": False},
    "master-candidate": {"master_candidate": True, "offline": None, "drained": None},
    "drained": {"master_candidate": None, "offline": None, "drained": True},
    "offline": {"master_candidate": None, "offline": True, "drained": None},
}


@resource("GET", "/2/nodes")
def listing(call: Call) -> Any:
    call.refuse_locking()
    if not call.flag("bulk"):
        return call.listing(list(call.cluster.nodes))
    items = sorted(call.cluster.nodes.values(), key=lambda item: natural(item.name))
    return objects(call.cluster, "node", NODE_BULK, items)


@resource("GET", "/2/nodes/NAME")
def one(call: Call) -> Any:
    row = call.object("node", NODE_BULK, call.cluster.nodes.find_any(call.name))
    return row | {"secondary_ip": row["sip"]}


@resource("GET", "/2/nodes/NAME/role")
def role(call: Call) -> Any:
    node = call.cluster.nodes.find_any(call.name)
    if node is None:
        raise internal("list index out of range")
    return _WORDS[node.role]


@resource("PUT", "/2/nodes/NAME/role")
def set_role(call: Call) -> Any:
    if not isinstance(call.body, str):
        raise bad_request(f"Body contents: Type is '{type(call.body).__name__}', but 'str' is expected")
    if call.body not in _ROLES:
        raise bad_request(f"Can't set '{call.body}' role")
    flags = {"force": call.flag("force"), "auto_promote": call.flag("auto-promote")}
    return call.submit("OP_NODE_SET_PARAMS", {"node_name": call.name, **_ROLES[call.body], **flags})


@resource("POST", "/2/nodes/NAME/modify")
def modify(call: Call) -> Any:
    return call.submit("OP_NODE_SET_PARAMS", {"node_name": call.name}, body=call.body)


@resource("POST", "/2/nodes/NAME/evacuate")
def evacuate(call: Call) -> Any:
    static = {"node_name": call.name, "dry_run": call.flag("dry-run")}
    return call.submit("OP_NODE_EVACUATE", static, body=call.body)


@resource("POST", "/2/nodes/NAME/migrate")
def migrate(call: Call) -> Any:
    """Any query argument at all switches to the old form, which does not look at the body."""
    if not call.query:
        return call.submit("OP_NODE_MIGRATE", {"node_name": call.name}, body=call.body)
    mode = call.text("mode")
    if "live" in call.query:
        if mode is not None:
            raise bad_request("Only one of 'live' and 'mode' should be passed")
        mode = "live" if call.number("live", 1) else "non-live"
    return call.submit("OP_NODE_MIGRATE", {"node_name": call.name}, body={"mode": mode})


@resource("POST", "/2/nodes/NAME/powercycle")
def powercycle(call: Call) -> Any:
    static = {"node_name": call.name, "force": call.flag("force")}
    return call.submit("OP_NODE_POWERCYCLE", static, body=call.body)


@resource("GET", "/2/nodes/NAME/storage", needs=WRITE)
def storage(call: Call) -> Any:
    fields = call.text("output_fields")
    if not fields:
        raise bad_request("Missing the required 'output_fields' parameter")
    static = {
        "nodes": [call.name],
        "storage_type": call.text("storage_type"),
        "output_fields": fields.split(","),
    }
    return call.submit("OP_NODE_QUERY_STORAGE", static)


@resource("PUT", "/2/nodes/NAME/storage/modify")
def modify_storage(call: Call) -> Any:
    changes = {"allocatable": call.flag("allocatable")} if "allocatable" in call.query else {}
    return call.submit("OP_NODE_MODIFY_STORAGE", {**_unit(call), "changes": changes})


@resource("PUT", "/2/nodes/NAME/storage/repair")
def repair_storage(call: Call) -> Any:
    return call.submit("OP_REPAIR_NODE_STORAGE", _unit(call))


def _unit(call: Call) -> dict[str, Any]:
    name = call.text("name")
    if not name:
        raise bad_request("Missing the required 'name' parameter")
    return {"node_name": call.name, "storage_type": call.text("storage_type"), "name": name}
