"""Who sits behind a cookie: Django's own checks, once in full and then many at a time."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.http import HttpRequest
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

_store = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in session, with an imprint of all that Django's checks looked at."""

    session_key: str
    user_pk: Any
    imprint: int


class _Glance(dict[str, Any]):
    """A session to look at: Django's check may end or renew a real one, and a stream can set no cookie."""

    def flush(self) -> None: ...

    def cycle_key(self) -> None: ...


def sign_in(session_key: str) -> tuple[Visitor, AbstractBaseUser] | None:
    """The visitor and user that a session stands for, by Django's own checks; None where they refuse."""
    data = _stored([session_key]).get(session_key)
    if data is None:
        return None
    request = HttpRequest()
    request.session = _Glance(_store().decode(data))  # type: ignore[assignment]
    user = get_user(request)
    if not user.is_authenticated:
        return None
    return Visitor(session_key, user.pk, _imprint(data, [getattr(user, name) for name in _LOOKED_AT])), user


def unchanged(visitors: Collection[Visitor]) -> set[str]:
    """The keys of the sessions that would pass again, since nothing that was looked at has changed.

    Two queries for however many visitors.
    """
    stored = _stored([visitor.session_key for visitor in visitors])
    pks = {visitor.user_pk for visitor in visitors}
    users = {
        pk: row for pk, *row in get_user_model().objects.filter(pk__in=pks).values_list("pk", *_LOOKED_AT)
    }
    return {
        visitor.session_key
        for visitor in visitors
        if visitor.session_key in stored
        and visitor.user_pk in users
        and visitor.imprint == _imprint(stored[visitor.session_key], users[visitor.user_pk])
    }


_LOOKED_AT = ("password", "is_active", "is_superuser")


def _imprint(session_data: str, user: list[Any]) -> int:
    return hash((session_data, *user))


def _stored(keys: Collection[str]) -> dict[str, str]:
    sessions = _store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return dict(sessions.values_list("session_key", "session_data"))
