"""Refusals that a person is told about: raised anywhere below a view, shown as a page."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """What was asked is declined and nothing was changed; the text says why and what to do."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "That cannot be done"
