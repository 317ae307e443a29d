"""Runs simulated clusters until it is told to end."""

from __future__ import annotations

import json
import re
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator

PAST_JOBS = 30
LAST_PORT = 65535


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
        wanted = shapes(options)
        if not options["speed"] > 0:
            raise CommandError("--speed is a factor greater than 0.")
        if not 0 <= options["base_port"] <= LAST_PORT - len(wanted) + 1:
            raise CommandError(f"--base-port leaves no ports up to {LAST_PORT} for {len(wanted)} clusters.")
        # Blocked from the first thread on, so that all of them leave these to us.
        ends = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        try:
            simulator = Simulator(
                wanted,
                seed=options["seed"],
                speed=options["speed"],
                state_dir=options["state"],
                base_port=options["base_port"],
            ).start()
        except OSError as error:
            raise CommandError(f"The clusters cannot be started: {error}") from error
        try:
            for cluster in simulator.clusters:
                self.stdout.write(described(cluster))
            self.stdout.flush()
            signal.sigwait(ends)
        finally:
            simulator.stop()


def described(cluster: SimulatedCluster) -> str:
    """How to reach it, as a line of JSON."""
    return json.dumps(
        {
            "name": cluster.name,
            "slug": cluster.slug,
            "url": cluster.url,
            "user": cluster.user,
            "password": cluster.password,
            "fingerprint": cluster.fingerprint,
        }
    )


def shapes(options: dict[str, Any]) -> list[Shape]:
    """The clusters the options ask for; raises CommandError."""
    count = options["clusters"]
    if count < 1:
        raise CommandError("--clusters is a number from 1 on.")
    return [
        Shape(
            name=name,
            nodes=nodes,
            machines=machines,
            version=version,
            past_jobs=PAST_JOBS,
            rfb=not options["no_screens"],
        )
        for name, nodes, machines, version in zip(
            _names(options["names"], count),
            _numbers("--nodes", options["nodes"], count, least=1),
            _numbers("--machines", options["machines"], count, least=0),
            _releases(options["ganeti"], count),
            strict=True,
        )
    ]


def _names(text: str, count: int) -> list[str]:
    names = text.split(",") if text else [f"sim{number + 1}" for number in range(count)]
    names = [name.strip() for name in names]
    if len(names) != count:
        raise CommandError(f"--names must give {count} names, not {len(names)}.")
    for name in names:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name):
            raise CommandError(f"“{name}” is no name for a cluster: small letters, digits, hyphens.")
    if len(set(names)) != count:
        raise CommandError("--names gives two clusters the same name.")
    return names


def _numbers(option: str, text: str, count: int, *, least: int) -> list[int]:
    values = _each(option, text, count)
    for value in values:
        if not re.fullmatch(r"\d{1,6}", value) or int(value) < least:
            raise CommandError(f"{option} takes numbers from {least} on, not “{value}”.")
    return [int(value) for value in values]


def _releases(text: str, count: int) -> list[str]:
    values = _each("--ganeti", text, count)
    for value in values:
        if not re.fullmatch(r"\d+\.\d+(\.\d+)?(~\w+)?", value):
            raise CommandError(f"“{value}” is not a release of Ganeti: they look like 3.0.2.")
    return values


def _each(option: str, text: str, count: int) -> list[str]:
    values = [part.strip() for part in text.split(",")]
    if len(values) == 1:
        values *= count
    if len(values) != count:
        raise CommandError(f"{option} must give one value for all clusters or {count}, not {len(values)}.")
    return values
