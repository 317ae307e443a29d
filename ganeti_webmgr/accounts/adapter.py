"""How signing in behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from ganeti_webmgr.accounts import throttle
from ganeti_webmgr.audit.origin import client_address


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The user name or the password is not correct.",
        "too_many_login_attempts": (
            "Too many failed attempts. For some minutes even the right password is refused: try again later."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Nothing: a page that opens says by itself that one is signed in."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt, of which only so many may fail: of an account, and from an address.

        Behind a proxy that is not the proxy's address, which all share.
        """
        name = str(credentials.get("username", "")).lower()
        self.counted = throttle.attempt("wrong password", address=client_address(request), key=name)
        if self.counted is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            throttle.forgive(self.counted or ())
        return user
