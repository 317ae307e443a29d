"""`make bench ARGS='pages sync'`: measures these parts, or all."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from functools import partial

from tests.bench import consoles, grants, pages, streams, sync

PARTS = ("pages", "grants", "sync", "streams", "consoles")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument(
        "--rounds", type=int, default=1, help="through all pages; of each page the quickest one counts"
    )
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {' or '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if asked.rounds < 1:
        parser.error("there must be one round at least")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Told to end."))
    run: dict[str, Callable[[], bool]] = {
        "pages": partial(pages.run, rounds=asked.rounds),
        "grants": grants.run,
        "sync": sync.run,
        "streams": streams.run,
        "consoles": consoles.run,
    }
    kept = [run[name]() for name in asked.parts or PARTS]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
