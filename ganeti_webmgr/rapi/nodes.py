"""Nodes (Reference 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from pydantic import TypeAdapter

from .calls import Kind
from .errors import Invalid
from .named import Named
from .outgoing import plain
from .resource import BULK
from .types import Node, StorageUnit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .options import Bare, Dependency, OnNode, Priority, Reasoned

_NODE = TypeAdapter(Node)
_NODES = TypeAdapter(list[Node])
_ROLE = TypeAdapter(str)
_JOB_ID = TypeAdapter(int)

NodeRole = Literal["regular", "master-candidate", "drained", "offline"]
StorageType = Literal["lvm-vg", "lvm-pv", "file", "sharedfile", "gluster"]
StorageField = Literal["name", "size", "used", "free", "allocatable", "node", "type"]

STORAGE_FIELDS: tuple[StorageField, ...] = ("name", "size", "used", "free", "allocatable", "node", "type")
_STORAGE_NAMES = {"size": "size_mib", "used": "used_mib", "free": "free_mib"}


class NodeChanges(TypedDict, total=False):
    """What can be changed on a node; what is absent stays."""

    force: bool
    master_candidate: bool
    offline: bool
    drained: bool
    auto_promote: bool
    master_capable: bool
    vm_capable: bool
    secondary_ip: str
    ndparams: Mapping[str, Any]
    powered: bool
    hv_state: Mapping[str, Any]
    disk_state: Mapping[str, Any]


class Nodes(Named):
    """`client.nodes`."""

    _root = "/2/nodes"

    def list(self) -> list[Node]:
        """All nodes; asks each of them, so one that hangs makes this slow (Reference 8, trap 14)."""
        return self._read(self._root, _NODES, query=BULK, kind=Kind.LIVE)

    def get(self, name: str) -> Node:
        return self._read(self._path(name), _NODE, kind=Kind.LIVE)

    def role(self, name: str) -> str:
        """The role in a word, `master` among them."""
        return self._read(self._path(name, "role"), _ROLE)

    def set_role(
        self,
        name: str,
        role: NodeRole,
        *,
        force: bool = False,
        auto_promote: bool = False,
        **options: Unpack[Reasoned],
    ) -> int:
        """`regular` may leave a master candidate one where the pool needs it: read the role again."""
        query = [("force", "1")] * force + [("auto-promote", "1")] * auto_promote
        if reason := options.get("reason"):
            query.append(("reason", plain(reason)))
        return self._client.request(
            "PUT", self._path(name, "role"), _JOB_ID, kind=Kind.WRITE, query=query, body=role
        )

    def modify(
        self, name: str, changes: NodeChanges, *, dry_run: bool = False, **options: Unpack[OnNode]
    ) -> int:
        return self._submit(
            "POST", self._path(name, "modify"), options, body={**changes, "dry_run": dry_run or None}
        )

    def evacuate(
        self,
        name: str,
        *,
        mode: Literal["primary-only", "secondary-only"],
        remote_node: str | None = None,
        iallocator: str | None = None,
        early_release: bool | None = None,
        ignore_soft_errors: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[OnNode],
    ) -> int:
        """The moves are jobs of their own: see `Job.spawned`. There is no mode for both at once."""
        body = {
            "mode": mode,
            "remote_node": remote_node,
            "iallocator": iallocator,
            "early_release": early_release,
            "ignore_soft_errors": ignore_soft_errors,
        }
        return self._submit(
            "POST", self._path(name, "evacuate"), options, body=body, query={"dry-run": dry_run}
        )

    def migrate(
        self,
        name: str,
        *,
        mode: Literal["live", "non-live"] | None = None,
        target_node: str | None = None,
        iallocator: str | None = None,
        allow_runtime_changes: bool | None = None,
        ignore_ipolicy: bool | None = None,
        dry_run: bool = False,
        node_uuid: str | None = None,
        depends: Sequence[Dependency] | None = None,
        priority: Priority | None = None,
        comment: str | None = None,
    ) -> int:
        """The migrations are jobs of their own: see `Job.spawned`.

        Takes no reason: any query argument makes Ganeti ignore the body. A `comment` can be found again.
        """
        body = {
            "mode": mode,
            "target_node": target_node,
            "iallocator": iallocator,
            "allow_runtime_changes": allow_runtime_changes,
            "ignore_ipolicy": ignore_ipolicy,
            "dry_run": dry_run or None,
            "node_uuid": node_uuid,
            "depends": depends,
            "priority": priority,
            "comment": None if comment is None else plain(comment),
        }
        return self._submit("POST", self._path(name, "migrate"), {}, body=body)

    def powercycle(
        self, name: str, *, force: bool = False, dry_run: bool = False, **options: Unpack[OnNode]
    ) -> int:
        """Reboots the node itself, at once."""
        return self._submit(
            "POST",
            self._path(name, "powercycle"),
            options,
            body={"dry_run": dry_run or None},
            query={"force": force},
        )

    def storage(
        self,
        name: str,
        *,
        storage_type: StorageType,
        fields: Sequence[StorageField] = STORAGE_FIELDS,
        reason: str | None = None,
    ) -> int:
        """A job whose `opresult` `storage_units` reads."""
        query = [("storage_type", storage_type), ("output_fields", ",".join(fields))]
        if reason:
            query.append(("reason", plain(reason)))
        return self._read(self._path(name, "storage"), _JOB_ID, query=query)

    def modify_storage(
        self,
        name: str,
        *,
        storage_type: StorageType,
        unit: str,
        allocatable: bool,
        **options: Unpack[Bare],
    ) -> int:
        query = {"storage_type": storage_type, "name": _named(unit), "allocatable": str(int(allocatable))}
        return self._submit("PUT", self._path(name, "storage", "modify"), options, query=query)

    def repair_storage(
        self, name: str, *, unit: str, storage_type: StorageType = "lvm-vg", **options: Unpack[Bare]
    ) -> int:
        query = {"storage_type": storage_type, "name": _named(unit)}
        return self._submit("PUT", self._path(name, "storage", "repair"), options, query=query)


def storage_units(
    opresult: Sequence[Any] | None, fields: Sequence[StorageField] = STORAGE_FIELDS
) -> list[StorageUnit]:
    """The storage of a node, from what a successful `storage` job gave that was asked for these fields."""
    rows = opresult[0] if opresult else None
    empty: dict[str, Any] = dict.fromkeys(StorageUnit.model_fields)
    names = [_STORAGE_NAMES.get(field, field) for field in fields]
    return [StorageUnit.model_validate(empty | dict(zip(names, row, strict=True))) for row in rows or ()]


def _named(unit: str) -> str:
    if not unit:
        raise Invalid("A storage unit has a name")
    return unit
