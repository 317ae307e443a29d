"""Networks (Reference 4.4)."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from .frozen import Frozen, Moment


class Connection(Frozen):
    """How a network is connected to a node group."""

    group: str
    mode: str
    link: str
    vlan: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        # Arrays, unlike in Ganeti's own documentation.
        if isinstance(value, list):
            return dict(zip(("group", "mode", "link", "vlan"), value, strict=False))
        return value


class Network(Frozen):
    """A network. In `map`, each address is a character: `.` free, `X` taken."""

    uuid: str
    name: str
    network: str
    gateway: str | None
    network6: str | None
    gateway6: str | None
    mac_prefix: str | None
    free_count: int | None
    reserved_count: int | None
    map: str | None
    external_reservations: str | None
    connections: tuple[Connection, ...] = Field(alias="group_list")
    inst_list: tuple[str, ...]
    ctime: Moment
    mtime: Moment
    serial_no: int
    tags: tuple[str, ...]

    @property
    def reserved_addresses(self) -> tuple[str, ...]:
        """The addresses that were reserved by hand or by their nature."""
        listed = (self.external_reservations or "").split(",")
        return tuple(address.strip() for address in listed if address.strip())
