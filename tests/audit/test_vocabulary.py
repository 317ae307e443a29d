from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings

from ganeti_webmgr.audit.vocabulary import ACTIONS, words

SOURCES = sorted((settings.BASE_DIR / "ganeti_webmgr").rglob("*.py"))


def recorded() -> Iterator[tuple[str, set[str]]]:
    """Each place that records, and the actions that it may record."""
    for path in SOURCES:
        module = ast.parse(path.read_text())
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                place = f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"
                yield place, literals(node.args[0], module)


def literals(expression: ast.expr, module: ast.Module) -> set[str]:
    """The texts that an expression may come to: for a parameter, those that its module passes to it."""
    if isinstance(expression, ast.IfExp):
        return literals(expression.body, module) | literals(expression.orelse, module)
    if isinstance(expression, ast.Constant):
        return {str(expression.value)}
    passed = (node for node in ast.walk(module) if isinstance(node, ast.keyword))
    named = expression.id if isinstance(expression, ast.Name) else ""
    return {
        str(each.value.value) for each in passed if each.arg == named and isinstance(each.value, ast.Constant)
    }


def test_every_action_that_is_recorded_has_its_words() -> None:
    places = dict(recorded())
    assert len(places) > 15
    assert {
        place: actions - ACTIONS.keys() for place, actions in places.items() if actions - ACTIONS.keys()
    } == {}


def test_what_is_recorded_is_spelled_out_where_it_is_recorded() -> None:
    assert [place for place, actions in recorded() if not actions] == []


@pytest.mark.parametrize(
    ("action", "after", "label", "tone"),
    [
        ("grant.given", {"role": "viewer"}, "Give rights on", "quiet"),
        ("job.requested", {"verb": "Shut down"}, "Shut down", "quiet"),
        ("job.cancelled", {"verb": "Start"}, "Cancel: Start", "quiet"),
        ("job.cancelled", None, "Cancel a job on", "quiet"),
        ("job.ended", {"verb": "Start", "status": "done"}, "Start done:", "good"),
        ("job.ended", {"verb": "Start", "status": "failed"}, "Start failed:", "bad"),
        ("job.ended", {"verb": "Move", "status": "done", "began": 1}, "Move began 1 job:", "quiet"),
        ("job.ended", {"verb": "Move", "status": "done", "began": 3}, "Move began 3 jobs:", "quiet"),
        (
            "job.all-ended",
            {"verb": "Move", "outcome": {"total": 3, "done": 1, "failed": 2}},
            "Move: 1 of 3 done, 2 failed:",
            "bad",
        ),
        (
            "job.all-ended",
            {"verb": "Move", "outcome": {"total": 3, "done": 3, "failed": 0}},
            "Move: 3 of 3 done:",
            "good",
        ),
        ("job.ended", ["odd"], "End of a job on", "quiet"),
        ("moon.landed", None, "moon.landed", "quiet"),
    ],
)
def test_an_action_is_told_in_words(action: str, after: object, label: str, tone: str) -> None:
    found = words(action, after)
    assert (found.label, found.tone) == (label, tone)
