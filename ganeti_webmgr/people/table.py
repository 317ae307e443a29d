"""The lists of people and of groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.people.filters import PeopleFilter
from ganeti_webmgr.people.groups import own_groups
from ganeti_webmgr.people.status import state_of
from ganeti_webmgr.ui.filtering import Unfiltered
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.tables import Column, Table, at


@dataclass(frozen=True)
class Line:
    """Somebody as the list shows him."""

    person: User
    state: State


def lines(rows: Iterable[User]) -> list[Line]:
    return [Line(person, state_of(person)) for person in rows]


def counted_groups() -> QuerySet[Group]:
    return own_groups().annotate(members=Count("user"))


of_person = partial(at, row="person")

PEOPLE: Table[User, Line] = Table(
    key="people",
    name="People",
    view="people:index",
    rows=User.objects.all,
    lines=lines,
    filter=PeopleFilter,
    for_administrators=True,
    columns=(
        Column(
            "name",
            "User name",
            {
                "username": lambda line: line.person.username,
                "administrator": lambda line: line.person.is_superuser,
            },
            sort="username",
        ),
        Column("account", "Account", {"account": lambda line: line.state.label}),
        Column("full_name", "Name", {"name": lambda line: line.person.get_full_name()}),
        of_person("email", "mail", "Mail", classes="hide-md"),
        of_person("last_login", "seen", "Last sign-in"),
        of_person("date_joined", "since", "Since", classes="hide-md"),
    ),
)

GROUPS: Table[Group, Group] = Table(
    key="groups",
    name="Groups",
    view="groups:index",
    rows=counted_groups,
    lines=list,
    filter=Unfiltered,
    for_administrators=True,
    columns=(at("name", "name", "Name"), at("members", "members", "People", classes="r")),
)
