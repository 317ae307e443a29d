from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.zones import zones
from ganeti_webmgr.audit.models import Event

pytestmark = pytest.mark.django_db

PROFILE = {"first_name": "Charlie", "last_name": "Marsh", "email": "", "time_zone": "Asia/Tokyo"}


def save(by: Client, **changes: str) -> Any:
    return by.post("/me/", {**PROFILE, **changes})


def page(by: Client) -> str:
    return by.get("/me/").content.decode()


def test_a_person_changes_name_and_time_zone_and_it_is_recorded(charlie: User, by_charlie: Client) -> None:
    assert save(by_charlie).headers["Location"] == "/me/"
    charlie.refresh_from_db()
    assert (charlie.get_full_name(), charlie.time_zone) == ("Charlie Marsh", "Asia/Tokyo")
    event = Event.objects.get(action="person.profile-changed")
    assert event.person_id == charlie.pk
    assert event.before
    assert event.after
    assert (event.before["first_name"], event.after["first_name"]) == ("", "Charlie")
    save(by_charlie)
    assert Event.objects.filter(action="person.profile-changed").count() == 1


def test_times_are_shown_in_the_person_s_own_zone(charlie: User, by_charlie: Client) -> None:
    def offsets() -> set[str]:
        """How far the times on the page are from UTC."""
        return set(re.findall(r'<time datetime="[^"]*" title="[^"]*([+-]\d\d:\d\d)"', page(by_charlie)))

    assert offsets() == {"+00:00"}
    save(by_charlie)
    assert offsets() == {"+09:00"}


def test_a_zone_that_is_gone_is_the_site_s(charlie: User, by_charlie: Client) -> None:
    User.objects.update(time_zone="Mars/Olympus")
    assert by_charlie.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("field", "typed"), [("time_zone", "Mars/Olympus"), ("email", "no address"), ("first_name", "x" * 151)]
)
def test_what_cannot_be_is_told_beside_the_field(by_charlie: Client, field: str, typed: str) -> None:
    answer = save(by_charlie, **{field: typed, "password": "charlies-password"})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


@pytest.mark.parametrize("password", ["", "wrong"])
def test_the_mail_address_is_changed_with_the_password_only(
    charlie: User, by_charlie: Client, password: str
) -> None:
    assert save(by_charlie, email="charlie@example.org", password=password).status_code == 422
    charlie.refresh_from_db()
    assert charlie.email == ""
    assert save(by_charlie, email="charlie@example.org", password="charlies-password").status_code == 302
    charlie.refresh_from_db()
    assert charlie.email == "charlie@example.org"


def test_nobody_takes_the_address_by_which_another_is_found(alice: User, by_charlie: Client) -> None:
    User.objects.filter(pk=alice.pk).update(email="alice@example.org")
    answer = save(by_charlie, email="Alice@example.org", password="charlies-password")
    assert "Another account has this mail address" in answer.content.decode()


def test_nobody_makes_himself_an_administrator(charlie: User, by_charlie: Client) -> None:
    save(by_charlie, is_superuser="on", may_create_projects="on", username="root")
    charlie.refresh_from_db()
    assert (charlie.is_superuser, charlie.may_create_projects, charlie.username) == (False, False, "charlie")


def test_the_zones_are_those_of_places() -> None:
    assert {"UTC", "Europe/Berlin"} < set(zones())
    assert "localtime" not in zones()
