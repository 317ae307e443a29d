"""`/2/instances` and everything below."""

from __future__ import annotations

import json
from typing import Any

from ..model.status import node_answers, seen_running
from ..query.console import console, console_kind
from ..query.engine import objects
from ..query.instances import bulk_fields, legacy
from ..query.resources import natural
from ..server.access import READ
from ..server.errors import HttpError, bad_request, internal
from .call import Call
from .table import resource

_RENAMED = {"os": "os_type", "name": "instance_name"}
_CUSTOM = {"custom_beparams": "beparams", "custom_hvparams": "hvparams"}


@resource("GET", "/2/instances")
def listing(call: Call) -> Any:
    call.refuse_locking()
    cluster = call.cluster
    if not call.flag("bulk"):
        return call.listing(list(cluster.instances))
    return cluster.cache.get("/2/instances?bulk=1", lambda: json.dumps(_bulk(call)).encode() + b"\n")


def _bulk(call: Call) -> list[dict[str, Any]]:
    cluster = call.cluster
    items = sorted(cluster.instances.values(), key=lambda item: natural(item.name))
    found = objects(cluster, "instance", bulk_fields(cluster.config.release), items)
    for row, item in zip(found, items, strict=True):
        row["beparams"] = legacy(cluster.config, item)
    return found


@resource("GET", "/2/instances/NAME")
def one(call: Call) -> Any:
    cluster = call.cluster
    item = cluster.instances.find_any(call.name)
    row = call.object("instance", bulk_fields(cluster.config.release), item)
    if item is not None:
        row["beparams"] = legacy(cluster.config, item)
    return row


@resource("POST", "/2/instances")
def create(call: Call) -> Any:
    if not isinstance(call.body, dict):
        raise bad_request(f"Body contents: Type is '{type(call.body).__name__}', but 'dict' is expected")
    body = dict(call.body)
    version = body.pop("__version__", 0)
    if version == 0:
        raise bad_request("Instance creation request version 0 is no longer supported")
    if version != 1:
        raise bad_request(f"Unsupported request data version {version}")
    static = {"dry_run": call.flag("dry-run")}
    return call.submit("OP_INSTANCE_CREATE", static, body=_usb(body), rename=_RENAMED)


@resource("POST", "/2/instances-multi-alloc")
def create_many(call: Call) -> Any:
    if not isinstance(call.body, dict) or "instances" not in call.body:
        raise bad_request("Required parameter 'instances' is missing")
    requests = []
    for given in call.body["instances"]:
        if "__version__" in given:
            raise bad_request(
                "Invalid body parameters: Object OpInstanceCreate doesn't support the parameter '__version__'"
            )
        requests.append(call.opcode("OP_INSTANCE_CREATE", body=given, rename=_RENAMED, trail=False).params)
    body = {**call.body, "instances": requests}
    return call.submit("OP_INSTANCE_MULTI_ALLOC", {"dry_run": call.flag("dry-run")}, body=body)


@resource("DELETE", "/2/instances/NAME")
def remove(call: Call) -> Any:
    static = {"instance_name": call.name, "ignore_failures": False, "dry_run": call.flag("dry-run")}
    return call.submit("OP_INSTANCE_REMOVE", static, body=call.body)


@resource("GET", "/2/instances/NAME/info")
def info(call: Call) -> Any:
    static = {"instances": [call.name], "static": call.flag("static")}
    return call.submit("OP_INSTANCE_QUERY_DATA", static)


@resource("PUT", "/2/instances/NAME/startup")
def startup(call: Call) -> Any:
    static = {"force": call.flag("force"), "no_remember": call.flag("no_remember")}
    return call.submit("OP_INSTANCE_STARTUP", _named(call, static, dry_run=True))


@resource("PUT", "/2/instances/NAME/shutdown")
def shutdown(call: Call) -> Any:
    static = {"no_remember": call.flag("no_remember")}
    return call.submit("OP_INSTANCE_SHUTDOWN", _named(call, static, dry_run=True), body=call.body)


@resource("POST", "/2/instances/NAME/reboot")
def reboot(call: Call) -> Any:
    static = {
        "reboot_type": call.text("type") or "hard",
        "ignore_secondaries": call.flag("ignore_secondaries"),
    }
    return call.submit("OP_INSTANCE_REBOOT", _named(call, static, dry_run=True), body=call.body)


@resource("POST", "/2/instances/NAME/reinstall")
def reinstall(call: Call) -> Any:
    """Up to three opcodes, none with a reason or anything else that other resources take."""
    body: Any = call.body or {}
    if body and call.query:
        raise bad_request("Can't combine query and body parameters")
    if not isinstance(body, dict):
        raise bad_request("Invalid body contents, not a dictionary")
    if call.query:
        body = {"os": call.text("os"), "start": not call.flag("nostartup")}
    start = body.get("start", True)
    if not isinstance(start, bool):
        raise bad_request(f"'start' parameter: Type is '{type(start).__name__}', but 'bool' is expected")
    name = {"instance_name": call.name}
    wanted = {**name, "os_type": body.get("os"), "osparams": body.get("osparams")}
    ops = [
        call.opcode("OP_INSTANCE_SHUTDOWN", name, trail=False),
        call.opcode("OP_INSTANCE_REINSTALL", wanted, trail=False),
    ]
    if start:
        ops.append(call.opcode("OP_INSTANCE_STARTUP", {**name, "force": False}, trail=False))
    return call.submit_all(ops)


@resource("POST", "/2/instances/NAME/replace-disks")
def replace_disks(call: Call) -> Any:
    legacy_form = {key: call.text(key) for key in ("remote_node", "mode", "disks", "iallocator")}
    body = dict(call.body or (legacy_form if set(call.query) - {"reason"} else {}))
    disks = body.pop("disks", None)
    if isinstance(disks, str):
        try:
            disks = [int(part) for part in disks.split(",")]
        except ValueError as error:
            raise bad_request(f"Invalid disk index passed: {error}") from None
    if disks:
        body["disks"] = disks
    return call.submit("OP_INSTANCE_REPLACE_DISKS", _named(call), body=body)


@resource("PUT", "/2/instances/NAME/activate-disks")
def activate_disks(call: Call) -> Any:
    return call.submit("OP_INSTANCE_ACTIVATE_DISKS", _named(call, {"ignore_size": call.flag("ignore_size")}))


@resource("PUT", "/2/instances/NAME/deactivate-disks")
def deactivate_disks(call: Call) -> Any:
    return call.submit("OP_INSTANCE_DEACTIVATE_DISKS", _named(call, {"force": call.flag("force")}))


@resource("POST", "/2/instances/NAME/recreate-disks")
def recreate_disks(call: Call) -> Any:
    return call.submit("OP_INSTANCE_RECREATE_DISKS", _named(call), body=call.body)


@resource("POST", "/2/instances/NAME/disk/NUMBER/grow")
def grow_disk(call: Call) -> Any:
    static = _named(call, {"disk": int(call.items[1])})
    return call.submit("OP_INSTANCE_GROW_DISK", static, body=call.body)


@resource("PUT", "/2/instances/NAME/prepare-export")
def prepare_export(call: Call) -> Any:
    return call.submit("OP_BACKUP_PREPARE", _named(call, {"mode": call.text("mode")}))


@resource("PUT", "/2/instances/NAME/export")
def export(call: Call) -> Any:
    renamed = {"destination": "target_node"}
    return call.submit("OP_BACKUP_EXPORT", _named(call), body=call.body, rename=renamed)


@resource("PUT", "/2/instances/NAME/migrate")
def migrate(call: Call) -> Any:
    return call.submit("OP_INSTANCE_MIGRATE", _named(call), body=call.body)


@resource("PUT", "/2/instances/NAME/failover")
def failover(call: Call) -> Any:
    return call.submit("OP_INSTANCE_FAILOVER", _named(call), body=call.body)


@resource("PUT", "/2/instances/NAME/rename")
def rename(call: Call) -> Any:
    return call.submit("OP_INSTANCE_RENAME", _named(call), body=call.body)


@resource("PUT", "/2/instances/NAME/modify")
def modify(call: Call) -> Any:
    if not isinstance(call.body, dict):
        raise internal(f"'{type(call.body).__name__}' object has no attribute 'copy'")
    return call.submit("OP_INSTANCE_SET_PARAMS", _named(call), body=_usb(dict(call.body)), rename=_CUSTOM)


@resource("GET", "/2/instances/NAME/console", needs=READ)
def console_of(call: Call) -> Any:
    config = call.cluster.config
    instance = call.cluster.instances.find_any(call.name)
    if instance is None:
        raise internal("list index out of range")
    if not node_answers(config, instance) or not seen_running(config, instance):
        raise HttpError(503, "Instance console unavailable")
    # Ganeti asks for all machines of the node; one VNC console spoils the whole answer.
    neighbours = config.on_node(instance.pnode)
    if any(console_kind(config, other) == "vnc" for other in neighbours if seen_running(config, other)):
        raise internal()
    return console(config, instance)


def _named(call: Call, more: dict[str, Any] | None = None, *, dry_run: bool = False) -> dict[str, Any]:
    static = {"instance_name": call.name, **(more or {})}
    return static | {"dry_run": call.flag("dry-run")} if dry_run else static


def _usb(body: dict[str, Any]) -> dict[str, Any]:
    """The remote API turns the spaces of `usb_devices` into commas on the way in."""
    hvparams = body.get("hvparams")
    if not isinstance(hvparams, dict) or not isinstance(hvparams.get("usb_devices"), str):
        return body
    return body | {"hvparams": hvparams | {"usb_devices": hvparams["usb_devices"].replace(" ", ",")}}
