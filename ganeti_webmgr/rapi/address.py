"""Where a cluster's remote API is."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from .errors import Invalid


class Address(NamedTuple):
    """The parts of `https://host:port`; anything more in the address is refused."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Address:
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError as error:
            raise Invalid("This is not an address") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.hostname.isascii():
            raise Invalid("An address looks like https://cluster.example.org:5080")
        if parts.username is not None or parts.password is not None:
            raise Invalid("User and password do not belong into the address")
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise Invalid("The address ends after the port")
        return cls(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"
