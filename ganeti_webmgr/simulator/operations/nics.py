"""NICs as they are asked for at creation and modification."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Any

from ..errors import prereq
from ..model.config import Config
from ..model.instance import Instance, Nic
from ..model.network import Network

MAX_NICS = 8
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")


def build_nic(
    config: Config,
    given: dict[str, Any],
    *,
    pnode: str,
    resolved: str | None = None,
    beside: Collection[Nic] = (),
) -> Nic:
    """A NIC for a machine on that node, beside others of a machine in the making; raises OperationFailed."""
    network = _network(config, given.get("network"))
    if network and (given.get("mode") or given.get("link")):
        raise prereq("If network is given, no mode or link is allowed to be passed", "wrong_input")
    params = _params(config, given, network, pnode)
    address = given.get("ip")
    if address == "auto":
        if resolved is None:
            raise prereq("IP address set to auto but name checks have been skipped", "wrong_input")
        address = resolved
    return Nic(
        uuid=config.new_uuid(),
        mac=_mac(config, given.get("mac"), network),
        ip=pick_address(address, network, beside=[nic.ip for nic in beside]),
        name=_none(given.get("name")),
        network=network.uuid if network else None,
        params=params,
    )


def pick_address(
    address: str | None, network: Network | None, *, beside: Collection[str | None] = ()
) -> str | None:
    """The address itself, or a free one of the network for "pool"."""
    address = _none(address)
    if address is None:
        return None
    if address == "pool":
        if network is None:
            raise prereq("if ip=pool, parameter network must be passed too", "wrong_input")
        free = network.free_address(beside=beside)
        if free is None:
            raise prereq("Unable to get a free IP for NIC 0 from the address pool", "wrong_state")
        return free
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError:
        raise prereq(f"Invalid IP address '{address}'", "wrong_input") from None
    if network and (parsed not in network.range or address in network.taken().union(beside)):
        raise prereq(
            f"IP address {address} already in use or does not belong to network {network.name}",
            "resource_not_unique",
        )
    return address


def reserve(config: Config, instance: Instance, nic: Nic) -> None:
    network = config.network_of(nic)
    if network is not None and nic.ip is not None:
        network.used[nic.ip] = instance.name


def release(config: Config, nic: Nic) -> None:
    network = config.network_of(nic)
    if network is not None and nic.ip is not None:
        network.used.pop(nic.ip, None)


def _network(config: Config, name: str | None) -> Network | None:
    name = _none(name)
    if name is None:
        return None
    network = config.networks.get(name)
    if network is None:
        raise prereq(f"Network '{name}' not found", "unknown_entity")
    return network


def _params(config: Config, given: dict[str, Any], network: Network | None, pnode: str) -> dict[str, str]:
    if network is not None:
        group = config.group_of(pnode)
        if group.uuid not in network.groups:
            raise prereq(
                f"No netparams found for network {network.name}. Probably not connected to node's "
                f"{pnode} nodegroup",
                "wrong_input",
            )
        return dict(zip(("mode", "link", "vlan"), network.groups[group.uuid], strict=True))
    link = given.get("link") or given.get("bridge")
    found = {"mode": given.get("mode"), "link": link, "vlan": given.get("vlan")}
    return {key: value for key, value in found.items() if value is not None}


def _mac(config: Config, mac: str | None, network: Network | None) -> str:
    if mac in (None, "auto", "generate"):
        return config.new_mac(network.mac_prefix if network else None)
    mac = mac.lower()
    if _MAC.fullmatch(mac) is None:
        raise prereq(f"Invalid MAC address '{mac}'", "wrong_input")
    if any(nic.mac == mac for instance in config.instances.values() for nic in instance.nics):
        raise prereq(f"MAC address '{mac}' already in use in cluster", "resource_not_unique")
    return mac


def _none(value: str | None) -> str | None:
    return None if value in (None, "", "none") else value
