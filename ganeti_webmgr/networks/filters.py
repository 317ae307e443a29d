"""How the list of networks is narrowed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.clusters.models import Network

Networks = QuerySet[Network]


def about(word: str) -> Q:
    """The networks that a search for the word finds."""
    addresses = Q(cidr__icontains=word) | Q(gateway__icontains=word)
    return Q(name__icontains=word) | addresses | Q(uuid=word.lower())


class NetworkFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="Name or address")
    cluster = cluster_choice()

    class Meta:
        model = Network
        fields: list[str] = []

    def by_text(self, rows: Networks, name: str, value: str) -> Networks:
        for word in value.split():
            rows = rows.filter(about(word) | Q(pk__in=with_address(rows, word)))
        return rows


def with_address(rows: Networks, word: str) -> list[int]:
    """Those of the rows in whose range the address lies; none where the word is no address."""
    try:
        address = IPv4Address(word)
    except ValueError:
        return []
    ranges = rows.order_by().values_list("pk", "cidr")
    return [pk for pk, cidr in ranges if address in IPv4Network(cidr, strict=False)]
