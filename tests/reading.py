"""What was read of a simulated cluster, to be known of another that is just like it without asking again."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

from django.core.cache import cache
from django.db.models import ForeignKey, Model

from ganeti_webmgr.clusters import freshness, schedule
from ganeti_webmgr.clusters.models import Cluster, Network, NodeGroup, OperatingSystem
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.simulator import SimulatedCluster
from ganeti_webmgr.simulator.state import dump, restore_jobs
from ganeti_webmgr.vms.models import SearchText, VirtualMachine

# Each after those that it points to.
MODELS: tuple[type[Model], ...] = (NodeGroup, Network, OperatingSystem, Node, VirtualMachine, SearchText)
OF_THE_CLUSTER = ("uuid", "version", "master", "info", "last_job_id")
DIGESTS = ("digest:nodes", "digest:machines")
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Rows, digests and Ganeti's own state after the first cycle of a cluster."""

    cluster: Row
    rows: dict[type[Model], list[Row]]
    digests: dict[str, str]
    put_off: list[schedule.Loop]
    state: dict[str, Any]

    @classmethod
    def of(cls, row: Cluster, ganeti: SimulatedCluster) -> Self:
        """What is known of the cluster now, just after it was read for the first time."""
        due = schedule.due_loops(row)
        return cls(
            cluster={"pk": row.pk, **{name: getattr(row, name) for name in OF_THE_CLUSTER}},
            rows={model: _rows(model, row) for model in MODELS},
            digests={name: cache.get(f"{name}:{row.pk}") for name in DIGESTS},
            put_off=[loop for loop in schedule.LOOPS if loop not in due],
            state=dump(ganeti, clean=True),
        )

    def put_back(self, row: Cluster, ganeti: SimulatedCluster) -> None:
        """Leaves row, database, cache and Ganeti as if the cluster, just added, had now been read."""
        for name in OF_THE_CLUSTER:
            setattr(row, name, deepcopy(self.cluster[name]))
        row.save(update_fields=OF_THE_CLUSTER)
        keys: dict[type[Model], dict[Any, Any]] = {Cluster: {self.cluster["pk"]: row.pk}}
        for model, rows in self.rows.items():
            new = model._default_manager.bulk_create([_again(model, values, keys) for values in rows])
            old = [values[model._meta.pk.attname] for values in rows]
            keys[model] = dict(zip(old, (item.pk for item in new), strict=True))
        cache.set_many({f"{name}:{row.pk}": digest for name, digest in self.digests.items()}, None)
        for loop in self.put_off:
            schedule.done(row, loop, took_s=0)
        freshness.answered(row, freshness.TELLING)
        schedule.busy(row.pk, open_jobs=True)  # as it was taken to be while its systems were asked for
        with ganeti.change():
            restore_jobs(ganeti, deepcopy(self.state))


def fingerprint(ganeti: SimulatedCluster) -> str:
    """The same for simulated clusters of which the same would be read."""
    state = {**dump(ganeti, clean=True), "port": None}
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def _rows(model: type[Model], row: Cluster) -> list[Row]:
    of_it = {"vm__cluster": row} if model is SearchText else {"cluster": row}
    return list(model._default_manager.filter(**of_it).order_by("pk").values())


def _again(model: type[Model], values: Row, keys: dict[type[Model], dict[Any, Any]]) -> Model:
    """The row as a new one that points to the new ones, first seen when it is saved."""
    new = {name: value for name, value in values.items() if name not in {"id", "first_seen_at"}}
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and new[field.attname] is not None:
            new[field.attname] = keys[field.related_model][new[field.attname]]
    return model(**new)
