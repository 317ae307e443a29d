"""`make bench ARGS='pages sync'`: measures these parts, or all."""

from __future__ import annotations

import argparse
import signal
import sys

from tests.bench import grants, pages, streams, sync

PARTS = {"pages": pages.run, "grants": grants.run, "sync": sync.run, "streams": streams.run}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"there is no part {' or '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Told to end."))
    kept = [PARTS[name]() for name in chosen]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
