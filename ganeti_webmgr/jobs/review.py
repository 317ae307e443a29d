"""A command between its form and its confirmation: signed, so that what is confirmed is what was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Model

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui.refusal import Refusal

SALT = "ganeti_webmgr.jobs.review"
GOOD_FOR_S = 3600


class Stale(Refusal):
    """What came back is not what was shown."""

    status = 409
    title = "Look at the changes again"


@dataclass(frozen=True)
class Reviewed:
    """What was shown, and how the object was then."""

    params: dict[str, Any]
    state: Any


def sealed(params: dict[str, Any], on: Model, state: Any, by: User) -> str:
    """The change as a word that nobody else can make, for this person and this state of the object."""
    return signing.dumps([by.pk, on._meta.label, on.pk, state, params], salt=SALT, compress=True)


def opened(word: str, on: Model, by: User) -> Reviewed:
    """What the word says; Stale where it is not ours, not this person's, of another object or too old."""
    try:
        who, kind, pk, state, params = signing.loads(word, salt=SALT, max_age=GOOD_FOR_S)
    except signing.BadSignature:
        raise Stale("The review is too old, or was changed on its way. Nothing was sent.") from None
    if (who, kind, pk) != (by.pk, on._meta.label, on.pk):
        raise Stale("The review is of something else or of another person. Nothing was sent.")
    return Reviewed(params, state)
