"""Nodes and their storage (Reference 4.2)."""

from __future__ import annotations

from pydantic import Field

from .frozen import Frozen, Moment, Params


class Node(Frozen):
    """A node as the plain lists show it; the sizes and CPU numbers are None where the node does not say."""

    uuid: str
    name: str
    pip: str
    sip: str
    role: str
    offline: bool
    drained: bool
    master_candidate: bool
    master_capable: bool
    vm_capable: bool
    group_uuid: str = Field(alias="group.uuid")
    pinst_cnt: int
    sinst_cnt: int
    pinst_list: tuple[str, ...]
    sinst_list: tuple[str, ...]
    mtotal_mib: int | None = Field(alias="mtotal")
    mfree_mib: int | None = Field(alias="mfree")
    mnode_mib: int | None = Field(alias="mnode")
    dtotal_mib: int | None = Field(alias="dtotal")
    dfree_mib: int | None = Field(alias="dfree")
    sptotal: int | None
    spfree: int | None
    ctotal: int | None
    cnos: int | None
    cnodes: int | None
    csockets: int | None
    ndparams: Params
    ctime: Moment
    mtime: Moment
    serial_no: int
    tags: tuple[str, ...]


class NodeRow(Node):
    """A node from a query, which knows more."""

    group: str | None
    master: bool | None
    custom_ndparams: Params | None
    powered: bool | None
    bootid: str | None


class StorageUnit(Frozen):
    """A volume group, disk or directory of a node."""

    name: str | None
    size_mib: int | None
    used_mib: int | None
    free_mib: int | None
    allocatable: bool | None
    node: str | None
    type: str | None
