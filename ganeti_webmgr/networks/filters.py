"""How the list of networks is narrowed."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.clusters.models import Network

Networks = QuerySet[Network]
TAG = re.compile(r"[\w.+*/:@-]+")  # of what else is written around tags, all networks have some


def about(word: str) -> Q:
    """The networks that a search for the word finds."""
    addresses = Q(cidr__icontains=word) | Q(gateway__icontains=word)
    tagged = Q(details__tags__icontains=word) if TAG.fullmatch(word) else Q()
    return Q(name__icontains=word) | addresses | tagged | Q(uuid=word.lower())


def matching(rows: Networks, words: list[str]) -> Networks:
    """Those of the rows that have every word, or the address that it is; their ranges are asked for once."""
    addresses = {word: address for word in words if (address := _address(word))}
    ranges = _ranges(rows) if addresses else {}
    for word in words:
        around = [pk for pk, range_ in ranges.items() if word in addresses and addresses[word] in range_]
        rows = rows.filter(about(word) | Q(pk__in=around))
    return rows


class NetworkFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="Name, address or tag")
    cluster = cluster_choice()

    class Meta:
        model = Network
        fields: list[str] = []

    def by_text(self, rows: Networks, name: str, value: str) -> Networks:
        return matching(rows, value.split())


def _address(word: str) -> IPv4Address | None:
    try:
        return IPv4Address(word)
    except ValueError:
        return None


def _ranges(rows: Networks) -> dict[int, IPv4Network]:
    found = rows.order_by().values_list("pk", "cidr")
    return {pk: IPv4Network(cidr, strict=False) for pk, cidr in found}
