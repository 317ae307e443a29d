"""What would become of each of many rows, before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.reconcile.kinds import administered, of_his_clusters
from ganeti_webmgr.reconcile.models import Entry, Settlement
from ganeti_webmgr.reconcile.verbs import VERBS
from ganeti_webmgr.reconcile.verbs.verb import ACTS, DENIED, GONE, GROUPS, Outlook, Verdict
from ganeti_webmgr.ui.confirming import word_for
from ganeti_webmgr.ui.state import State


@dataclass
class Group:
    """Rows of which the same becomes; `whats` say of each what, `whys` are the reasons, with their number."""

    key: str
    state: State
    entries: list[Entry] = field(default_factory=list)
    whats: list[str] = field(default_factory=list)
    whys: dict[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[Entry, str]]:
        """Each with what will be done to it."""
        return list(zip(self.entries, self.whats, strict=True))

    @property
    def acts(self) -> bool:
        return self.key == ACTS


@dataclass(frozen=True)
class Review:
    """The look at a settlement: its entries with their verdicts, and what else changes."""

    entries: list[tuple[Entry, Verdict]]
    outlook: Outlook
    params: Mapping[str, Any]

    @property
    def count(self) -> int:
        """To how many it will be done."""
        return sum(verdict.key == ACTS for _, verdict in self.entries)

    @property
    def seen(self) -> str:
        """A word for exactly what will be done to which, and with what was typed."""
        done = [[entry.pk, verdict.what] for entry, verdict in self.entries if verdict.key == ACTS]
        return word_for([self.params, done])

    @property
    def groups(self) -> list[Group]:
        """The entries by what would become of them; groups without any are left out."""
        groups = {key: Group(key, state) for key, state in GROUPS.items()}
        for entry, verdict in self.entries:
            group = groups[verdict.key]
            group.entries.append(entry)
            group.whats.append(verdict.what)
            if verdict.why:
                group.whys[verdict.why] = group.whys.get(verdict.why, 0) + 1
        return [group for group in groups.values() if group.entries]


def looked_at(settlement: Settlement, *, by: User) -> Review:
    """What would become of each entry now; as many queries for a thousand as for one."""
    verb = VERBS[settlement.verb]
    entries = list(settlement.entries.order_by("pk"))
    rows = verb.rows(filter(None, (pk_of(entry) for entry in entries))).in_bulk()
    own = None if policy.sees_all(by) else set(administered(by).values_list("pk", flat=True))
    ordered = [row for row in (rows.get(pk_of(entry) or 0) for entry in entries) if row]
    his = [row for row in ordered if own is None or row.cluster_id in own]
    outlook = verb.outlook(his, by=by, params=settlement.params)
    return Review(list(_judged(entries, rows.keys(), outlook)), outlook, settlement.params)


def rows_to_settle(settlement: Settlement, *, by: User) -> list[Any]:
    """The machines or nodes that are there still and are the person's to settle."""
    rows = VERBS[settlement.verb].rows(filter(None, map(pk_of, settlement.entries.all())))
    return list(of_his_clusters(rows, by))


def _judged(
    entries: Iterable[Entry], present: Iterable[int], outlook: Outlook
) -> Iterator[tuple[Entry, Verdict]]:
    there = set(present)
    for entry in entries:
        pk = pk_of(entry)
        if pk not in there:
            yield entry, Verdict(GONE)
        else:
            yield entry, outlook.verdicts.get(pk, Verdict(DENIED))


def pk_of(entry: Entry) -> int | None:
    """The key of the machine or node; None where its row is gone."""
    return entry.vm_id or entry.node_id
