"""What a simulated cluster is asked to be like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One cluster: its size, the Ganeti it says it is, and how much past it has."""

    name: str = "sim1"
    nodes: int = 3
    machines: int = 10
    version: str = "3.0.2"
    user: str = "gwm"
    password: str = "simulated-secret"  # noqa: S105 - guards nothing but made-up machines
    require_authentication: bool = True
    past_jobs: int = 0
    rfb: bool = False

    @property
    def domain(self) -> str:
        return f"{self.name}.example.org"
