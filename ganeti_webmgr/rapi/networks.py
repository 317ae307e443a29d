"""Networks (Reference 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

from pydantic import TypeAdapter

from .errors import Invalid
from .named import Named
from .resource import BULK
from .types import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .options import Common

_NETWORK = TypeAdapter(Network)
_NETWORKS = TypeAdapter(list[Network])

NetworkMode = Literal["bridged", "routed", "openvswitch"]


class Networks(Named):
    """`client.networks`."""

    _root = "/2/networks"

    def list(self) -> list[Network]:
        return self._read(self._root, _NETWORKS, query=BULK)

    def get(self, name: str) -> Network:
        return self._read(self._path(name), _NETWORK)

    def create(
        self,
        name: str,
        *,
        network: str,
        gateway: str | None = None,
        network6: str | None = None,
        gateway6: str | None = None,
        mac_prefix: str | None = None,
        add_reserved_ips: Sequence[str] | None = None,
        conflicts_check: bool | None = None,
        tags: Sequence[str] | None = None,
        dry_run: bool = False,
        **options: Unpack[Common],
    ) -> int:
        """`network` is an IPv4 range from /16 to /30, and stays so."""
        body = {
            "network_name": name,
            "network": network,
            "gateway": gateway,
            "network6": network6,
            "gateway6": gateway6,
            "mac_prefix": mac_prefix,
            "add_reserved_ips": add_reserved_ips,
            "conflicts_check": conflicts_check,
            "tags": tags,
        }
        return self._submit("POST", self._root, options, body=body, query={"dry-run": dry_run})

    def delete(
        self, name: str, *, force: bool = False, dry_run: bool = False, **options: Unpack[Common]
    ) -> int:
        return self._submit(
            "DELETE", self._path(name), options, body={"force": force or None}, query={"dry-run": dry_run}
        )

    def modify(
        self,
        name: str,
        *,
        gateway: str | None = None,
        network6: str | None = None,
        gateway6: str | None = None,
        mac_prefix: str | None = None,
        add_reserved_ips: Sequence[str] | None = None,
        remove_reserved_ips: Sequence[str] | None = None,
        dry_run: bool = False,
        **options: Unpack[Common],
    ) -> int:
        """Gateway and reserved addresses take two calls. The IPv4 range cannot be changed."""
        body = {
            "gateway": gateway,
            "network6": network6,
            "gateway6": gateway6,
            "mac_prefix": mac_prefix,
            "add_reserved_ips": add_reserved_ips,
            "remove_reserved_ips": remove_reserved_ips,
            "dry_run": dry_run or None,
        }
        return self._submit("PUT", self._path(name, "modify"), options, body=body)

    def rename(self, name: str, *, new_name: str, dry_run: bool = False, **options: Unpack[Common]) -> int:
        """From Ganeti 3.1 on; before, the answer would read as if the network did not exist."""
        if self._client.version < (3, 1):
            raise Invalid("Networks can be renamed from Ganeti 3.1 on")
        return self._submit(
            "PUT",
            self._path(name, "rename"),
            options,
            body={"new_name": new_name},
            query={"dry-run": dry_run},
        )

    def connect(
        self,
        name: str,
        *,
        group: str,
        mode: NetworkMode,
        link: str,
        vlan: str | None = None,
        conflicts_check: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[Common],
    ) -> int:
        body = {
            "group_name": group,
            "network_mode": mode,
            "network_link": link,
            "network_vlan": vlan,
            "conflicts_check": conflicts_check,
        }
        return self._submit(
            "PUT", self._path(name, "connect"), options, body=body, query={"dry-run": dry_run}
        )

    def disconnect(self, name: str, *, group: str, dry_run: bool = False, **options: Unpack[Common]) -> int:
        """The job fails while instances use the network there."""
        return self._submit(
            "PUT",
            self._path(name, "disconnect"),
            options,
            body={"group_name": group},
            query={"dry-run": dry_run},
        )
