"""Projects, grants and quotas."""

from ganeti_webmgr.permissions.models.grant import (
    GRANTS,
    ClusterGroupGrant,
    ClusterUserGrant,
    Grant,
    MachineGroupGrant,
    MachineUserGrant,
    ProjectGroupGrant,
    in_force,
)
from ganeti_webmgr.permissions.models.project import Membership, Project
from ganeti_webmgr.permissions.models.quota import DefaultQuota, Limits, Quota, Reservation

__all__ = [
    "GRANTS",
    "ClusterGroupGrant",
    "ClusterUserGrant",
    "DefaultQuota",
    "Grant",
    "Limits",
    "MachineGroupGrant",
    "MachineUserGrant",
    "Membership",
    "Project",
    "ProjectGroupGrant",
    "Quota",
    "Reservation",
    "in_force",
]
