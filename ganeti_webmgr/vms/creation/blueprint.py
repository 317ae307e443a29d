"""What a new machine shall be, as a form asks for it, a job keeps it and a template saves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ganeti_webmgr.permissions.quota import Size

Params = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A disk to be made, or taken over where `adopt` names one. What is empty is the cluster's to say."""

    size_mib: int = 0
    mode: str = "rw"
    name: str = ""
    vg: str = ""
    metavg: str = ""
    adopt: str = ""
    access: str = ""
    provider: str = ""
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Nic:
    """A network interface. What is empty is the cluster's to say; `ip` may be "pool": the next free one."""

    network: str = ""
    mode: str = ""
    link: str = ""
    vlan: str = ""
    ip: str = ""
    mac: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """Everything about a machine but its name, its owner, and what nobody may read."""

    os: str = ""
    hypervisor: str = ""
    vcpus: int = 1
    memory_mib: int = 1024
    memory_min_mib: int = 1024
    disk_template: str = ""
    disks: tuple[Disk, ...] = ()
    file_driver: str = ""
    file_storage_dir: str = ""
    nics: tuple[Nic, ...] = ()
    allocator: str = ""  # empty: the cluster's own
    group: str = ""
    primary_node: str = ""
    secondary_node: str = ""
    start: bool = True
    install: bool = True
    name_check: bool = False
    ip_check: bool = False
    wait_for_sync: bool = True
    ignore_policy: bool = False
    hvparams: Params = field(default_factory=dict)
    beparams: Params = field(default_factory=dict)
    osparams: Params = field(default_factory=dict)
    hidden_osparams: dict[str, str] = field(default_factory=dict)  # only their names: "private" or "secret"
    tags: tuple[str, ...] = ()
    notes: str = ""

    def __post_init__(self) -> None:
        # Kept as JSON, which knows neither tuples nor our classes.
        for name, kind in (("disks", Disk), ("nics", Nic)):
            rows = tuple(kind(**row) if isinstance(row, Mapping) else row for row in getattr(self, name))
            object.__setattr__(self, name, rows)
        object.__setattr__(self, "tags", tuple(self.tags))

    @property
    def size(self) -> Size:
        """What it takes of its project's quota."""
        return Size(self.memory_mib, self.vcpus, sum(disk.size_mib for disk in self.disks), 1)

    def as_data(self) -> Params:
        """As JSON keeps it."""
        return {part.name: asdict(self)[part.name] for part in fields(Blueprint)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Blueprint:
        """From what was kept, of which there may be more."""
        known = {part.name for part in fields(Blueprint)}
        return Blueprint(**{name: value for name, value in data.items() if name in known})
