"""A cluster as a file: everything that must outlive the process."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .jobs.job import Job, Op
from .model.config import Config
from .model.instance import Disk, Instance, Nic, Running
from .model.network import Network
from .model.node import Group, Node
from .server.certificate import write_private
from .shape import Shape

if TYPE_CHECKING:
    from .cluster import SimulatedCluster

SAVE_AFTER_S = 1.0
SKIPPED_IDS = 100
_PLAIN = (
    "name", "uuid", "version", "params", "operating_systems", "filters", "tags", "ctime", "mtime", "drained",
    "next_port",
)  # fmt: skip


class StateFile:
    """Follows a cluster's changes and writes them down, at most once a second."""

    def __init__(self, directory: Path, shape: Shape) -> None:
        self.path = directory / f"{shape.name}.json"
        self.shape = shape
        self._planned = threading.Event()
        self._writing = threading.Lock()

    def load(self) -> dict[str, Any] | None:
        """What was written for a cluster of just this shape, if anything."""
        if not self.path.exists():
            return None
        state: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return state if state["shape"] == asdict(self.shape) else None

    def follow(self, cluster: SimulatedCluster) -> None:
        self.save(cluster)

        def changed() -> None:
            if not self._planned.is_set():
                self._planned.set()
                cluster.timer.after(SAVE_AFTER_S, lambda: self.save(cluster))

        cluster.observers.append(changed)

    def save(self, cluster: SimulatedCluster, *, clean: bool = False) -> None:
        self._planned.clear()
        with self._writing:
            with cluster.lock:
                state = dump(cluster, clean=clean)
            write_private(self.path, json.dumps(state).encode())


def dump(cluster: SimulatedCluster, *, clean: bool) -> dict[str, Any]:
    """Everything about the cluster as JSON values; `clean` says that nothing can have happened since."""
    config = cluster.config
    return {
        "shape": asdict(cluster.shape),
        "clean": clean,
        "port": cluster.port,
        "random": config.random.getstate(),
        "config": {name: getattr(config, name) for name in _PLAIN},
        "nodes": [asdict(item) for item in config.nodes.values()],
        "groups": [asdict(item) for item in config.groups.values()],
        "networks": [asdict(item) for item in config.networks.values()],
        "instances": [asdict(item) for item in config.instances.values()],
        "last_job": cluster.queue.last_id,
        "jobs": [asdict(job) for job in cluster.queue.jobs.values()],
    }


def config_from(state: dict[str, Any]) -> Config:
    """The configuration that was written."""
    version, internal, gauss = state["random"]
    rng = random.Random()  # noqa: S311 - made-up data
    rng.setstate((version, tuple(internal), gauss))
    config = Config(random=rng, **state["config"])
    for node in state["nodes"]:
        config.nodes.add(Node(**node))
    for group in state["groups"]:
        config.groups.add(Group(**group))
    for network in state["networks"]:
        config.networks.add(Network(**network))
    for instance in state["instances"]:
        config.instances.add(_instance(instance))
    return config


def restore_jobs(cluster: SimulatedCluster, state: dict[str, Any]) -> None:
    """Puts the jobs back; ids go on above the last one, with room for any that were not written down."""
    for data in state["jobs"]:
        job = Job(**{**data, "ops": [Op(**op) for op in data["ops"]]})
        cluster.queue.jobs[job.id] = job
    cluster.queue.last_id = state["last_job"] + (0 if state["clean"] else SKIPPED_IDS)
    cluster.queue.recover()


def _instance(data: dict[str, Any]) -> Instance:
    known = {item.name for item in fields(Instance)}
    running = data["running"]
    nested = {
        "disks": [Disk(**disk) for disk in data["disks"]],
        "nics": [Nic(**nic) for nic in data["nics"]],
        "running": None if running is None else Running(**running),
    }
    return Instance(**{key: value for key, value in {**data, **nested}.items() if key in known})
