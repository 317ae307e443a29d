from __future__ import annotations

from django import forms
from django.http import QueryDict

from ganeti_webmgr.ui.filtering import Chip, in_force


class Filters(forms.Form):
    q = forms.CharField(required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Any"), ("running", "Running")])
    tag = forms.CharField(label="Tag", required=False)


def chips(query: str) -> list[Chip]:
    return in_force(Filters(QueryDict(query)), QueryDict(query))


def test_a_filter_in_force_is_shown_in_the_words_of_its_choice() -> None:
    assert [(chip.label, chip.value) for chip in chips("status=running&tag=mail")] == [
        ("Status", "Running"),
        ("Tag", "mail"),
    ]


def test_its_address_is_the_list_without_it_from_the_first_page_on() -> None:
    assert [chip.url for chip in chips("status=running&tag=mail&sort=-name&page=3")] == [
        "?tag=mail&sort=-name",
        "?status=running&sort=-name",
    ]


def test_what_was_not_accepted_is_not_in_force() -> None:
    assert chips("status=moo") == []


def test_the_search_has_a_field_of_its_own() -> None:
    assert chips("q=web") == []
