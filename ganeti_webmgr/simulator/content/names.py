"""What machines are called, which systems they run, how large they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One sort of machine; memory in MiB, disks in GiB."""

    name: str
    os: str
    memory: int
    vcpus: int
    disks: tuple[int, ...]
    tags: tuple[str, ...]


KINDS = (
    Kind("web", "debootstrap+bookworm", 2048, 2, (20,), ("service:web", "env:production")),
    Kind(
        "db",
        "debootstrap+bookworm",
        8192,
        4,
        (20, 100),
        ("service:database", "env:production", "backup:daily"),
    ),
    Kind("mail", "debootstrap+bullseye", 4096, 2, (20, 60), ("service:mail", "env:production")),
    Kind("app", "ubuntu+jammy", 4096, 4, (30,), ("service:app", "env:production")),
    Kind("cache", "debootstrap+bookworm", 2048, 1, (10,), ("service:cache",)),
    Kind("git", "debootstrap+bookworm", 4096, 2, (20, 80), ("service:git", "backup:daily")),
    Kind("build", "ubuntu+noble", 8192, 8, (60,), ("service:ci", "env:staging")),
    Kind("dns", "debootstrap+bookworm", 512, 1, (8,), ("service:dns", "env:production")),
    Kind("test", "ubuntu+jammy", 1024, 1, (15,), ("env:staging",)),
    Kind("win", "windows+2022", 8192, 4, (80,), ("os:windows",)),
    Kind("monitor", "debootstrap+bookworm", 2048, 2, (20, 40), ("service:monitoring", "backup:daily")),
    Kind("proxy", "alpine+3.20", 512, 1, (4,), ("service:proxy", "env:production")),
)

OPERATING_SYSTEMS = {
    "alpine": ["3.19", "3.20"],
    "debootstrap": ["bookworm", "bullseye", "trixie"],
    "noop": [],
    "ubuntu": ["jammy", "noble"],
    "windows": ["2022"],
}


def machine(index: int) -> tuple[str, Kind]:
    """Name and kind of the machine of that number: web1, db1, ..., web2, db2, ..."""
    kind = KINDS[index % len(KINDS)]
    return f"{kind.name}{index // len(KINDS) + 1}", kind
