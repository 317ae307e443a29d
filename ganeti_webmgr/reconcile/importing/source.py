"""The original's database: an SQLite file, or the text that SQLite makes of one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

Row = dict[str, Any]

# What each table was called in 0.11, and before.
TABLES = {
    "users": ("auth_user",),
    "groups": ("auth_group",),
    "members": ("auth_user_groups",),
    "owners": ("authentication_clusteruser", "ganeti_web_clusteruser"),
    "profiles": ("authentication_profile", "ganeti_web_profile"),
    "organizations": ("authentication_organization", "ganeti_web_organization"),
    "clusters": ("clusters_cluster", "ganeti_web_cluster"),
    "machines": ("virtualmachines_virtualmachine", "ganeti_web_virtualmachine"),
    "quotas": ("utils_quota", "ganeti_web_quota"),
    "keys": ("utils_sshkey", "ganeti_web_sshkey"),
    "templates": ("vm_templates_virtualmachinetemplate", "ganeti_web_virtualmachinetemplate"),
    "cluster_rights": ("ganeti_web_cluster_perms", "clusters_cluster_perms"),
    "machine_rights": ("ganeti_web_virtualmachine_perms", "virtualmachines_virtualmachine_perms"),
    "group_rights": ("object_permissions_group_perms", "ganeti_web_group_perms", "muddle_users_group_perms"),
}
NEEDED = ("users", "owners", "clusters", "machines")
FILE = b"SQLite format 3\0"
OTHERS = {
    b"PGDMP": "PostgreSQL",
    b"PostgreSQL database dump": "PostgreSQL",
    b"MySQL dump": "MySQL",
    b"MariaDB dump": "MySQL",
    b"ENGINE=InnoDB": "MySQL",
    b"ENGINE=MyISAM": "MySQL",
}
HEAD = 20_000
WAY_OUT = (
    "Make an SQLite file of that database first, on the machine where it runs, and give that: for example "
    "by db-to-sqlite (pip install 'db-to-sqlite[mysql]' or '[postgresql]'): db-to-sqlite URL gwm.sqlite --all"
)


class Unreadable(Exception):
    """The file is not what can be brought over; the text says what it seems to be, and what to do."""


class Source:
    """The rows of the original, by what they are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda told: told.decode("utf-8", "replace").replace("\0", "")
        try:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        except sqlite3.DatabaseError as error:
            raise Unreadable(f"SQLite cannot read it: {error}.") from None
        present = {row["name"] for row in rows}
        self._tables = {
            name: next((table for table in tables if table in present), "") for name, tables in TABLES.items()
        }
        if missing := [name for name in NEEDED if not self._tables[name]]:
            names = ", ".join(TABLES[name][0] for name in missing)
            raise Unreadable(f"This is no database of Ganeti Web Manager 0.11: it has no table {names}.")

    def rows(self, name: str) -> list[Row]:
        """All rows of a kind, in the order of their numbers; none where the table is not there."""
        table = self._tables[name]
        if not table:
            return []
        found = self._connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - one of TABLES
        return [dict(row) for row in found]

    @property
    def absent(self) -> list[str]:
        """The tables that are not there, by the names they had in 0.11."""
        return [TABLES[name][0] for name, table in self._tables.items() if not table]


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The source in that file, for reading; Unreadable where it is none."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {error.strerror}.") from None
    connection = _file(path) if head.startswith(FILE) else _dump(path, head)
    try:
        yield Source(connection)
    finally:
        connection.close()


def _file(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)


def _dump(path: Path, head: bytes) -> sqlite3.Connection:
    if other := next((name for mark, name in OTHERS.items() if mark in head), ""):
        raise Unreadable(f"This is a dump of {other}, which is not read. {WAY_OUT}")
    connection = sqlite3.connect(":memory:")
    connection.set_authorizer(_within)
    try:
        connection.executescript(path.read_text(errors="replace"))
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        connection.close()
        raise Unreadable(
            f"This is neither an SQLite file nor what `sqlite3 FILE .dump` writes: {error}. {WAY_OUT}"
        ) from None
    return connection


def _within(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """What a dump does it does to its own database: no other file is opened, and no library."""
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
