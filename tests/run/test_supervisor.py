from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ganeti_webmgr.run import keeper
from ganeti_webmgr.run.children import Child
from ganeti_webmgr.run.claims import CannotStart
from ganeti_webmgr.run.console import Console
from ganeti_webmgr.run.supervisor import Supervisor
from tests.run.scene import ended

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

WAITS = "import os, signal; print('pid', os.getpid(), flush=True); signal.pause()"


class Paper(io.StringIO):
    """A terminal of which one can await a text."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def write(self, text: str) -> int:
        self._more.set()
        return super().write(text)

    async def shows(self, pattern: str) -> re.Match[str]:
        while not (found := re.search(pattern, self.getvalue())):
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), 20)
        return found


def child(code: str, *, name: str = "child", waited_for: bool = True, talkative: bool = False) -> Child:
    """A Python program, ready when it has told its process id."""
    return Child(
        name=name,
        argv=[sys.executable, "-c", code],
        ready=(lambda lines: lines[-1].startswith("pid")) if waited_for else None,
        talkative=talkative,
    )


def pid_in(lines: list[str]) -> int:
    return int(lines[-1].split()[1])


def play(scene: Callable[[Supervisor, Paper], Coroutine[None, None, None]]) -> str:
    """What was on the terminal when the scene was over and all its children had been ended."""

    async def whole() -> str:
        paper = Paper()
        async with Supervisor(
            console=Console(paper), env={**os.environ, "PYTHONUNBUFFERED": "1"}
        ) as supervisor:
            await scene(supervisor, paper)
        return paper.getvalue()

    return asyncio.run(whole())


def test_starting_returns_what_was_printed_until_the_child_was_ready_and_shows_none_of_it() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        first, second = await supervisor.start(child(f"print('secret'); {WAITS}"))
        assert (first, second[:3]) == ("secret", "pid")

    assert play(scene) == ""


def test_lines_are_shown_with_the_name_of_who_printed_them() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        await supervisor.start(child(WAITS, name="web", waited_for=False))
        await paper.shows(r"^web       \| pid \d+\n")

    play(scene)


def test_a_child_that_dies_is_started_again_and_it_is_said() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        await supervisor.start(child(WAITS, name="web", waited_for=False))
        pid = int((await paper.shows(r"pid (\d+)"))[1])
        os.kill(pid, signal.SIGKILL)
        await paper.shows(r"web       \| ended by SIGKILL; it is started again in 1 s")
        await paper.shows(rf"(?s)again.*pid (?!{pid}\b)\d+")

    play(scene)


def test_pauses_grow_for_a_child_that_keeps_dying() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        await supervisor.start(child("exit(3)", waited_for=False))
        await paper.shows(r"(?s)ended with exit status 3; .* in 1 s.*ended with exit status 3; .* in 2 s")

    play(scene)


def test_a_talkative_child_is_heard_only_when_it_died_of_something() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        dies = "import sys; print('pid 1'); print('chatter'); sys.exit('no memory')"
        await supervisor.start(child(dies, name="redis", talkative=True))
        await paper.shows(r"redis     \| no memory\nredis     \| ended with exit status 1")

    play(scene)


def test_a_child_that_never_gets_ready_stops_the_start_with_its_last_words() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        await supervisor.start(child("raise SystemExit('the disk is full')", name="redis"))

    with pytest.raises(CannotStart, match="redis ended with exit status 1:\nthe disk is full"):
        play(scene)


def test_a_program_that_is_not_there_stops_the_start() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        await supervisor.start(Child(name="redis", argv=["/nowhere/redis"], ready=lambda lines: True))

    with pytest.raises(CannotStart, match=r"redis cannot be started: .*'/nowhere/redis'"):
        play(scene)


def test_children_end_in_the_reverse_order_of_their_start() -> None:
    says_so = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit('ending')); {WAITS}"

    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        for name in ("redis", "web", "beat"):
            await supervisor.start(child(says_so, name=name))

    assert [line.split()[0] for line in play(scene).splitlines()] == ["beat", "web", "redis"]


def test_a_child_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "GRACE_S", 0.2)
    pids = []

    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"
        pids.append(pid_in(await supervisor.start(child(deaf))))

    assert "took longer than 0.2 s to end, and is killed" in play(scene)
    assert ended(pids[0])


def test_what_a_child_started_ends_with_it() -> None:
    async def scene(supervisor: Supervisor, paper: Paper) -> None:
        has_child = f"import subprocess, sys; subprocess.Popen(['sleep', '1000']); {WAITS}"
        parent = pid_in(await supervisor.start(child(has_child)))
        (grandchild,) = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        os.kill(parent, signal.SIGKILL)
        await paper.shows("started again")
        assert ended(int(grandchild))

    play(scene)


def test_nothing_outlives_a_supervisor_that_is_killed() -> None:
    program = f"""if 1:
        import asyncio, os, sys
        from ganeti_webmgr.run.children import Child
        from ganeti_webmgr.run.console import Console
        from ganeti_webmgr.run.supervisor import Supervisor

        async def main():
            async with Supervisor(console=Console(), env=os.environ) as supervisor:
                await supervisor.start(Child(name="web", argv=[sys.executable, "-c", {WAITS!r}]))
                await asyncio.Event().wait()

        asyncio.run(main())
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline().split()[-1])
        parent.kill()
        assert ended(pid)
