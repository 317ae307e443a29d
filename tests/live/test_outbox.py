from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from ganeti_webmgr.live import prune, publish
from ganeti_webmgr.live.models import Notice
from ganeti_webmgr.live.outbox import published
from ganeti_webmgr.live.topics import parse

pytestmark = pytest.mark.django_db(transaction=True)


def written() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("topic", flat=True))


def test_a_transaction_says_each_thing_once() -> None:
    with transaction.atomic():
        publish("vm:7", "cluster:3", "vm:7")
        publish("vm:7", "vm:8")
        with transaction.atomic():
            publish("vm:8", "vm:9")
    assert written() == ["cluster:3", "vm:7", "vm:8", "vm:9"]


def test_two_transactions_say_the_same_thing_twice() -> None:
    publish("vm:7")
    with transaction.atomic():
        publish("vm:7")
    assert written() == ["vm:7", "vm:7"]


def test_what_is_rolled_back_was_never_said() -> None:
    with transaction.atomic():
        publish("vm:7")
        transaction.set_rollback(True)
    assert written() == []


def test_what_a_savepoint_took_back_can_be_said_again() -> None:
    with transaction.atomic():
        with transaction.atomic():
            publish("vm:7")
            transaction.set_rollback(True)
        publish("vm:7")
    assert written() == ["vm:7"]


def test_many_topics_cost_one_query(django_assert_num_queries: object) -> None:
    with transaction.atomic(), django_assert_num_queries(1):  # type: ignore[operator]
        publish(*(f"vm:{pk}" for pk in range(200)))


@pytest.mark.parametrize("topic", ["vm:*", "vm", "vm:seven", "vm:-1", "VM:7", "", "vm:7 vm:8"])
def test_only_names_of_single_things_are_published(topic: str) -> None:
    with pytest.raises(ValueError, match=r"topic|published"):
        publish(topic)


def test_who_comes_back_hears_what_was_published_after_the_last_he_heard() -> None:
    publish("vm:7")
    last = Notice.objects.get().pk
    publish("vm:8", "node:1")
    asked = [parse("vm:7"), parse("vm:8")]
    assert published(asked, since=timezone.now(), after=last) == {"vm:8"}
    assert published([parse("vm:*")], since=timezone.now(), after=last) == {"vm:8"}


def test_what_was_pruned_is_known_to_be_unknown() -> None:
    publish("vm:7")
    last = Notice.objects.get().pk
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    publish("vm:8")
    assert prune() == 1
    assert written() == ["vm:8"]
    assert published([parse("vm:8")], since=timezone.now(), after=last) is None
    assert published([parse("vm:8")], since=timezone.now() - timedelta(minutes=11), after=None) is None
