"""One life of a child: from its start to its end."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.run.leash import leash

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ganeti_webmgr.run.children import Child


class Life:
    """A running process, with a process group of its own."""

    def __init__(
        self, process: asyncio.subprocess.Process, output: _Lines, pipe: asyncio.BaseTransport
    ) -> None:
        self._process = process
        self._output = output
        self._pipe = pipe

    @classmethod
    async def begin(cls, child: Child, *, env: Mapping[str, str], hear: Callable[[str], None]) -> Self:
        """The child, just started; `hear` gets each line it prints."""
        # A pipe of our own: with asyncio's, the end of a child is not seen while anyone else holds the pipe.
        read_fd, write_fd = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *child.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_fd,
                stderr=write_fd,
                cwd=BASE_DIR,
                env={**env, **child.env},
                pass_fds=child.inherits,
                process_group=0,  # the terminal's Ctrl-C is for us alone; we end the children in order
                preexec_fn=leash(),
            )
        except BaseException:
            os.close(read_fd)
            raise
        finally:
            os.close(write_fd)
        pipe, output = await asyncio.get_running_loop().connect_read_pipe(
            lambda: _Lines(hear), os.fdopen(read_fd, "rb", buffering=0)
        )
        return cls(process, output, pipe)

    async def end(self) -> str:
        """How it ended, once it has, and with it whatever it had started in its group."""
        status = await self._process.wait()
        self.signal(signal.SIGKILL)
        await asyncio.wait([self._output.closed], timeout=1)
        self._pipe.close()
        if status < 0:
            return f"ended by {signal.Signals(-status).name}"
        return f"ended with exit status {status}"

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


class _Lines(asyncio.Protocol):
    """Cuts what comes through a pipe into lines."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hear = hear
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._hear(line.decode(errors="replace").rstrip())

    def connection_lost(self, error: Exception | None) -> None:
        if self._rest:
            self._hear(self._rest.decode(errors="replace"))
        self.closed.set_result(None)
