"""Runs simulated clusters until it is told to end."""

from __future__ import annotations

import json
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ganeti_webmgr.simulator import Shape, Simulator

PAST_JOBS = 30


class Command(BaseCommand):
    help = "Runs simulated Ganeti clusters; prints a JSON line for each when it can be reached."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clusters", type=int, default=1)
        parser.add_argument("--nodes", default="3", help="of each cluster: one number, or one for each: 5,3")
        parser.add_argument("--machines", default="12", help="as --nodes")
        parser.add_argument("--names", default="", help="names of the clusters: berlin,lab (sim1,sim2,...)")
        parser.add_argument(
            "--ganeti", default="3.0.2", help="the release they say they are: 3.1.0, or one each"
        )
        parser.add_argument("--state", help="directory that keeps them over a restart")
        parser.add_argument("--base-port", type=int, default=0, help="port of the first (any free one)")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--speed", type=float, default=1.0, help="factor on the pace of jobs")
        parser.add_argument("--no-screens", action="store_true", help="machines without VNC")

    def handle(self, *args: Any, **options: Any) -> None:
        done = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: done.set())
        with Simulator(
            shapes(options),
            seed=options["seed"],
            speed=options["speed"],
            state_dir=options["state"],
            base_port=options["base_port"],
        ) as simulator:
            for cluster in simulator.clusters:
                self.stdout.write(
                    json.dumps(
                        {
                            "name": cluster.name,
                            "slug": cluster.slug,
                            "url": cluster.url,
                            "user": cluster.user,
                            "password": cluster.password,
                            "fingerprint": cluster.fingerprint,
                        }
                    )
                )
            self.stdout.flush()
            done.wait()


def shapes(options: dict[str, Any]) -> list[Shape]:
    """The clusters the options ask for; raises CommandError."""
    count = options["clusters"]
    names = options["names"] or ",".join(f"sim{number + 1}" for number in range(count))
    return [
        Shape(
            name=name,
            nodes=int(nodes),
            machines=int(machines),
            version=version,
            past_jobs=PAST_JOBS,
            rfb=not options["no_screens"],
        )
        for name, nodes, machines, version in zip(
            _each("--names", names, count),
            _each("--nodes", options["nodes"], count),
            _each("--machines", options["machines"], count),
            _each("--ganeti", options["ganeti"], count),
            strict=True,
        )
    ]


def _each(option: str, text: str, count: int) -> list[str]:
    values = [part.strip() for part in text.split(",")]
    if len(values) == 1:
        values *= count
    if len(values) != count:
        raise CommandError(f"{option} names {len(values)} values for {count} clusters.")
    return values
