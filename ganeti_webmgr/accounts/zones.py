"""The time zones that one may choose."""

from __future__ import annotations

import functools
import zoneinfo


@functools.cache
def zones() -> tuple[str, ...]:
    """Those named after a place, and UTC."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return ("UTC", *sorted(places))
