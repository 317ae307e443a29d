"""What is done once, before the site starts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.run.children import manage
from ganeti_webmgr.run.claims import CannotStart
from ganeti_webmgr.run.leash import leash

if TYPE_CHECKING:
    from collections.abc import Mapping


async def prepare(env: Mapping[str, str]) -> str:
    """A database and static files that fit the code. On a first start, the administrator's password."""
    await asyncio.gather(
        command("migrate", "--no-input", "-v0", env=env),
        command("collectstatic", "--no-input", "-v0", env=env),
    )
    return (await command("ensureadmin", env=env)).strip()


async def command(*args: str, env: Mapping[str, str], stdin: str = "") -> str:
    """What the management command printed. Raises CannotStart with its complaint when it fails."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *manage(*args),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        cwd=BASE_DIR,
        env=env,
        process_group=0,
        preexec_fn=leash(),
    )
    try:
        out, err = await process.communicate(stdin.encode())
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise CannotStart(f"`manage.py {args[0]}` failed:\n{err.decode(errors='replace').strip()}")
    return out.decode()
