"""Changing what an instance is meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from ..named import Named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..options import OnInstance
    from ..types import DiskChange, NicChange


class InstanceChanges(TypedDict, total=False):
    """What can be changed; what is absent stays. The value `"default"` takes an override away."""

    hvparams: Mapping[str, Any]
    beparams: Mapping[str, Any]
    osparams: Mapping[str, Any]
    osparams_private: Mapping[str, Any]
    nics: Sequence[NicChange]
    disks: Sequence[DiskChange]
    disk_template: str
    remote_node: str
    iallocator: str
    file_driver: str
    file_storage_dir: str
    ext_params: Mapping[str, Any]
    runtime_mem_mib: int
    offline: bool
    os_name: str
    force_variant: bool
    pnode: str
    instance_communication: bool
    wait_for_sync: bool
    conflicts_check: bool
    force: bool
    ignore_ipolicy: bool


class Configuration(Named):
    """Modification."""

    def modify(
        self,
        name: str,
        changes: InstanceChanges,
        *,
        hotplug: bool = False,
        hotplug_if_possible: bool = False,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """Parameters take effect at the next start; disks and NICs at once with `hotplug` (kvm).

        `hotplug` is always sent, as its default differs by version. From 3.1 on it means what
        `hotplug_if_possible` did before, and the latter is not known there (Reference 11).
        """
        body: dict[str, Any] = dict(changes)
        body["hotplug"] = hotplug
        if hotplug_if_possible:
            modern = self._client.version >= (3, 1)
            body["hotplug" if modern else "hotplug_if_possible"] = True
        for key in ("nics", "disks"):
            if key in body:
                body[key] = [change.entry() for change in body[key]]
        body["runtime_mem"] = body.pop("runtime_mem_mib", None)
        body["dry_run"] = dry_run or None
        return self._submit("PUT", self._path(name, "modify"), options, body=body)
