"""What may be tried only so often: signing in, and asking for links.

It is counted in the database. Redis may forget at any moment and may be gone, and guessing must not become
free then.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils import timezone
from django.utils.crypto import salted_hmac

from ganeti_webmgr.accounts.models import Attempt
from ganeti_webmgr.ui.refusal import Refusal


class TooMany(Refusal):
    """Somebody tries again and again."""

    status = 429
    title = "That is too often"


@dataclass(frozen=True)
class Limit:
    """At most so many in that time, from one address or about one key."""

    amount: int
    period: timedelta
    per: Literal["address", "key"]


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMITS = {
    "sign-in": (Limit(60, MINUTE, "address"),),
    "wrong password": (Limit(20, MINUTE, "address"), Limit(5, 5 * MINUTE, "key")),
    "link by mail": (Limit(20, MINUTE, "address"), Limit(3, HOUR, "key")),
}
COUNTS_FOR = max(limit.period for limits in LIMITS.values() for limit in limits)


def attempt(what: str, *, address: str, key: str = "") -> list[Attempt] | None:
    """What is counted now, before it is tried; None where that is too much.

    Of many at once no more get through than may: each is there before it looks at the others.
    """
    counted = []
    for limit in LIMITS[what]:
        source = network(address) if limit.per == "address" else key
        row = Attempt.objects.create(scope=_scope(what, limit.per, source))
        if Attempt.objects.filter(scope=row.scope, at__gt=row.at - limit.period).count() > limit.amount:
            row.delete()  # who goes on trying does not prolong it
            return None
        counted.append(row)
    return counted


def forgive(counted: Iterable[Attempt]) -> None:
    """Takes back what turned out to be right."""
    Attempt.objects.filter(pk__in=[row.pk for row in counted]).delete()


def forget() -> None:
    """Clears away what does not count any more."""
    Attempt.objects.filter(at__lte=timezone.now() - COUNTS_FOR).delete()


def network(address: str) -> str:
    """The address, or of IPv6 the network that one subscriber has to himself."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if known.version == 4 else str(ipaddress.ip_network((known.packed, 64), strict=False))


def _scope(what: str, per: str, source: str) -> str:
    """A digest: where a name is asked for, people type passwords too."""
    return salted_hmac("accounts.throttle", f"{what}/{per}/{source}", algorithm="sha256").hexdigest()
