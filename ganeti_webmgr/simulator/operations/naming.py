"""Names of machines: which are allowed, and which the simulated DNS knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import prereq

if TYPE_CHECKING:
    from ..jobs.operation import Operation

_VALID = re.compile(r"[a-z0-9._-]{1,255}")
_UNKNOWN_DOMAINS = (".invalid", ".nowhere.test")


def checked_name(work: Operation, name: str) -> str:
    """The name a new machine gets; fully qualified only when it was resolved."""
    name = name.lower()
    if _VALID.fullmatch(name) is None:
        raise prereq(f"Invalid instance name '{name}'", "wrong_input")
    if work.get("ip_check") and not work.get("name_check"):
        raise prereq("Cannot do IP address check without a name check", "wrong_input")
    if not work.get("name_check"):
        return name
    if name.endswith(_UNKNOWN_DOMAINS):
        raise prereq(
            f"The given name ({name}) does not resolve: Temporary failure in name resolution",
            "resolver_error",
        )
    return name if "." in name else f"{name}.{work.config.name}"
