"""The result of an instance's `info` job (Reference 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, TypeAdapter

from .frozen import Frozen, Moment, Params

if TYPE_CHECKING:
    from .job import Job


class DiskDetails(Frozen):
    """A disk and those it is made of. The only way to see how far a DRBD resync is."""

    uuid: str | None
    name: str | None
    iv_name: str | None
    dev_type: str
    mode: str | None
    size_mib: int | None = Field(alias="size")
    spindles: int | None
    logical_id: Any
    drbd_info: Any = None
    pstatus: tuple[Any, ...] | None = None
    sstatus: tuple[Any, ...] | None = None
    children: tuple[DiskDetails, ...] = ()

    @property
    def sync_percent(self) -> float | None:
        """How far the resync is; None when there is none to wait for."""
        return float(self.pstatus[3]) if self.pstatus and self.pstatus[3] is not None else None


class InstanceDetails(Frozen):
    """All that the nodes know about an instance."""

    name: str
    uuid: str
    config_state: str
    run_state: str | None
    pnode: str
    pnode_group_name: str | None
    snodes: tuple[str, ...]
    os: str
    disk_template: str
    hypervisor: str
    network_port: int | None
    hv_instance: Params
    hv_actual: Params
    be_instance: Params
    be_actual: Params
    os_instance: Params
    os_actual: Params
    nics: tuple[tuple[Any, ...], ...]
    disks: tuple[DiskDetails, ...]
    serial_no: int
    ctime: Moment
    mtime: Moment


_RESULT = TypeAdapter(dict[str, InstanceDetails])


def instance_details(job: Job) -> dict[str, InstanceDetails]:
    """The details by instance name, from a successful `info` job."""
    return _RESULT.validate_python(job.opresult[0] if job.opresult else {})
