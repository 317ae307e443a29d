"""`/2/networks` and everything below."""

from __future__ import annotations

from typing import Any

from ..query.engine import objects
from ..query.networks import NETWORK_BULK
from ..query.resources import natural
from ..server.errors import internal
from .call import Call
from .table import resource


@resource("GET", "/2/networks")
def listing(call: Call) -> Any:
    call.refuse_locking()
    if not call.flag("bulk"):
        return call.listing(list(call.cluster.networks), key="name")
    items = sorted(call.cluster.networks.values(), key=lambda item: natural(item.name))
    return objects(call.cluster, "network", NETWORK_BULK, items)


@resource("GET", "/2/networks/NAME")
def one(call: Call) -> Any:
    return call.object("network", NETWORK_BULK, call.cluster.networks.find_any(call.name))


@resource("POST", "/2/networks")
def add(call: Call) -> Any:
    body = call.body if isinstance(call.body, dict) else {}
    mask = str(body.get("network", "")).rpartition("/")[2]
    if mask.isdigit() and int(mask) > 32:
        raise internal(f"'{mask}' is not a valid netmask")
    static = {"dry_run": call.flag("dry-run")}
    return call.submit("OP_NETWORK_ADD", static, body=call.body, rename={"name": "network_name"})


@resource("DELETE", "/2/networks/NAME")
def remove(call: Call) -> Any:
    return call.submit("OP_NETWORK_REMOVE", _static(call), body=call.body)


@resource("PUT", "/2/networks/NAME/modify")
def modify(call: Call) -> Any:
    return call.submit("OP_NETWORK_SET_PARAMS", {"network_name": call.name}, body=call.body)


@resource("PUT", "/2/networks/NAME/rename")
def rename(call: Call) -> Any:
    return call.submit("OP_NETWORK_RENAME", _static(call), body=call.body)


@resource("PUT", "/2/networks/NAME/connect")
def connect(call: Call) -> Any:
    return call.submit("OP_NETWORK_CONNECT", _static(call), body=call.body)


@resource("PUT", "/2/networks/NAME/disconnect")
def disconnect(call: Call) -> Any:
    return call.submit("OP_NETWORK_DISCONNECT", _static(call), body=call.body)


def _static(call: Call) -> dict[str, Any]:
    return {"network_name": call.name, "dry_run": call.flag("dry-run")}
