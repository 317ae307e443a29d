"""What all commands on nodes have."""

from __future__ import annotations

from ganeti_webmgr.clusters import schedule
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.nodes.models import Node


class NodeCommand(Command[Node]):
    """Something that can be done to a node."""

    permission = "operate"

    def ended(self, job: Job) -> None:
        schedule.hurry(job.cluster_id, "nodes")


def online(node: Node) -> str:
    """Why nothing that the node itself must do can be asked of it; empty where it can."""
    return "It is offline: nothing is asked of it." if node.role == Node.Role.OFFLINE else ""
