"""`python -m ganeti_webmgr.run`: everything, in the foreground, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys

from pydantic import ValidationError

from ganeti_webmgr.run.claims import CannotStart
from ganeti_webmgr.run.leash import end_with_parent
from ganeti_webmgr.run.options import Options
from ganeti_webmgr.run.tree import run


def main() -> int:
    """The exit status: 0 when it was told to end, 1 when it could not start."""
    if "MAKELEVEL" in os.environ:
        end_with_parent(signal.SIGTERM)  # a make that is killed takes us along
    # Each open page is a descriptor of the web process, and the usual limit is 1,024.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        asyncio.run(run(Options()))
    except ValidationError as error:
        for problem in error.errors():
            print(f"{problem['loc'][0]}: {problem['msg']}", file=sys.stderr)
        return 1
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        pass
    _let_go_of_output()
    return 0


def _let_go_of_output() -> None:
    """Nothing is left to be written: Python would end with an error where nobody reads any more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
