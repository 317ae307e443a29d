"""Instances: their configuration, their state, and both (Reference 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import Field

from .frozen import Frozen, Moment, Params

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Disk(Frozen):
    """One disk of an instance."""

    index: int
    uuid: str | None
    name: str | None
    size_mib: int | None
    spindles: int | None


class Nic(Frozen):
    """One network interface of an instance; `params` are its overrides of the cluster's NIC parameters."""

    index: int
    uuid: str | None
    name: str | None
    mac: str | None
    ip: str | None
    mode: str | None
    link: str | None
    vlan: str | None
    bridge: str | None
    network_uuid: str | None
    network: str | None
    params: Params


class InstanceConfiguration(Frozen):
    """What an instance is meant to be. `disks` and `nics` put the parallel lists together."""

    uuid: str
    name: str
    admin_state: str
    os: str
    pnode: str
    snodes: tuple[str, ...]
    disk_template: str
    disk_usage_mib: int | None = Field(alias="disk_usage")
    disk_sizes_mib: tuple[int | None, ...] | None = Field(alias="disk.sizes")
    disk_names: tuple[str | None, ...] | None = Field(alias="disk.names")
    disk_spindles: tuple[int | None, ...] | None = Field(alias="disk.spindles")
    disk_uuids: tuple[str, ...] | None = Field(alias="disk.uuids")
    nic_uuids: tuple[str, ...] | None = Field(alias="nic.uuids")
    nic_names: tuple[str | None, ...] | None = Field(alias="nic.names")
    nic_macs: tuple[str | None, ...] | None = Field(alias="nic.macs")
    nic_ips: tuple[str | None, ...] | None = Field(alias="nic.ips")
    nic_modes: tuple[str | None, ...] | None = Field(alias="nic.modes")
    nic_links: tuple[str | None, ...] | None = Field(alias="nic.links")
    nic_bridges: tuple[str | None, ...] | None = Field(alias="nic.bridges")
    nic_networks: tuple[str | None, ...] | None = Field(alias="nic.networks.names")
    nic_network_uuids: tuple[str | None, ...] | None = Field(alias="nic.networks")
    custom_nicparams: tuple[Params, ...] | None
    network_port: int | None
    beparams: Params
    hvparams: Params
    custom_beparams: Params
    custom_hvparams: Params
    custom_osparams: Params | None = None
    ctime: Moment
    mtime: Moment
    serial_no: int
    tags: tuple[str, ...]

    @property
    def disks(self) -> tuple[Disk, ...]:
        """The disks in their order."""
        return tuple(
            Disk.model_construct(
                index=index,
                uuid=uuid,
                name=_at(self.disk_names, index),
                size_mib=_at(self.disk_sizes_mib, index),
                spindles=_at(self.disk_spindles, index),
            )
            for index, uuid in enumerate(self.disk_uuids or ())
        )

    @property
    def nics(self) -> tuple[Nic, ...]:
        """The network interfaces in their order."""
        vlans: Sequence[str | None] | None = getattr(self, "nic_vlans", None)
        return tuple(
            Nic.model_construct(
                index=index,
                uuid=uuid,
                name=_at(self.nic_names, index),
                mac=_at(self.nic_macs, index),
                ip=_at(self.nic_ips, index),
                mode=_at(self.nic_modes, index),
                link=_at(self.nic_links, index),
                vlan=_at(vlans, index),
                bridge=_at(self.nic_bridges, index),
                network_uuid=_at(self.nic_network_uuids, index),
                network=_at(self.nic_networks, index),
                params=_at(self.custom_nicparams, index) or {},
            )
            for index, uuid in enumerate(self.nic_uuids or ())
        )


class Instance(InstanceConfiguration):
    """An instance as the plain lists show it: configuration and state, without hypervisor and VLANs."""

    status: str
    oper_state: bool | None
    oper_ram_mib: int | None = Field(alias="oper_ram")
    oper_vcpus: int | None


class InstanceRow(InstanceConfiguration):
    """The whole configuration of an instance, from a query; nothing that needs the nodes."""

    hypervisor: str | None
    osparams: Params | None
    pnode_group: str | None = Field(alias="pnode.group")
    pnode_group_uuid: str | None = Field(alias="pnode.group.uuid")
    nic_vlans: tuple[str | None, ...] | None = Field(alias="nic.vlans")
    admin_state_source: str | None
    disks_active: bool | None
    forthcoming: bool | None


class InstanceState(Frozen):
    """What an instance does now. `oper_state` None: its node does not say (Reference 8, trap 16)."""

    uuid: str
    name: str
    status: str
    oper_state: bool | None
    oper_ram_mib: int | None = Field(alias="oper_ram")
    oper_vcpus: int | None
    admin_state: str
    pnode: str
    serial_no: int


def _at(values: Sequence[T] | None, index: int) -> T | None:
    return values[index] if values is not None and index < len(values) else None
