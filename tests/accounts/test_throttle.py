"""Guessing is slowed down, whatever becomes of Redis."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts import throttle
from ganeti_webmgr.accounts.models import Attempt, User
from ganeti_webmgr.accounts.tasks import forget_attempts

pytestmark = pytest.mark.django_db

RIGHT = {"login": "alice", "password": "alices-password"}
WRONG = {"login": "alice", "password": "wrong"}


@pytest.fixture
def no_redis(settings: Any, tmp_path: Any) -> None:
    """A site whose Redis is gone."""
    gone = {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path}/nobody-listens.sock"}
    settings.CACHES = {**settings.CACHES, "default": gone}
    cache.set("a", "b")
    assert cache.get("a") is None


@pytest.mark.usefixtures("no_redis")
def test_without_redis_guessing_is_slowed_down_all_the_same(alice: User) -> None:
    for number in range(5):
        answer = Client(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", WRONG)
        assert "not correct" in answer.content.decode()
    answer = Client(REMOTE_ADDR="198.51.100.7").post("/sign-in/", {**RIGHT, "login": "ALICE"})
    assert "even the right password is refused" in answer.content.decode()


@pytest.mark.usefixtures("no_redis")
def test_without_redis_an_address_that_guesses_names_is_slowed_down_too(alice: User) -> None:
    browser = Client(REMOTE_ADDR="2001:db8::1")
    for number in range(20):
        browser.post("/sign-in/", {"login": f"guess {number}", "password": "wrong"})
    neighbour = Client(REMOTE_ADDR="2001:db8::ffff").post("/sign-in/", RIGHT)
    assert "even the right password is refused" in neighbour.content.decode()
    assert Client(REMOTE_ADDR="2001:db8:0:1::1").post("/sign-in/", RIGHT).status_code == 302


@pytest.mark.usefixtures("no_redis")
def test_without_redis_nobody_is_sent_link_after_link(settings: Any) -> None:
    settings.CAN_SEND_MAIL = True
    asked = [Client().post("/password/reset/", {"email": "A@example.org"}).status_code for _ in range(3)]
    assert 429 not in asked
    answer = Client().post("/password/reset/", {"email": "a@example.org"})
    assert answer.status_code == 429
    assert "try again in an hour" in answer.content.decode()


def test_who_types_the_right_password_may_sign_in_as_often_as_he_likes(alice: User) -> None:
    for _ in range(12):
        assert Client().post("/sign-in/", RIGHT).status_code == 302
    assert Attempt.objects.count() == 12  # that many from one address, and none of a wrong password


def test_who_signs_in_and_out_like_a_machine_is_stopped(alice: User) -> None:
    for _ in range(60):
        throttle.attempt("sign-in", address="127.0.0.1")
    answer = Client().post("/sign-in/", RIGHT)
    assert answer.status_code == 429
    assert "Wait a minute" in answer.content.decode()
    assert Client().get("/sign-in/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.8").post("/sign-in/", RIGHT).status_code == 302


def test_when_the_time_is_over_the_right_password_works_again_and_refusals_did_not_prolong_it(
    alice: User,
) -> None:
    for _ in range(5):
        Client().post("/sign-in/", WRONG)
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=4))
    for _ in range(3):
        assert Client().post("/sign-in/", RIGHT).status_code == 200
    Attempt.objects.filter(at__lt=timezone.now() - timedelta(minutes=3)).update(
        at=timezone.now() - timedelta(minutes=5, seconds=1)
    )
    assert Client().post("/sign-in/", RIGHT).status_code == 302


def test_what_was_typed_is_not_kept_and_what_does_not_count_any_more_is_forgotten(alice: User) -> None:
    Client().post("/sign-in/", {"login": "my-secret-typed-as-a-name", "password": "wrong"})
    assert "secret" not in str(list(Attempt.objects.values()))
    forget_attempts()
    assert Attempt.objects.exists()
    Attempt.objects.update(at=timezone.now() - throttle.COUNTS_FOR)
    forget_attempts()
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_get_through_than_may() -> None:
    through: list[bool] = []
    start = threading.Barrier(12)

    def guess(number: int) -> None:
        start.wait()
        address = f"192.0.2.{number}"
        through.append(throttle.attempt("wrong password", address=address, key="alice") is not None)
        connection.close()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == 12
    assert sum(through) <= 5
