"""Sizes, moments and lists in the words of our pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

UNITS = ("MiB", "GiB", "TiB", "PiB")
UNKNOWN = "unknown"
SPELLED = {
    "blockdev": "block device",
    "drbd": "DRBD",
    "ext": "external",
    "kvm": "KVM",
    "last_resort": "last resort",
    "lxc": "LXC",
    "openvswitch": "Open vSwitch",
    "rbd": "RBD",
    "sharedfile": "shared file",
    "xen-hvm": "Xen HVM",
    "xen-pvm": "Xen PVM",
}


class Moment(Protocol):
    """A way to say when something was, seen from a day."""

    def __call__(self, at: datetime, *, today: date) -> str: ...


def mib(size: float | None) -> str:
    """A size in the largest unit that it fills: "8 GiB", "1.2 TiB", "1000 MiB"."""
    if size is None:
        return UNKNOWN
    power = _power(size)
    return f"{_short(size / 1024**power)} {UNITS[power]}"


def mib_of(part: float | None, whole: float | None) -> str:
    """Two sizes in the unit of the whole: "58 of 64 GiB"."""
    if part is None or whole is None:
        return UNKNOWN
    power = _power(whole)
    return f"{_short(part / 1024**power)} of {_short(whole / 1024**power)} {UNITS[power]}"


def share(part: float | None, whole: float | None) -> int | None:
    """The part in whole percent; nothing where either is unknown or there is no whole."""
    if part is None or not whole:
        return None
    return round(100 * part / whole)


def per(part: float, whole: float) -> str:
    """How much of the part comes on one of the whole: "2.9"."""
    return _short(part / whole)


def less(whole: float | None, part: float | None) -> float | None:
    """What remains of the whole without the part; nothing where either is unknown."""
    return None if whole is None or part is None else whole - part


def setting(value: object) -> str:
    """The value of a setting: "on", "off", "not set", or what it is."""
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(setting, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name}={setting(part)}" for name, part in value.items()) or "none"
    return str(value)


def moment(at: datetime, *, today: date) -> str:
    """ "14:06", "yesterday 16:20", "19 Nov 14:02", "12 Mar 2024" """
    if at.date() == today:
        return f"{at:%H:%M}"
    if at.date() == today - timedelta(days=1):
        return f"yesterday {at:%H:%M}"
    if at.year == today.year:
        return f"{at.day} {at:%b %H:%M}"
    return f"{at.day} {at:%b %Y}"


def clock(at: datetime, *, today: date) -> str:
    """ "14:06:31", "19 Nov 14:06:31", "12 Mar 2024 14:06:31" """
    if at.date() == today:
        return f"{at:%H:%M:%S}"
    if at.year == today.year:
        return f"{at.day} {at:%b %H:%M:%S}"
    return f"{at.day} {at:%b %Y %H:%M:%S}"


def duration(length: timedelta | float | None) -> str:
    """ "0.3 s", "41 s", "2 min 40 s", "36 min", "1 h 5 min", "2 days 3 h" """
    if length is None:
        return "–"
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if seconds < 1:
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 10:
        return _two((minutes, "min"), (rest, "s"))
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _two((hours, "h"), (minutes, "min"))
    days, hours = divmod(hours, 24)
    return _two((days, "day" if days == 1 else "days"), (hours, "h"))


def words(items: Iterable[object]) -> str:
    """ "a", "a and b", "a, b and c" """
    *most, last = [str(item) for item in items] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def spelled(words: str | list[str]) -> str | list[str]:
    """Ganeti's word, or each of its words, as people write it: "DRBD", "last resort"."""
    return (
        SPELLED.get(words, words) if isinstance(words, str) else [SPELLED.get(word, word) for word in words]
    )


def host(name: str) -> str:
    """The first part of a host name, for lists where the rest repeats; an address stays whole."""
    first = name.split(".", maxsplit=1)[0]
    return name if first.isdecimal() else first


def _two(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _power(size: float) -> int:
    power = 0
    while size >= 1024 and power < len(UNITS) - 1:
        size, power = size / 1024, power + 1
    return power


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
