"""Who has which address of a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Network
from ganeti_webmgr.networks.pool import Holder, Pool
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.models import VirtualMachine


def pool_of(network: Network, holders: Iterable[Holder] = ()) -> Pool:
    """All addresses of the network."""
    return Pool(
        range=IPv4Network(network.cidr, strict=False),
        gateway=network.gateway,
        reserved=reserved(network),
        holders=holders,
    )


def reserved(network: Network) -> list[str]:
    """The addresses that no machine is given: what was reserved by hand, the gateway and both ends."""
    listed = (network.details.get("external_reservations") or "").split(",")
    return [address for part in listed if (address := part.strip())]


class Users:
    """The machines with an interface in a network, whoever may see them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._rows = _with_interface(network)
        found = self._rows.values("pk", "name", "details__nics", "primary_node__group__name")
        self._found = [row for row in found.order_by("sort_name", "pk") if _interfaces(row, network)]

    def __len__(self) -> int:
        return len(self._found)

    def names(self, group: str) -> list[str]:
        """Those that stand in the group."""
        return [row["name"] for row in self._found if row["primary_node__group__name"] == group]

    def holders(self, user: User | None = None) -> list[Holder]:
        """Each interface, with the machine's name where the person may see it."""
        visible = policy.permitted(user, "view", self._rows) if user else self._rows.none()
        seen, slug = set(visible.values_list("pk", flat=True)), self.network.cluster.slug
        return [
            Holder(
                address=nic.get("ip") or "",
                interface=nic.get("index") or 0,
                name=row["name"] if row["pk"] in seen else "",
                url=reverse("vms:detail", args=[slug, row["name"]]) if row["pk"] in seen else "",
            )
            for row in self._found
            for nic in _interfaces(row, self.network)
        ]


def _with_interface(network: Network) -> QuerySet[VirtualMachine]:
    """Those that may have one: what Ganeti lists with the network, and what was seen with an address of it.

    The list is read less often than the machines are.
    """
    octets = network.cidr.split("/")[0].split(".")[: int(network.cidr.rpartition("/")[2]) // 8]
    listed = Q(name__in=network.details.get("inst_list") or [])
    return VirtualMachine.objects.filter(
        listed | Q(address_lines__contains=".".join(octets) + "."),
        cluster=network.cluster_id,
        missing_since=None,
    )


def _interfaces(row: Mapping[str, Any], network: Network) -> list[dict[str, Any]]:
    return [nic for nic in row["details__nics"] or [] if nic.get("network_uuid") == network.uuid]
