"""Where the lab's clusters are, if it is up."""

from __future__ import annotations

import functools
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

STATUS = Path(__file__).parent / "lab" / "status"


@dataclass(frozen=True, kw_only=True)
class LabCluster:
    """How to reach one cluster of the lab, and what its machines' names end in."""

    url: str
    user: str
    password: str
    reader: tuple[str, str]
    domain: str


@functools.cache
def lab_clusters() -> dict[str, LabCluster]:
    """The clusters that are up, by name; empty without a lab."""
    if not STATUS.exists():
        return {}
    answer = subprocess.run([STATUS], capture_output=True, text=True, check=False)
    try:
        known = json.loads(answer.stdout)
    except ValueError:
        return {}
    return {
        name: LabCluster(
            url=lab["rapi_url"],
            user=lab["user"],
            password=lab["password"],
            reader=(lab["read_only_user"], lab["read_only_password"]),
            domain=lab["cluster"],
        )
        for name, lab in known.items()
        if lab.get("ready")
    }
