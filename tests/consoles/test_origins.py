"""Origins, as browsers may and may not send them."""

from __future__ import annotations

import pytest

from ganeti_webmgr.consoles.origins import canonical


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://gwm.example.org", "https://gwm.example.org"),
        ("HTTPS://GWM.Example.ORG:443", "https://gwm.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("null", ""),
        ("", ""),
        ("https://", ""),
        ("ftp://gwm.example.org", ""),
        ("https://gwm.example.org/path", ""),
        ("https://gwm.example.org?x", ""),
        ("https://user@gwm.example.org", ""),
        ("https://gwm.example.org:99999", ""),
        ("https://[gwm", ""),
    ],
)
def test_an_origin_has_one_way_to_be_written(origin: str, expected: str) -> None:
    assert canonical(origin) == expected
