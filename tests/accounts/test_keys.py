from __future__ import annotations

import pytest
from django.test import Client

from ganeti_webmgr.accounts.models import SSHKey, User
from ganeti_webmgr.accounts.services import add_key
from ganeti_webmgr.audit.models import Event
from tests.accounts.test_ssh import GOOD, PLAIN

pytestmark = pytest.mark.django_db


def test_a_key_is_added_under_what_stands_behind_it_and_removed(charlie: User, by_charlie: Client) -> None:
    by_charlie.post("/me/keys/", {"text": f"{PLAIN} charlie@laptop"})
    key = charlie.ssh_keys.get()
    assert (key.name, key.text) == ("charlie@laptop", PLAIN)
    page = by_charlie.get("/me/keys/").content.decode()
    assert key.fingerprint in page
    by_charlie.post(f"/me/keys/{key.pk}/-/remove/")
    assert not SSHKey.objects.exists()
    told = list(Event.objects.filter(target_kind="key").order_by("pk").values_list("action", "target_name"))
    assert told == [("key.added", "charlie@laptop"), ("key.removed", "charlie@laptop")]


def test_a_name_that_is_typed_wins(charlie: User) -> None:
    assert add_key(charlie, f"{PLAIN} charlie@laptop", name="At home").name == "At home"
    assert add_key(charlie, GOOD["ssh-rsa"]).name == "ssh-rsa"


@pytest.mark.parametrize("pasted", ["hello", ""])
def test_what_is_no_key_is_told_beside_the_field(by_charlie: Client, pasted: str) -> None:
    answer = by_charlie.post("/me/keys/", {"text": pasted})
    assert answer.status_code == 422
    assert 'id="id_text_error"' in answer.content.decode()


def test_a_key_that_is_there_is_not_added_again_by_the_same_person(
    charlie: User, alice: User, by_charlie: Client
) -> None:
    add_key(charlie, PLAIN, name="laptop")
    assert "already, as “laptop”" in by_charlie.post("/me/keys/", {"text": PLAIN}).content.decode()
    assert add_key(alice, PLAIN)


def test_nobody_sees_or_removes_the_key_of_another(charlie: User, by_alice: Client) -> None:
    key = add_key(charlie, PLAIN)
    assert key.fingerprint not in by_alice.get("/me/keys/").content.decode()
    assert by_alice.post(f"/me/keys/{key.pk}/-/remove/").status_code == 404
    assert by_alice.get(f"/me/keys/{key.pk}/-/remove/").status_code == 404


def test_before_a_key_is_removed_it_is_asked_and_asking_removes_nothing(
    charlie: User, by_charlie: Client
) -> None:
    key = add_key(charlie, PLAIN, name="old laptop")
    assert f'href="/me/keys/{key.pk}/-/remove/"' in by_charlie.get("/me/keys/").content.decode()
    asked = by_charlie.get(f"/me/keys/{key.pk}/-/remove/").content.decode()
    assert "Remove key old laptop?" in asked
    assert f'method="post" action="/me/keys/{key.pk}/-/remove/"' in asked
    assert charlie.ssh_keys.get() == key
