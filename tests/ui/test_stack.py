"""Room on Python's stack."""

from __future__ import annotations

import pytest

from ganeti_webmgr.ui.stack import on_one_piece


def divide(a: int, *, by: int) -> float:
    return a / by


def test_a_call_on_one_piece_of_the_stack_is_the_same_call() -> None:
    assert on_one_piece(divide)(1, by=2) == 0.5
    with pytest.raises(ZeroDivisionError):
        on_one_piece(divide)(1, by=0)
