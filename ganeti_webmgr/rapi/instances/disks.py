"""The disks of an instance, apart from adding and removing, which is modification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack

from ..named import Named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..options import Bare, OnInstance
    from ..types import DiskSpec

ReplaceMode = Literal["replace_on_primary", "replace_on_secondary", "replace_new_secondary", "replace_auto"]


class Disks(Named):
    """Activate, deactivate, grow, replace and recreate."""

    def activate_disks(self, name: str, *, ignore_size: bool = False, **options: Unpack[Bare]) -> int:
        return self._submit(
            "PUT", self._path(name, "activate-disks"), options, query={"ignore_size": ignore_size}
        )

    def deactivate_disks(self, name: str, *, force: bool = False, **options: Unpack[Bare]) -> int:
        return self._submit("PUT", self._path(name, "deactivate-disks"), options, query={"force": force})

    def grow_disk(
        self,
        name: str,
        index: int,
        *,
        amount_mib: int,
        absolute: bool | None = None,
        wait_for_sync: bool | None = None,
        ignore_ipolicy: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """By `amount_mib`, or if `absolute` to it."""
        body = {
            "amount": amount_mib,
            "absolute": absolute,
            "wait_for_sync": wait_for_sync,
            "ignore_ipolicy": ignore_ipolicy,
            "dry_run": dry_run or None,
        }
        return self._submit("POST", self._path(name, "disk", f"{index:d}", "grow"), options, body=body)

    def replace_disks(
        self,
        name: str,
        *,
        mode: ReplaceMode,
        disks: Sequence[int] = (),
        remote_node: str | None = None,
        iallocator: str | None = None,
        early_release: bool | None = None,
        ignore_ipolicy: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """DRBD only; no `disks` means all. Only `replace_new_secondary` takes a node or an allocator."""
        body = {
            "mode": mode,
            "disks": [*disks] or None,
            "remote_node": remote_node,
            "iallocator": iallocator,
            "early_release": early_release,
            "ignore_ipolicy": ignore_ipolicy,
            "dry_run": dry_run or None,
        }
        return self._submit("POST", self._path(name, "replace-disks"), options, body=body)

    def recreate_disks(
        self,
        name: str,
        *,
        disks: Sequence[int] | Mapping[int, DiskSpec] = (),
        nodes: Sequence[str] | None = None,
        node_uuids: Sequence[str] | None = None,
        iallocator: str | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """Empty disks instead of lost ones; no `disks` means all."""
        body = {
            "disks": _entries(disks) or None,
            "nodes": nodes,
            "node_uuids": node_uuids,
            "iallocator": iallocator,
            "dry_run": dry_run or None,
        }
        return self._submit("POST", self._path(name, "recreate-disks"), options, body=body)


def _entries(disks: Sequence[int] | Mapping[int, DiskSpec]) -> list[Any]:
    if isinstance(disks, dict):
        return [[index, spec.body()] for index, spec in disks.items()]
    return [*disks]
