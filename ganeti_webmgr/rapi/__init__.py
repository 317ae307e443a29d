"""Ganeti's remote API, version 2, of Ganeti 2.16, 3.0 and 3.1. In here things have Ganeti's names.

    with Client("https://cluster.example.org:5080", user="gwm", password=secret, tls=SystemCA()) as client:
        job_id = client.instances.start("web1.example.org", reason="asked for by alice")

What goes wrong is a `RapiError` that tells whether the call may be sent again; see `errors`.
"""

from __future__ import annotations

from .calls import Timeouts
from .client import Client, Version
from .errors import (
    BadAnswer,
    Busy,
    CertificateMismatch,
    ConsoleUnavailable,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RapiError,
    Refused,
    TlsFailed,
    Unauthorized,
    Unreachable,
)
from .groups import AllocPolicy, GroupParameters
from .instances.configuration import InstanceChanges
from .nodes import NodeChanges, NodeRole, StorageType, storage_units
from .options import Dependency
from .outgoing import plain
from .probing import Welcome, greet, knock, resolve, shake_hands
from .rows import Rows
from .tls import OwnCA, Pinned, SystemCA, Tls, Unverified, fetch_fingerprint
from .types import (
    FINAL_STATUSES,
    CancelResult,
    ClusterInfo,
    Connection,
    Console,
    Disk,
    DiskChange,
    DiskDetails,
    DiskSpec,
    Export,
    FieldDefinition,
    FilterRule,
    Group,
    Instance,
    InstanceDetails,
    InstanceRow,
    InstanceSpec,
    InstanceState,
    Job,
    JobChange,
    JobError,
    Lock,
    LogEntry,
    Network,
    Nic,
    NicChange,
    NicSpec,
    Node,
    NodeRow,
    Reason,
    Spawned,
    StorageUnit,
    instance_details,
)
from .users_file import users_line

JobRow = Job

__all__ = [
    "FINAL_STATUSES",
    "AllocPolicy",
    "BadAnswer",
    "Busy",
    "CancelResult",
    "CertificateMismatch",
    "Client",
    "ClusterInfo",
    "Connection",
    "Console",
    "ConsoleUnavailable",
    "Dependency",
    "Disk",
    "DiskChange",
    "DiskDetails",
    "DiskSpec",
    "Export",
    "FieldDefinition",
    "FilterRule",
    "Forbidden",
    "Group",
    "GroupParameters",
    "Instance",
    "InstanceChanges",
    "InstanceDetails",
    "InstanceRow",
    "InstanceSpec",
    "InstanceState",
    "Invalid",
    "Job",
    "JobChange",
    "JobError",
    "JobRow",
    "Lock",
    "LogEntry",
    "Network",
    "Nic",
    "NicChange",
    "NicSpec",
    "Node",
    "NodeChanges",
    "NodeRole",
    "NodeRow",
    "NotFound",
    "OutcomeUnknown",
    "OwnCA",
    "Pinned",
    "RapiError",
    "Reason",
    "Refused",
    "Rows",
    "Spawned",
    "StorageType",
    "StorageUnit",
    "SystemCA",
    "Timeouts",
    "Tls",
    "TlsFailed",
    "Unauthorized",
    "Unreachable",
    "Unverified",
    "Version",
    "Welcome",
    "fetch_fingerprint",
    "greet",
    "instance_details",
    "knock",
    "plain",
    "resolve",
    "shake_hands",
    "storage_units",
    "users_line",
]
