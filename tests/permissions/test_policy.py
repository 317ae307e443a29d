from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.live import topics
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


def test_an_administrator_may_everything_and_others_nothing_yet(
    alice: User, charlie: User, stopped: VirtualMachine
) -> None:
    machines = VirtualMachine.objects.all()
    assert set(policy.permitted(alice, "power", machines)) == set(machines)
    for nobody in (charlie, AnonymousUser()):
        assert not policy.permitted(nobody, "view", machines).exists()
        assert not policy.may(nobody, "view", stopped)
        with pytest.raises(policy.Denied, match="You may not power"):
            policy.require(nobody, "power", stopped)


def test_an_administrator_who_is_switched_off_may_nothing(alice: User, stopped: VirtualMachine) -> None:
    alice.is_active = False
    assert not policy.may(alice, "view", stopped)


def test_topics_are_heard_by_those_who_may_see_their_object(
    alice: User, charlie: User, stopped: VirtualMachine
) -> None:
    asked = {topics.parse(f"vm:{stopped.pk}")}
    assert topics.visible_to(alice, asked) == asked
    assert topics.visible_to(charlie, asked) == set()
