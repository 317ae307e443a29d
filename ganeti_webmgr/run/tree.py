"""The whole tree, from the first process to the last."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from ganeti_webmgr.run.children import site
from ganeti_webmgr.run.claims import StateLock, listen, listen_beside
from ganeti_webmgr.run.console import Console
from ganeti_webmgr.run.demo import start_demo
from ganeti_webmgr.run.prepare import prepare
from ganeti_webmgr.run.reach import address_of, first_answer
from ganeti_webmgr.run.redis import private_redis
from ganeti_webmgr.run.supervisor import Supervisor

if TYPE_CHECKING:
    from ganeti_webmgr.run.options import Options

WELCOME = """
  Ganeti Web Manager runs at  {address}
{sign_in}
  Ctrl-C ends it. The next start goes on where it was: all it keeps is in {state_dir}
"""
SIGN_IN = """
  Sign in as     admin
  with password  {password}   (shown only on this first start; choose your own when you sign in)
"""


async def run(options: Options) -> None:
    """Runs until a signal cancels it. Raises CannotStart when something on the way up fails."""
    state_dir = options.state_dir.resolve()
    lock = StateLock(state_dir)
    with listen(options.host, options.port) as listener, _for_consoles(options, listener) as consoles:
        address = address_of(listener)
        lock.describe(address)
        env = {**os.environ, "GWM_STATE_DIR": str(state_dir), "PYTHONUNBUFFERED": "1"}
        env["GWM_CONSOLE_PORT"] = str(consoles.getsockname()[1])
        console = Console()
        async with Supervisor(console=console, env=env) as supervisor:
            _end_when_told(supervisor, console)
            if not options.redis_url:
                redis_socket = state_dir / "redis" / "redis.sock"
                env["REDIS_URL"] = f"unix://{redis_socket}"
                await supervisor.start(private_redis(redis_socket))
            console.line("setup", "preparing the database and the static files")
            password = await prepare(env)
            if password:
                # At once: what fails from here on must not take it away.
                console.line("setup", f"made the administrator: admin, one-time password {password}")
            if options.demo:
                await start_demo(supervisor, console=console, env=env, directory=state_dir / "simulator")
            await supervisor.start(*site(web_fd=listener.fileno(), console_fd=consoles.fileno()))
            status = await first_answer(listener)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                console.line("web", f"answers with an error ({status}); its lines above say why")
            sign_in = SIGN_IN.format(password=password) if password else ""
            console.write(WELCOME.format(address=address, sign_in=sign_in, state_dir=state_dir))
            await asyncio.Event().wait()


def _for_consoles(options: Options, listener: socket.socket) -> socket.socket:
    if options.console_port:
        return listen(options.host, options.console_port)
    return listen_beside(options.host, listener.getsockname()[1])


def _end_when_told(supervisor: Supervisor, console: Console) -> None:
    """The first signal, or a closed terminal, ends everything in order; a later one ends it at once."""
    loop = asyncio.get_running_loop()
    task = cast("asyncio.Task[None]", asyncio.current_task())
    told_at = 0.0

    def stop() -> None:
        nonlocal told_at
        if not told_at:
            told_at = loop.time()
            console.write("\nStopping. Once more kills what does not stop by itself.")
            task.cancel()
        elif loop.time() - told_at > 1:  # make and timeout send theirs twice at once
            supervisor.kill()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # started with nohup
        loop.add_signal_handler(number, stop)
    console.on_close(stop)
