"""Ganeti's operations in words: what each is called, and what its object is doing meanwhile."""

from __future__ import annotations

# OP_ID: (label, busy)
OPERATIONS = {
    "OP_INSTANCE_STARTUP": ("Start", "Starting"),
    "OP_INSTANCE_SHUTDOWN": ("Shut down", "Shutting down"),
    "OP_INSTANCE_REBOOT": ("Restart", "Restarting"),
    "OP_INSTANCE_CREATE": ("Create", "Creating"),
    "OP_INSTANCE_MULTI_ALLOC": ("Create several", "Creating"),
    "OP_INSTANCE_REINSTALL": ("Reinstall", "Reinstalling"),
    "OP_INSTANCE_REMOVE": ("Delete", "Deleting"),
    "OP_INSTANCE_RENAME": ("Rename", "Renaming"),
    "OP_INSTANCE_SET_PARAMS": ("Change", "Changing"),
    "OP_INSTANCE_GROW_DISK": ("Grow disk", "Growing disk"),
    "OP_INSTANCE_REPLACE_DISKS": ("Replace disks", "Replacing disks"),
    "OP_INSTANCE_RECREATE_DISKS": ("Recreate disks", "Recreating disks"),
    "OP_INSTANCE_ACTIVATE_DISKS": ("Activate disks", "Activating disks"),
    "OP_INSTANCE_DEACTIVATE_DISKS": ("Deactivate disks", "Deactivating disks"),
    "OP_INSTANCE_MIGRATE": ("Migrate", "Migrating"),
    "OP_INSTANCE_FAILOVER": ("Fail over", "Failing over"),
    "OP_INSTANCE_MOVE": ("Move", "Moving"),
    "OP_INSTANCE_CHANGE_GROUP": ("Change group", "Moving"),
    "OP_INSTANCE_QUERY_DATA": ("Read details", "Being read"),
    "OP_BACKUP_PREPARE": ("Prepare export", "Preparing export"),
    "OP_BACKUP_EXPORT": ("Export", "Exporting"),
    "OP_BACKUP_REMOVE": ("Remove export", "Removing export"),
    "OP_NODE_ADD": ("Add node", "Being added"),
    "OP_NODE_REMOVE": ("Remove node", "Being removed"),
    "OP_NODE_SET_PARAMS": ("Change node", "Changing"),
    "OP_NODE_EVACUATE": ("Evacuate node", "Evacuating"),
    "OP_NODE_MIGRATE": ("Migrate node", "Migrating"),
    "OP_NODE_POWERCYCLE": ("Power cycle node", "Power cycling"),
    "OP_NODE_QUERY_STORAGE": ("Read storage", "Being read"),
    "OP_NODE_MODIFY_STORAGE": ("Change storage", "Changing"),
    "OP_REPAIR_NODE_STORAGE": ("Repair storage", "Repairing"),
    "OP_GROUP_ADD": ("Create group", "Being created"),
    "OP_GROUP_REMOVE": ("Remove group", "Being removed"),
    "OP_GROUP_RENAME": ("Rename group", "Renaming"),
    "OP_GROUP_SET_PARAMS": ("Change group", "Changing"),
    "OP_GROUP_ASSIGN_NODES": ("Assign nodes", "Changing"),
    "OP_NETWORK_ADD": ("Create network", "Being created"),
    "OP_NETWORK_REMOVE": ("Remove network", "Being removed"),
    "OP_NETWORK_RENAME": ("Rename network", "Renaming"),
    "OP_NETWORK_SET_PARAMS": ("Change network", "Changing"),
    "OP_NETWORK_CONNECT": ("Connect network", "Changing"),
    "OP_NETWORK_DISCONNECT": ("Disconnect network", "Changing"),
    "OP_CLUSTER_SET_PARAMS": ("Change cluster", "Changing"),
    "OP_CLUSTER_REDIST_CONF": ("Redistribute configuration", "Changing"),
    "OP_CLUSTER_VERIFY": ("Verify cluster", "Being verified"),
    "OP_CLUSTER_VERIFY_CONFIG": ("Verify configuration", "Being verified"),
    "OP_CLUSTER_VERIFY_GROUP": ("Verify group", "Being verified"),
    "OP_CLUSTER_VERIFY_DISKS": ("Verify disks", "Being verified"),
    "OP_GROUP_VERIFY_DISKS": ("Verify disks of group", "Being verified"),
    "OP_OS_DIAGNOSE": ("List operating systems", "Being read"),
    "OP_TAGS_SET": ("Add tags", "Changing"),
    "OP_TAGS_DEL": ("Remove tags", "Changing"),
}


def label(op_id: str) -> str:
    """What the operation is called: "Start", or Ganeti's own word in lower case where we have none."""
    return OPERATIONS.get(op_id, (plain(op_id), ""))[0]


def busy(op_id: str) -> str:
    """What its object is doing meanwhile: "Starting"."""
    return OPERATIONS.get(op_id, ("", "Changing"))[1]


def plain(op_id: str) -> str:
    return op_id.removeprefix("OP_").replace("_", " ").capitalize()
