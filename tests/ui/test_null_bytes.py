from __future__ import annotations

import pytest
from django.test import Client

from ganeti_webmgr.vms.models import VirtualMachine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/vms/?q=%00", "/vms/?cluster=a%00", "/vms/sim1/web%00/", "/people/?q=%00"]
)
def test_an_address_with_a_null_byte_is_no_address(by_alice: Client, address: str) -> None:
    answer = by_alice.get(address)
    assert answer.status_code == 400
    assert "Traceback" not in answer.content.decode()


def test_a_form_with_a_null_byte_changes_nothing(by_alice: Client, running: VirtualMachine) -> None:
    answer = by_alice.post(f"{running.get_absolute_url()}-/notes/", {"notes": "so\0so"})
    assert answer.status_code == 400
    running.refresh_from_db()
    assert running.notes == ""
