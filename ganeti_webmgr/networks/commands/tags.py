"""The tags of a network."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.jobs.tagging import Tagged, Tagging, TagsCommand, Untagging


class OfNetworks(TagsCommand[Network]):
    tool = "gnt-network"

    @staticmethod
    def among(client: rapi.Client) -> Tagged:
        return client.networks


@dataclass(frozen=True, kw_only=True)
class RemoveNetworkTags(OfNetworks, Untagging[Network]):
    name = "remove-network-tags"


@dataclass(frozen=True, kw_only=True)
class AddNetworkTags(OfNetworks, Tagging[Network]):
    name = "add-network-tags"
    untagging = RemoveNetworkTags
