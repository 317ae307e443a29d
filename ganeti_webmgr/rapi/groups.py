"""Node groups (Reference 2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from pydantic import TypeAdapter

from .named import Named
from .resource import BULK
from .types import Group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .options import Bare, Common

_GROUP = TypeAdapter(Group)
_GROUPS = TypeAdapter(list[Group])

AllocPolicy = Literal["preferred", "last_resort", "unallocable"]


class GroupParameters(TypedDict, total=False):
    """What a group can override; the value `"default"` takes an override away."""

    alloc_policy: AllocPolicy
    ndparams: Mapping[str, Any]
    diskparams: Mapping[str, Mapping[str, Any]]
    ipolicy: Mapping[str, Any]
    hv_state: Mapping[str, Any]
    disk_state: Mapping[str, Any]


class Groups(Named):
    """`client.groups`."""

    _root = "/2/groups"

    def list(self) -> list[Group]:
        return self._read(self._root, _GROUPS, query=BULK)

    def get(self, name: str) -> Group:
        return self._read(self._path(name), _GROUP)

    def create(
        self,
        name: str,
        parameters: GroupParameters | None = None,
        *,
        dry_run: bool = False,
        **options: Unpack[Common],
    ) -> int:
        return self._submit(
            "POST",
            self._root,
            options,
            body={**(parameters or {}), "group_name": name},
            query={"dry-run": dry_run},
        )

    def delete(self, name: str, *, dry_run: bool = False, **options: Unpack[Bare]) -> int:
        """The group must be empty, and not the last."""
        return self._submit("DELETE", self._path(name), options, query={"dry-run": dry_run})

    def modify(
        self, name: str, parameters: GroupParameters, *, dry_run: bool = False, **options: Unpack[Common]
    ) -> int:
        return self._submit(
            "PUT", self._path(name, "modify"), options, body={**parameters, "dry_run": dry_run or None}
        )

    def rename(self, name: str, *, new_name: str, dry_run: bool = False, **options: Unpack[Common]) -> int:
        return self._submit(
            "PUT",
            self._path(name, "rename"),
            options,
            body={"new_name": new_name},
            query={"dry-run": dry_run},
        )

    def assign_nodes(
        self,
        name: str,
        *,
        nodes: Sequence[str],
        node_uuids: Sequence[str] | None = None,
        force: bool = False,
        dry_run: bool = False,
        **options: Unpack[Common],
    ) -> int:
        """`force` allows to split mirrored instances across groups."""
        return self._submit(
            "PUT",
            self._path(name, "assign-nodes"),
            options,
            body={"nodes": [*nodes], "node_uuids": node_uuids},
            query={"force": force, "dry-run": dry_run},
        )
