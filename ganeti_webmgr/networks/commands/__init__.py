"""What can be done to a network. Each command is one class; defining it registers it."""

from ganeti_webmgr.networks.commands.addresses import ReleaseAddresses, ReserveAddresses
from ganeti_webmgr.networks.commands.groups import ConnectNetwork, DisconnectNetwork
from ganeti_webmgr.networks.commands.lifecycle import (
    NOTHING,
    ChangeNetwork,
    CreateNetwork,
    RemoveNetwork,
    RenameNetwork,
)
from ganeti_webmgr.networks.commands.tags import AddNetworkTags, RemoveNetworkTags

__all__ = [
    "NOTHING",
    "AddNetworkTags",
    "ChangeNetwork",
    "ConnectNetwork",
    "CreateNetwork",
    "DisconnectNetwork",
    "ReleaseAddresses",
    "RemoveNetwork",
    "RemoveNetworkTags",
    "RenameNetwork",
    "ReserveAddresses",
]
