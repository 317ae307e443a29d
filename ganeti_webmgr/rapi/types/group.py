"""Node groups (Reference 4.3)."""

from __future__ import annotations

from .frozen import Frozen, Moment, Params


class Group(Frozen):
    """A node group; what is not `custom_` is filled from the cluster."""

    uuid: str
    name: str
    alloc_policy: str
    node_cnt: int
    node_list: tuple[str, ...]
    ipolicy: Params
    custom_ipolicy: Params
    diskparams: Params
    custom_diskparams: Params
    ndparams: Params
    custom_ndparams: Params
    ctime: Moment
    mtime: Moment
    serial_no: int
    tags: tuple[str, ...]
