"""The request as our views see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from ganeti_webmgr.accounts.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in; `htmx` is true where a fragment is wanted."""

    user: User
    htmx: HtmxDetails
