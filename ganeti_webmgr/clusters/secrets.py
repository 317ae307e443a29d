"""Passwords at rest: encrypted in the database with keys that are kept outside of it."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Undecipherable(Exception):
    """No configured key opens what is stored."""


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def seal(text: str) -> str:
    """The text encrypted with the first key."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again, by whichever key fits; Undecipherable when none does."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Undecipherable("None of the field keys opens a stored password.") from None


def reseal(sealed: str) -> str:
    """The same secret encrypted with the first key."""
    try:
        return _box().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise Undecipherable("None of the field keys opens a stored password.") from None


class SealedField(models.TextField):  # type: ignore[type-arg]  # not subscriptable when run
    """A text that stands encrypted in the row and comes out encrypted; `unseal` opens it where it is used.

    It is not opened when a row is loaded, so no page, log or trace can show it by accident.
    """

    def get_prep_value(self, value: Any) -> Any:
        if value and not str(value).startswith("gAAAA"):
            raise ValueError("A secret must be sealed before it is stored.")
        return super().get_prep_value(value)
