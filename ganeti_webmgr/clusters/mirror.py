"""Brings our rows in line with a whole answer of a cluster, and writes only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from ganeti_webmgr.clusters.models import Cluster, Mirrored, natural

M = TypeVar("M", bound=Mirrored)
CHUNK = 500


@dataclass
class Changes(Generic[M]):
    """What a mirroring changed."""

    created: list[M] = field(default_factory=list)
    changed: list[M] = field(default_factory=list)
    missing: list[M] = field(default_factory=list)

    @property
    def all(self) -> list[M]:
        return [*self.created, *self.changed, *self.missing]

    def __bool__(self) -> bool:
        return bool(self.all)


def mirror(
    rows: QuerySet[M], *, cluster: Cluster, answer: Mapping[str, Mapping[str, Any]], known: Iterable[str]
) -> Changes[M]:
    """Creates and changes rows after `answer` (field values by uuid); marks those whose uuid is not `known`.

    `known` is every uuid of the whole answer, `answer` what is to be written of it. Nothing is deleted: with
    a row its grants would go, and an empty answer may be a lie.
    """
    changes: Changes[M] = Changes()
    present = set(known)
    existing = {row.uuid: row for row in rows.filter(cluster=cluster)}
    touched: set[str] = {"missing_since"}
    for uuid, told in answer.items():
        values = {**told, "sort_name": natural(told["name"])}
        row = existing.get(uuid)
        if row is None:
            changes.created.append(rows.model(cluster=cluster, uuid=uuid, **values))
            continue
        different = [name for name, value in values.items() if getattr(row, name) != value]
        if different:
            for name in different:
                setattr(row, name, values[name])
            touched.update(different)
            changes.changed.append(row)
    for uuid, row in existing.items():
        back = uuid in present
        if back == (row.missing_since is None):
            continue
        row.missing_since = None if back else timezone.now()
        if row not in changes.changed:
            (changes.changed if back else changes.missing).append(row)
    rows.bulk_create(changes.created, batch_size=CHUNK)
    rows.bulk_update([*changes.changed, *changes.missing], sorted(touched), batch_size=CHUNK)
    return changes
