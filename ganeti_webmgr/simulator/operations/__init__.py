"""What the opcodes do; importing this registers them all."""

from . import (
    children,
    cluster,
    create,
    details,
    disks,
    exports,
    groups,
    lifecycle,
    modify,
    moving,
    networks,
    nodes,
    operating_systems,
    power,
    tagging,
)

__all__ = [
    "children",
    "cluster",
    "create",
    "details",
    "disks",
    "exports",
    "groups",
    "lifecycle",
    "modify",
    "moving",
    "networks",
    "nodes",
    "operating_systems",
    "power",
    "tagging",
]
