"""What a process uses, as the kernel counts it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

TICKS_S = os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """What a process uses now, and the CPU time that it has used since it began."""

    pss_kib: int
    threads: int
    files: int
    cpu_s: float


def load_of(pid: int) -> Load:
    process = Path(f"/proc/{pid}")
    rollup = (process / "smaps_rollup").read_text().splitlines()
    pss = next(line for line in rollup if line.startswith("Pss:"))
    times = (process / "stat").read_text().rpartition(")")[2].split()
    return Load(
        pss_kib=int(pss.split()[1]),
        threads=len(list((process / "task").iterdir())),
        files=len(list((process / "fd").iterdir())),
        cpu_s=(int(times[11]) + int(times[12])) / TICKS_S,
    )
