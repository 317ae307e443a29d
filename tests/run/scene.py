"""A running tree, seen from outside: what it prints, and which processes it consists of."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.run.children import manage

PATIENCE_S = 180

NOT_INHERITED = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "MAKELEVEL"}


class Tree:
    """`python -m ganeti_webmgr.run` in a state directory of its own, on a free port."""

    def __init__(self, state_dir: Path, **env: str) -> None:
        self.printed: list[str] = []
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        self._env = {**inherited, "GWM_STATE_DIR": str(state_dir), "HOST": "127.0.0.1", "PORT": "0", **env}
        self._output, theirs = os.pipe()
        self._unread = b""
        self.process = subprocess.Popen(
            # Under nohup a tree would rightly let SIGHUP pass; its tests may be run under it.
            ["/usr/bin/env", "--default-signal=HUP", sys.executable, "-m", "ganeti_webmgr.run"],
            cwd=BASE_DIR,
            env=self._env,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def waits_for(self, pattern: str) -> re.Match[str]:
        """The first line from here on in which the pattern is found."""
        deadline = time.monotonic() + PATIENCE_S
        while line := self._next_line(deadline):
            self.printed.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line with {pattern!r} came; there were:\n" + "".join(self.printed))

    def address(self) -> str:
        """Where it says that it answers."""
        return self.waits_for(r"runs at\s+(http://\S+)")[1]

    def processes(self) -> dict[int, str]:
        """Process id and command line of every descendant."""
        found: dict[int, str] = {}
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            children = [int(child) for child in _proc(pid, f"task/{pid}/children").split()]
            found |= {child: _proc(child, "cmdline").replace("\0", " ") for child in children}
            waiting += children
        return found

    def find(self, part: str) -> int:
        """The process id of the one child whose command line has this part."""
        (pid,) = [pid for pid, command in self.processes().items() if part in command]
        return pid

    def manage(self, *args: str, stdin: str) -> None:
        """Runs a management command of the same site."""
        subprocess.run(manage(*args), env=self._env, input=stdin, text=True, check=True, capture_output=True)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Its exit status, once it has ended."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def hang_up(self) -> None:
        """Nobody reads from here on what it prints."""
        os.close(self._output)

    def _next_line(self, deadline: float) -> str:
        while b"\n" not in self._unread:
            if not select.select([self._output], [], [], max(deadline - time.monotonic(), 0))[0]:
                return ""
            more = os.read(self._output, 65536)
            if not more:
                return ""
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode() + "\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        with suppress(OSError):
            self.hang_up()


def ended(pid: int) -> bool:
    """Whether the process ends, for which there is some time."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], PATIENCE_S)[0])
    finally:
        os.close(handle)


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
