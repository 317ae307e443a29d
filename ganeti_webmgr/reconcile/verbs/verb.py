"""What can be done about a difference: looked at first, for many rows at once, then done to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions.quota import Change
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.ui.state import State

ACTS, DENIED, GONE, BACK, AGREE, TAKEN, UNDECIDED, OVER, BUSY, CLOSED = (
    "acts",
    "denied",
    "gone",
    "back",
    "agree",
    "taken",
    "undecided",
    "over",
    "busy",
    "closed",
)
GROUPS = {
    ACTS: State("good", "circle-check", "Will be done"),
    OVER: State("bad", "gauge", "Does not fit the quota"),
    UNDECIDED: State("warn", "help-circle", "The tags do not say whose"),
    BUSY: State("quiet", "loader-2", "Busy with another job"),
    CLOSED: State("warn", "eye", "Their cluster takes no changes"),
    TAKEN: State("quiet", "users-group", "Settled meanwhile"),
    AGREE: State("quiet", "check", "Already so"),
    BACK: State("quiet", "circle-check", "There again"),
    GONE: State("quiet", "help-circle", "Not there any more"),
    DENIED: State("quiet", "user-x", "Not yours to settle"),
}


@dataclass(frozen=True)
class Verdict:
    """What would become of one row, and what is to be said of it.

    `what` says exactly what would be done; that is what is confirmed, and nothing else is done then.
    """

    key: str
    why: str = ""
    what: str = ""


@dataclass
class Outlook:
    """What would become of many rows: a verdict by each one's key, and what else changes."""

    verdicts: Mapping[int, Verdict]
    quotas: list[tuple[str, list[Change]]] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


def require_same(what: str, confirmed: str) -> None:
    """Refusal where it has become another thing since it was confirmed."""
    if what != confirmed:
        raise Refusal(f"By now it would be another thing than was confirmed: {what}.")


class PlainForm(forms.Form):
    """No parameters."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)

    @property
    def params(self) -> dict[str, Any]:
        """What was typed or ticked, as it is kept."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class Verb:
    """One thing that can be done, to machines unless it says otherwise."""

    name: ClassVar[str]  # in addresses and rows
    kind: ClassVar[str]  # the list under which it stands
    label: ClassVar[str]  # on the button: "Adopt"
    done: ClassVar[str]  # what became of a row: "Adopted"
    icon: ClassVar[str]
    what: ClassVar[str] = "machine"
    form: ClassVar[type[PlainForm]] = PlainForm
    is_danger: ClassVar[bool] = False

    def rows(self, pks: Iterable[int]) -> QuerySet[Any]:
        """The rows of these keys, with what is needed to judge them."""
        raise NotImplementedError

    def suggestion(self, rows: list[Any]) -> dict[str, Any]:
        """What stands in the form at first."""
        return {}

    def can_be_judged(self, params: Mapping[str, Any]) -> bool:
        """Whether enough was typed to say what would become of each."""
        return True

    def outlook(self, rows: list[Any], *, by: User, params: Mapping[str, Any]) -> Outlook:
        """What would become of each, in their order; as many queries for a thousand as for one."""
        raise NotImplementedError

    def carry_out(self, row: Any, *, by: User, params: Mapping[str, Any], what: str) -> str:
        """Does it in the present transaction, and says what came of it.

        A Refusal where it cannot be, or would by now be another thing than `what`, which was confirmed.
        """
        raise NotImplementedError
