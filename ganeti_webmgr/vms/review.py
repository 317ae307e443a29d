"""Changes between their form and their confirmation: signed, so that what is confirmed is what was shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.commands.change import Modify
from ganeti_webmgr.vms.models import VirtualMachine

SALT = "ganeti_webmgr.vms.review"
GOOD_FOR_S = 3600


class Stale(Refusal):
    """What came back is not what was shown."""

    status = 409
    title = "Look at the changes again"


@dataclass(frozen=True)
class Reviewed:
    """What was shown, and whether the machine is still as it was then."""

    command: Modify
    is_current: bool


def sealed(command: Modify, vm: VirtualMachine, by: User) -> str:
    """The change as a word that nobody else can make, for this person and this state of the machine."""
    return signing.dumps(
        [by.pk, vm.uuid, vm.serial_no, command.params, command.sealed], salt=SALT, compress=True
    )


def opened(word: str, vm: VirtualMachine, by: User) -> Reviewed:
    """What the word says; Stale where it is not ours, not this person's, of another machine or too old."""
    try:
        who, uuid, serial_no, params, hidden = signing.loads(word, salt=SALT, max_age=GOOD_FOR_S)
    except signing.BadSignature:
        raise Stale("The review is too old, or was changed on its way. Nothing was sent.") from None
    if (who, uuid) != (by.pk, vm.uuid):
        raise Stale("The review is of another machine or another person. Nothing was sent.")
    return Reviewed(Modify(**params, sealed=hidden), is_current=serial_no == vm.serial_no)
