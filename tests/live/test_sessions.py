from __future__ import annotations

from typing import Any

import pytest

from ganeti_webmgr.accounts.models import UserSession as Session
from ganeti_webmgr.live import sessions
from tests.live.scene import person, sign_in

pytestmark = pytest.mark.django_db


def test_many_sessions_are_looked_at_in_two_queries(django_assert_num_queries: Any) -> None:
    keys = [str(sign_in(person(f"person {number}")).session_key) for number in range(20)]
    found = [sessions.sign_in(key) for key in keys]
    visitors = [visitor for visitor, _ in filter(None, found)]
    Session.objects.filter(pk=keys[0]).delete()
    with django_assert_num_queries(2):
        assert sessions.unchanged(visitors) == set(keys[1:])


def test_looking_never_changes_a_session(settings: Any) -> None:
    """Django renews a session that an older secret key has signed, for which it has to set a cookie."""
    settings.SECRET_KEY = "the old one"
    session = sign_in(person("alice"))
    settings.SECRET_KEY_FALLBACKS = ["the old one"]
    settings.SECRET_KEY = "the new one"
    found = sessions.sign_in(str(session.session_key))
    assert found
    assert Session.objects.get().pk == session.session_key
