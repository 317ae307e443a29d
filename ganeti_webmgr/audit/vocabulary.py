"""Every action that is recorded, in words that stand before its object: "Give rights on", "Rename group"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Words:
    """How an action is shown. Only what somebody should look at has a colour."""

    label: str
    icon: str
    tone: str = "quiet"
    own: bool = False  # its object is who did it, and is not named again


ACTIONS = {
    "bulk.confirmed": Words("Do to many machines", "stack-2"),
    "cluster.added": Words("Add cluster", "topology-star-3"),
    "cluster.changed": Words("Change the settings of", "adjustments"),
    "cluster.connected": Words("Change the connection of", "key"),
    "cluster.paused": Words("Pause", "player-pause"),
    "cluster.removed": Words("Remove cluster", "topology-star-3", "warn"),
    "cluster.resumed": Words("Resume", "player-play"),
    "cluster.seen-changed": Words("Seen to have changed:", "refresh"),
    "console.closed": Words("Close the console of", "device-desktop-off"),
    "console.ended": Words("End somebody's console on", "device-desktop-off"),
    "console.failed": Words("Could not open the console of", "device-desktop-off", "warn"),
    "console.file-given": Words("Get a file for a desktop viewer of", "download"),
    "console.opened": Words("Open the console of", "device-desktop"),
    "consoles.changed": Words("Change how consoles are reached on", "device-desktop"),
    "filter.changed": Words("Change filter", "bookmark"),
    "filter.removed": Words("Delete filter", "bookmark"),
    "filter.saved": Words("Save filter", "bookmark"),
    "grant.ended": Words("End of rights on", "clock"),
    "grant.given": Words("Give rights on", "user-shield"),
    "grant.revoked": Words("Take rights on", "user-shield"),
    "former.imported": Words("Bring over a former manager's database", "database-plus"),
    "group.created": Words("Create group", "users"),
    "group.member-added": Words("Add to group", "user-plus"),
    "group.member-removed": Words("Remove from group", "user-minus"),
    "group.removed": Words("Delete group", "users"),
    "group.renamed": Words("Rename group", "users"),
    "image.changed": Words("Describe", "disc"),
    "job.all-ended": Words("End of the jobs that were begun for", "list-check"),
    "job.cancelled": Words("Cancel a job on", "ban"),
    "job.ended": Words("End of a job on", "list-check"),
    "job.requested": Words("Ask for a job on", "send"),
    "key.added": Words("Add SSH key", "key"),
    "key.removed": Words("Remove SSH key", "key"),
    "keys.rotated": Words("Encrypt stored passwords with the new key", "lock"),
    "list.exported": Words("Export list", "download"),
    "machine.forgotten": Words("Forget", "trash", "warn"),
    "machine.locked": Words("Lock", "lock"),
    "machine.unlocked": Words("Unlock", "lock-open"),
    "machine.made": Words("Make", "plus"),
    "member.added": Words("Add somebody to", "user-plus"),
    "member.changed": Words("Change somebody's part in", "users"),
    "member.removed": Words("Remove somebody from", "user-minus"),
    "node.appeared": Words("Seen for the first time:", "plus"),
    "node.forgotten": Words("Forget", "trash", "warn"),
    "node.gone": Words("Not on its cluster any more:", "help-circle", "warn"),
    "notes.changed": Words("Change the notes of", "note"),
    "owner.changed": Words("Hand over", "arrows-split"),
    "owner.rebuilt": Words("Read the owner from the tag of", "tag"),
    "person.activated": Words("Switch on the account of", "user"),
    "person.changed": Words("Change person", "user"),
    "person.created": Words("Create person", "user-plus"),
    "person.deactivated": Words("Switch off the account of", "user-minus"),
    "person.password-changed": Words("Change own password", "key", own=True),
    "person.password-set": Words("Set the password of", "key"),
    "person.profile-changed": Words("Change own profile", "user", own=True),
    "person.refused": Words("Refused sign-in", "hand-stop", "bad", own=True),
    "person.signed-in": Words("Sign in", "login", own=True),
    "person.signed-out": Words("Sign out", "logout", own=True),
    "project.changed": Words("Change project", "users-group"),
    "project.created": Words("Create project", "users-group"),
    "quota.cleared": Words("Clear the quota of", "gauge"),
    "quota.default-set": Words("Set the default quota of", "gauge"),
    "quota.set": Words("Set the quota of", "gauge"),
    "reconcile.confirmed": Words("Reconcile", "arrows-exchange"),
    "record.exported": Words("Export the record", "download"),
    "template.changed": Words("Change template", "template"),
    "template.made": Words("Make template", "template"),
    "template.removed": Words("Delete template", "template"),
    "session.ended": Words("End a session of", "logout"),
}

# How a job went, by its status: the label follows its verb.
ENDINGS = {
    "done": Words("done", "circle-check-filled", "good"),
    "failed": Words("failed", "circle-x-filled", "bad"),
    "cancelled": Words("cancelled", "ban"),
}

KINDS = {
    "virtualmachine": "Virtual machine",
    "cluster": "Cluster",
    "node": "Node",
    "nodegroup": "Node group",
    "network": "Network",
    "project": "Project",
    "user": "Person",
    "group": "Group",
    "key": "SSH key",
    "operatingsystem": "Image",
    "list": "List",
    "savedfilter": "Saved filter",
    "machinetemplate": "Template",
}


def words(action: str, after: Any = None) -> Words:
    """The words of an action; of a job they name what was asked for: "Start", "Start failed:"."""
    known = ACTIONS.get(action) or Words(action, "history")
    said = after if isinstance(after, dict) else {}
    verb = said.get("verb")
    if not verb:
        return known
    if action == "job.all-ended":
        return _of_all(verb, said.get("outcome") or {})
    if action == "job.ended":
        if began := said.get("began"):
            return replace(known, label=f"{verb} began {began} job{'' if began == 1 else 's'}:")
        ending = ENDINGS.get(said.get("status", ""), known)
        return replace(ending, label=f"{verb} {ending.label}:")
    return replace(known, label=f"Cancel: {verb}" if action == "job.cancelled" else verb)


def _of_all(verb: str, outcome: dict[str, int]) -> Words:
    """ "Migrate machines away: 1 of 2 done, 1 failed:" """
    failed = outcome.get("failed", 0)
    told = f"{verb}: {outcome.get('done', 0)} of {outcome.get('total', 0)} done"
    if failed:
        return replace(ENDINGS["failed"], label=f"{told}, {failed} failed:")
    return replace(ENDINGS["done"], label=f"{told}:")
