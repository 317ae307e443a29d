"""Rules of a cluster's job queue: which jobs one of them is about, and the mirror of them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.models import QueueRule
from ganeti_webmgr.live import publish

EVERY_S, WATCHED_S = 300.0, 60.0
PAUSE, REJECT, ACCEPT, CONTINUE, LIMIT = "PAUSE", "REJECT", "ACCEPT", "CONTINUE", "RATE_LIMIT"

# With these, finding out can take for ever; a thread that does holds up all others of its process.
COSTLY = frozenset("*+?{(")

Test = Callable[[Any, Any], bool]


def _matches(pattern: str, text: str) -> bool:
    if COSTLY & set(pattern):
        raise ValueError("Whether it matches is not found out here.")
    return re.search(pattern, text) is not None


COMPARE: dict[str, Test] = {
    "=": lambda has, wants: bool(has == wants),
    "==": lambda has, wants: bool(has == wants),
    "!=": lambda has, wants: bool(has != wants),
    "<": lambda has, wants: bool(has < wants),
    "<=": lambda has, wants: bool(has <= wants),
    ">": lambda has, wants: bool(has > wants),
    ">=": lambda has, wants: bool(has >= wants),
    "=~": lambda has, wants: _matches(wants, has),
    "=[]": lambda has, wants: wants in has,
}


def sync_rules(cluster: Cluster, client: rapi.Client) -> None:
    """Brings what is known of the cluster's rules up to date."""
    answer = {
        rule.uuid: {
            "watermark": rule.watermark,
            "priority": rule.priority,
            "predicates": list(rule.predicates),
            "action": rule.action,
            "reason": list(rule.reason_trail),
        }
        for rule in client.query.filters().parse()
    }
    with transaction.atomic():
        known = {rule.uuid: rule for rule in cluster.queue_rules.all()}
        gone = [rule.pk for uuid, rule in known.items() if uuid not in answer]
        changed = [
            (uuid, values)
            for uuid, values in answer.items()
            if uuid not in known or any(getattr(known[uuid], name) != value for name, value in values.items())
        ]
        cluster.queue_rules.filter(pk__in=gone).delete()
        for uuid, values in changed:
            QueueRule.objects.update_or_create(cluster=cluster, uuid=uuid, defaults=values)
        if gone or changed:
            publish(f"cluster:{cluster.pk}")


def in_the_way(rules: Sequence[QueueRule], row: rapi.JobRow) -> QueueRule | None:
    """The rule that keeps the queued job from starting, if one does. Rules count in their order."""
    for rule in rules:
        if rule.kind == CONTINUE or not concerns(rule, row):
            continue
        return rule if rule.kind in (PAUSE, LIMIT) else None
    return None


def concerns(rule: QueueRule, row: rapi.JobRow) -> bool:
    """Whether all that the rule asks for is true of the job (reference, 2.4)."""
    return all(_holds(predicate, rule.watermark, row) for predicate in rule.predicates)


def _holds(predicate: Sequence[Any], watermark: int, row: rapi.JobRow) -> bool:
    kind, wanted = predicate
    if kind == "jobid":
        return true_of(wanted, {"id": row.id}, watermark=watermark)
    if kind == "opcode":
        return any(true_of(wanted, op) for op in row.ops)
    if kind == "reason":
        trail = ({"source": said.source, "reason": said.text} for said in row.reason_trail)
        return any(true_of(wanted, said) for said in trail)
    return False  # a kind that newer versions may know


def true_of(wanted: Sequence[Any], thing: Mapping[str, Any], *, watermark: int = 0) -> bool:
    """Whether the expression in the query language holds (reference, 2.2); not where it cannot be told."""
    operator, *rest = wanted
    if operator == "&":
        return all(true_of(part, thing, watermark=watermark) for part in rest)
    if operator == "|":
        return any(true_of(part, thing, watermark=watermark) for part in rest)
    if operator == "!":
        return not true_of(rest[0], thing, watermark=watermark)
    if operator == "?":
        return bool(thing.get(rest[0]))
    field, value = rest
    try:
        return COMPARE[operator](thing.get(field), watermark if value == "watermark" else value)
    except (KeyError, TypeError, ValueError, re.error):
        return False
