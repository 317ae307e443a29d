from __future__ import annotations

import pytest

from ganeti_webmgr.mail import mail_settings


def test_without_a_server_nothing_is_sent_and_nothing_goes_into_the_log() -> None:
    assert mail_settings("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        (
            "smtp://gwm:p%40ss@mail.example.org:587/?tls",
            ("mail.example.org", 587, "gwm", "p@ss", True, False),
        ),
        ("smtps://mail.example.org", ("mail.example.org", 465, "", "", False, True)),
    ],
)
def test_a_server_is_named_by_one_address(url: str, said: tuple[object, ...]) -> None:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(mail_settings(url)[f"EMAIL_{name}"] for name in names) == said


@pytest.mark.parametrize(
    "odd", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://host/?ssl"]
)
def test_an_odd_address_stops_the_start(odd: str) -> None:
    with pytest.raises(ValueError, match="GWM_EMAIL_URL"):
        mail_settings(odd)
