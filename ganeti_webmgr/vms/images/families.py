"""Kinds of operating systems: told from a name where nobody has said, each with its icon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ganeti_webmgr.clusters.models import OperatingSystem

Family = OperatingSystem.Family


@dataclass(frozen=True)
class Look:
    """The icon of a family, and the words by which a name tells of it."""

    icon: str
    signs: tuple[str, ...] = ()


# What is found first counts: "debootstrap" makes Ubuntus too.
LOOKS = {
    Family.UBUNTU: Look("brand-ubuntu", ("ubuntu", "focal", "jammy", "noble", "resolute")),
    Family.DEBIAN: Look(
        "brand-debian", ("debian", "debootstrap", "buster", "bullseye", "bookworm", "trixie", "forky")
    ),
    Family.REDHAT: Look("brand-redhat", ("redhat", "rhel", "rocky", "alma", "centos", "fedora", "oracle")),
    Family.SUSE: Look("disc", ("suse", "sles")),
    Family.ALPINE: Look("disc", ("alpine",)),
    Family.BSD: Look("disc", ("bsd",)),
    Family.WINDOWS: Look("brand-windows", ("windows", "win2")),
    Family.OTHER: Look("disc"),
}


def family_of(name: str, chosen: str) -> Family:
    """The family that was chosen, or that the name tells."""
    return Family(chosen) if chosen else _told_by(name)


@lru_cache(maxsize=10_000)
def _told_by(name: str) -> Family:
    lowered = name.lower()
    told = (family for family, look in LOOKS.items() if any(sign in lowered for sign in look.signs))
    return next(told, Family.OTHER)


def icon_of(system: OperatingSystem) -> str:
    """The name of the icon of its family."""
    return LOOKS[family_of(system.name, system.family)].icon
