from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory

from ganeti_webmgr.ui.listing import Listing, listing

pytestmark = pytest.mark.django_db


def shown(query: str, *, text: str, scanned: bool) -> Listing[Group]:
    groups = Group.objects.filter(name__contains=text)
    request = RequestFactory().get(f"/{query}")
    return listing(request, groups, sorts={"name": "name"}, default="name", scanned=scanned)


@pytest.mark.parametrize("text", ["group", "7", "nowhere"])
@pytest.mark.parametrize(
    "query", ["", "?sort=-name", "?page=1", "?page=2", "?page=-1", "?page=99", "?sort=x"]
)
def test_a_list_found_with_one_look_is_the_list_that_two_looks_find(query: str, text: str) -> None:
    Group.objects.bulk_create(Group(name=f"group {number:03}") for number in range(120))
    one, two = (shown(query, text=text, scanned=scanned) for scanned in (True, False))
    assert list(one.page) == list(two.page)
    assert (one.total, one.sort, one.problems) == (two.total, two.sort, two.problems)
    assert one.page.paginator.num_pages == two.page.paginator.num_pages
