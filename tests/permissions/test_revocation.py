"""A right that is taken away: the next request is refused, and the open page hears nothing more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions.granting import grant, revoke
from ganeti_webmgr.permissions.models import MachineUserGrant
from ganeti_webmgr.permissions.tasks import sweep
from ganeti_webmgr.vms.models import VirtualMachine
from tests.live.scene import Listening, Site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(redis_url: str) -> Iterator[Site]:
    with Site(redis_url=redis_url) as started:
        yield started


@pytest.fixture
def page(site: Site, bob: User, charlie: User, by_charlie: Client, mine: VirtualMachine) -> Listening:
    """The event stream of Charlie's open page of a machine on which he was made operator."""
    grant(charlie, mine, by=bob, role="operator")
    assert by_charlie.get(mine.get_absolute_url()).status_code == 200
    return site.listen(f"vm:{mine.pk}", session=str(by_charlie.session.session_key))


def test_taken_away_it_stops_at_once_for_requests_and_within_five_seconds_for_open_pages(
    page: Listening, bob: User, charlie: User, by_charlie: Client, mine: VirtualMachine
) -> None:
    revoke(charlie, mine, by=bob)
    assert by_charlie.get(mine.get_absolute_url()).status_code == 404
    assert by_charlie.post(f"{mine.get_absolute_url()}-/start/").status_code == 404
    assert page.ends_after() < 5


def test_ended_it_stops_that_second_for_requests_and_with_the_next_sweep_for_open_pages(
    page: Listening, by_charlie: Client, mine: VirtualMachine
) -> None:
    MachineUserGrant._default_manager.update(expires_at=timezone.now())
    assert by_charlie.get(mine.get_absolute_url()).status_code == 404
    sweep()
    assert page.ends_after() < 5
