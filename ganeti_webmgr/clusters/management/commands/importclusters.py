"""Adds many clusters from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ganeti_webmgr.audit.origin import shell
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.onboarding import add_cluster, whole_url

KNOWN = {
    "name",
    "slug",
    "url",
    "user",
    "password",
    "password_file",
    "fingerprint",
    "ca_file",
    "insecure",
    "read_only",
}


class Command(BaseCommand):
    help = (
        "Adds the clusters of a YAML file that are not here yet. All of it is looked at before any is added."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        entries = _read(file)
        said: list[str] = []
        wrong: list[str] = []
        with transaction.atomic():
            for number, entry in enumerate(entries, start=1):
                try:
                    said.append(_add(entry, beside=file.parent))
                except (ValidationError, ValueError, OSError) as error:
                    why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                    wrong.append(f"{number}, {_named(entry)}: {why}")
            if wrong or dry_run:
                transaction.set_rollback(True)
        if wrong:
            raise CommandError("\n".join(["Nothing was added. What does not fit:", *wrong]))
        end = "Nothing was added: a dry run." if dry_run else "The worker reads them."
        self.stdout.write("\n".join([*said, end]))


def _read(file: Path) -> list[Any]:
    try:
        content = yaml.safe_load(file.read_text())
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"The file is not YAML: {error}.") from None
    entries = content.get("clusters") if isinstance(content, dict) else content
    if not isinstance(entries, list) or not entries:
        raise CommandError("The file has no list of clusters.")
    return entries


def _add(entry: Any, *, beside: Path) -> str:
    """Adds the cluster; one at the same address is left as it is."""
    if not isinstance(entry, dict) or not all(entry.get(key) for key in ("name", "url", "user")):
        raise ValueError("A cluster has a name, a url and a user.")
    if unknown := sorted(map(str, entry.keys() - KNOWN)):
        raise ValueError(f"Nobody knows {', '.join(unknown)}.")
    name = str(entry["name"])
    with transaction.atomic():
        cluster = _row(entry, beside)
    return f"{name}: added as {cluster.slug}." if cluster else f"{name}: is here already."


def _row(entry: dict[str, Any], beside: Path) -> Cluster | None:
    url = whole_url(str(entry["url"]))
    if Cluster.objects.filter(url=url).exists():
        return None
    ca_pem = (beside / str(entry["ca_file"])).read_text() if entry.get("ca_file") else ""
    return add_cluster(
        str(entry["name"]),
        by=shell(),
        url=url,
        username=str(entry["user"]),
        password=_password(entry, beside),
        tls=_trust(entry),
        fingerprint=str(entry.get("fingerprint") or ""),
        ca_pem=ca_pem,
        slug=str(entry.get("slug") or ""),
        read_only=entry.get("read_only") is True,
    )


def _password(entry: dict[str, Any], beside: Path) -> str:
    if entry.get("password_file"):
        return (beside / str(entry["password_file"])).read_text().rstrip("\n")
    if not entry.get("password"):
        raise ValueError("A cluster has a password or a password_file.")
    return str(entry["password"])


def _trust(entry: dict[str, Any]) -> Cluster.Tls:
    if entry.get("fingerprint"):
        return Cluster.Tls.PINNED
    if entry.get("ca_file"):
        return Cluster.Tls.OWN_CA
    return Cluster.Tls.UNVERIFIED if entry.get("insecure") is True else Cluster.Tls.SYSTEM


def _named(entry: Any) -> str:
    return str(entry.get("name", "without a name")) if isinstance(entry, dict) else "not a cluster"
