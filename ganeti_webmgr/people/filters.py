"""How the list of people is narrowed."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from ganeti_webmgr.accounts.models import User

ODD = {"invalid_choice": "“%(value)s” is none of the choices."}


def about(word: str) -> Q:
    """The people that a search for the word finds."""
    names = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
    return names | Q(email__icontains=word)


class PeopleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the list; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="User name, name or mail")
    account = django_filters.ChoiceFilter(
        choices=[("on", "Switched on"), ("off", "Switched off")],
        method="by_account",
        label="Account",
        empty_label="Any account",
        error_messages=ODD,
    )
    standing = django_filters.ChoiceFilter(
        choices=[("administrator", "Administrators"), ("other", "Others")],
        method="by_standing",
        label="Standing",
        empty_label="Anyone",
        error_messages=ODD,
    )

    class Meta:
        model = User
        fields: list[str] = []

    def by_text(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        for word in value.split():
            rows = rows.filter(about(word))
        return rows

    def by_account(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(is_active=value == "on")

    def by_standing(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(is_superuser=value == "administrator")
