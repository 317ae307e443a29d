"""The tags of a node."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.tagging import Tagged, Tagging, TagsCommand, Untagging
from ganeti_webmgr.nodes.commands.command import NodeCommand
from ganeti_webmgr.nodes.models import Node


class OfNodes(TagsCommand[Node], NodeCommand):
    tool = "gnt-node"
    linked = "of"

    @staticmethod
    def among(client: rapi.Client) -> Tagged:
        return client.nodes


@dataclass(frozen=True, kw_only=True)
class UntagNode(OfNodes, Untagging[Node]):
    name = "untag-node"


@dataclass(frozen=True, kw_only=True)
class TagNode(OfNodes, Tagging[Node]):
    name = "tag-node"
    untagging = UntagNode
