"""What a site sets from outside: environment variables, a `.env` file, or a directory of secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """Every setting of a site, its default and its meaning. Variables are named GWM_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="GWM_",
        env_file=BASE_DIR / ".env",
        secrets_dir=os.environ.get("GWM_SECRETS_DIR"),
        extra="ignore",
        populate_by_name=True,
    )

    debug: bool = False
    """Django's debug pages. Never on a machine that others can reach."""

    state_dir: Path = BASE_DIR / "var"
    """Where the default database, the generated keys and the private Redis live. Made with mode 0700."""

    secret_key: str = ""
    """Signs sessions. Empty: made once and kept in the state directory."""

    field_keys: str = ""
    """Fernet keys, separated by commas or lines, that encrypt cluster passwords; the first one encrypts, all
    decrypt. Empty: one is made once and kept in the state directory."""

    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL", "GWM_DATABASE_URL"))
    """`postgresql://user:password@host/name`; empty: SQLite in the state directory."""

    redis_url: str = Field("", validation_alias=AliasChoices("REDIS_URL", "GWM_REDIS_URL"))
    """`redis://host:6379/0` or `unix:///path/redis.sock`; empty: the private Redis of `make run`."""

    allowed_hosts: list[str] = ["localhost", "127.0.0.1", "[::1]"]
    """Host names under which the site is reached, as a JSON list."""

    trusted_origins: list[str] = []
    """Origins such as `https://gwm.example.org` behind a TLS proxy, as a JSON list."""

    behind_tls: bool = False
    """The site is reached over HTTPS through a proxy that sets X-Forwarded-Proto: secure cookies and HSTS."""

    time_zone: str = "UTC"
    """Zone in which times are shown to those who chose no other, such as `Europe/Berlin`."""

    email_url: str = ""
    """Mail server: `smtp://user:password@host:587/?tls` (STARTTLS), `smtps://host` (TLS from the start).
    Empty: no mail is sent, and who has lost a password asks an administrator."""

    email_from: str = "gwm@localhost"
    """Sender of our mail."""

    console_listen: str = "127.0.0.1:8001"
    """Where the console proxy listens. A reverse proxy leads `/console/ws` of the site there."""

    console_port: int = Field(0, ge=0, le=65535)
    """Port of the site's host to which pages connect for consoles; 0: the page's own, at `/console/ws`."""

    console_connect_timeout_s: int = Field(10, ge=1)
    """Seconds for the way to a machine's screen."""

    console_idle_s: int = Field(1800, ge=60)
    """Seconds without a key or a movement of the mouse after which a console is closed."""

    console_longest_s: int = Field(8 * 3600, ge=60)
    """Seconds after which a console is closed in any case."""

    console_most_per_person: int = Field(5, ge=1)
    """Consoles that one person has open at once."""

    console_most: int = Field(200, ge=1)
    """Consoles that are open at once, of all people."""

    console_longest_message: int = Field(2 << 20, ge=1 << 16)
    """Bytes of one message of a browser; a longer one ends the console."""

    console_routes: dict[str, dict[str, str]] = {}
    """Where the console ports of nodes are reached when not at the nodes' own addresses, as through a tunnel:
    by a cluster's word in addresses and the node's name, as JSON:
    `{"lab1": {"node1.example.org": "127.0.1.1"}}`."""

    serial_sockets: dict[str, str] = {}
    """Serial lines as sockets on this host, by a cluster's word in addresses, as JSON:
    `{"lab1": "/run/serial/lab1/{machine}.serial"}`. Also known are `{node}` and `{uuid}`."""

    serial_relays: dict[str, list[str]] = {}
    """Serial lines by a command of the site's own, by a cluster's word in addresses, as JSON:
    `{"lab1": ["/usr/local/bin/serial"]}`. It runs on a terminal without a shell, with GWM_CLUSTER, GWM_NODE,
    GWM_MACHINE and GWM_UUID in its environment."""

    log_level: str = "INFO"


def kept_secret(path: Path, make: str) -> str:
    """The secret in the file, which is written with mode 0600 when there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Written aside and linked: of two processes that start at once, one wins and both read the same.
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make)
        try:
            os.link(fresh, path)
        finally:
            fresh.unlink()
    except FileExistsError:
        pass
    return path.read_text().strip()


def new_secret_key() -> str:
    return secrets.token_urlsafe(50)


def new_field_key() -> str:
    return Fernet.generate_key().decode()
