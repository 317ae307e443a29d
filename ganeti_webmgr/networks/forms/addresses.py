"""Which addresses are reserved and released."""

from __future__ import annotations

from typing import Any

from django import forms

from ganeti_webmgr.networks.commands import ReleaseAddresses, ReserveAddresses
from ganeti_webmgr.networks.forms.network import NetworkForm
from ganeti_webmgr.networks.forms.typed import AddressesField


class AddressesForm(NetworkForm):
    """One or many addresses of the network."""

    tells_at = "addresses"

    addresses = AddressesField(label="Addresses")

    def line(self) -> str:
        """Only where the page was opened for certain addresses."""
        try:
            chosen: Any = self.fields["addresses"].clean(self.initial.get("addresses", ""))
        except forms.ValidationError:
            return ""
        command: ReserveAddresses | ReleaseAddresses = self._made_of({"addresses": chosen})
        return command.line(str(self.on))


class ReserveForm(AddressesForm):
    command_class = ReserveAddresses
    verb = "reserve"
    note = "No machine is given them. A machine that has one now keeps it."


class ReleaseForm(AddressesForm):
    command_class = ReleaseAddresses
    verb = "release"
    note = "They may be given to the next machine that asks for one."
