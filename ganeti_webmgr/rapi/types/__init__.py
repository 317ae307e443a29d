"""What is asked of a cluster, and what it answers."""

from __future__ import annotations

from .cluster import ClusterInfo
from .console import Console
from .details import DiskDetails, InstanceDetails, instance_details
from .failure import JobError
from .filter import FilterRule
from .group import Group
from .instance import Disk, Instance, InstanceRow, InstanceState, Nic
from .job import FINAL_STATUSES, CancelResult, Job, JobChange, LogEntry, Reason, Spawned
from .network import Connection, Network
from .node import Node, NodeRow, StorageUnit
from .query import Export, FieldDefinition, Lock
from .spec import DiskChange, DiskSpec, InstanceSpec, NicChange, NicSpec

__all__ = [
    "FINAL_STATUSES",
    "CancelResult",
    "ClusterInfo",
    "Connection",
    "Console",
    "Disk",
    "DiskChange",
    "DiskDetails",
    "DiskSpec",
    "Export",
    "FieldDefinition",
    "FilterRule",
    "Group",
    "Instance",
    "InstanceDetails",
    "InstanceRow",
    "InstanceSpec",
    "InstanceState",
    "Job",
    "JobChange",
    "JobError",
    "Lock",
    "LogEntry",
    "Network",
    "Nic",
    "NicChange",
    "NicSpec",
    "Node",
    "NodeRow",
    "Reason",
    "Spawned",
    "StorageUnit",
    "instance_details",
]
