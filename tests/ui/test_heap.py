"""Where Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ganeti_webmgr.ui.heap import set_apart_what_stays


@pytest.fixture(autouse=True)
def together_again() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_not_looked_through_again_and_what_comes_is() -> None:
    there = [object()]
    set_apart_what_stays()
    came = [object()]
    looked_through = {id(each) for each in gc.get_objects()}
    assert id(there) not in looked_through
    assert id(came) in looked_through
