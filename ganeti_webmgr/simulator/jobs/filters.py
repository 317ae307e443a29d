"""Job filter rules: which queued jobs may start, which must wait, which are turned away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..query.qfilter import BadFilter, compile_filter
from .job import Job

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

Rule = dict[str, Any]
ACTIONS = ("ACCEPT", "PAUSE", "REJECT", "CONTINUE")


class FilterRules:
    """The rules of one cluster, kept in its configuration by UUID."""

    def __init__(self, cluster: SimulatedCluster) -> None:
        self.cluster = cluster

    def replace(self, uuid: str, rule: Rule) -> str:
        """Adds the rule, or puts it in the place of the one that has this UUID; raises BadFilter."""
        if not _valid_action(rule["action"]):
            raise BadFilter(f"Invalid action {rule['action']!r}")
        now = self.cluster.now()
        trail = [*rule["reason_trail"], ["luxid", "", int(now * 1e6) * 1000]]
        known = {
            **rule,
            "predicates": [[name, _modern(expr)] for name, expr in rule["predicates"]],
            "uuid": uuid,
            "watermark": self.cluster.queue.last_id,
            "reason_trail": trail,
        }
        _matches(known, Job(id=0, ops=[], received=now))  # a rule that makes no sense must not be kept
        self.cluster.config.filters[uuid] = known
        return uuid

    def ordered(self) -> list[Rule]:
        """In the order in which they are applied."""
        rules = self.cluster.config.filters.values()
        return sorted(rules, key=lambda rule: (rule["priority"], rule["watermark"], rule["uuid"]))

    def judge(self, job: Job) -> str:
        """One of start, wait, reject."""
        for rule in self.ordered():
            if not _matches(rule, job):
                continue
            match rule["action"]:
                case "ACCEPT":
                    return "start"
                case "REJECT":
                    return "reject"
                case "PAUSE":
                    return "wait"
                case ["RATE_LIMIT", limit]:
                    running = [other for other in self.cluster.queue.started() if _matches(rule, other)]
                    if len(running) >= limit:
                        return "wait"
        return "start"


def _valid_action(action: Any) -> bool:
    match action:
        case ["RATE_LIMIT", int(limit)]:
            return limit > 0
    return action in ACTIONS


def _modern(expr: Any) -> Any:
    if not isinstance(expr, list):
        return expr
    return ["==" if expr[:1] == ["="] else expr[0], *map(_modern, expr[1:])] if expr else expr


def _matches(rule: Rule, job: Job) -> bool:
    return all(_predicate(name, expr, rule, job) for name, expr in rule["predicates"])


def _predicate(name: str, expr: Any, rule: Rule, job: Job) -> bool:
    test = _compiled(expr, rule)
    match name:
        case "jobid":
            return test({"id": job.id})
        case "opcode":
            return any(test(op.input) for op in job.ops)
        case "reason":
            return any(
                test({"source": source, "reason": text, "timestamp": at})
                for op in job.ops
                for source, text, at in op.input["reason"]
            )
    raise BadFilter(f"Unknown predicate {name!r}")


def _compiled(expr: Any, rule: Rule) -> Callable[[dict[str, Any]], bool]:
    def with_watermark(part: Any) -> Any:
        if isinstance(part, list):
            return [with_watermark(item) for item in part]
        return rule["watermark"] if part == "watermark" else part

    wanted = compile_filter(with_watermark(expr), lambda field: field)
    return lambda values: wanted(lambda field: (0, values.get(str(field))))
