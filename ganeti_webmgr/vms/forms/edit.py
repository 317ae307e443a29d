"""Everything that can be set on a machine, in one form."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.ui.pairs import PairsField
from ganeti_webmgr.vms.commands.change import DEFAULT, Modify
from ganeti_webmgr.vms.commands.fitness import CONVERTIBLE
from ganeti_webmgr.vms.forms.devices import ExistingDisk, ExistingNic, NewDisk, NewNic
from ganeti_webmgr.vms.forms.lifecycle import OS
from ganeti_webmgr.vms.forms.parameters import BACKEND, MEMORY, ParametersForm
from ganeti_webmgr.vms.hypervisors import PARAMETERS
from ganeti_webmgr.vms.models import VirtualMachine

MOST_NICS, MOST_DISKS = 8, 16


class SystemForm(forms.Form):
    """Which system Ganeti believes is on the disks, and with which parameters it would be installed."""

    os = forms.CharField(
        label="System",
        max_length=200,
        help_text="Only what is written down: nothing is installed by changing it.",
    )
    osparams = PairsField(
        label="Parameters of the system",
        required=False,
        help_text="One in each line, as name=value. Used when it is installed the next time.",
    )
    hotplug = forms.BooleanField(
        label="Change interfaces and disks of the running machine at once",
        required=False,
        initial=True,
        help_text="Where this cannot be done, it waits for a restart and is shown as such.",
    )

    def __init__(self, data: Any, *, vm: VirtualMachine) -> None:
        own = vm.details.get("custom_osparams")
        self._own = dict(own if own is not None else vm.details.get("osparams") or {})
        super().__init__(data, initial={"os": vm.os, "osparams": self._own})
        if vm.hypervisor != "kvm" or not vm.oper_state:
            del self.fields["hotplug"]

    def clean_os(self) -> str:
        typed = str(self.cleaned_data["os"]).strip()
        if not OS.fullmatch(typed):
            raise forms.ValidationError("A system is written as its name, or as name+variant.")
        return typed

    def changed_osparams(self) -> dict[str, str]:
        wanted = self.cleaned_data["osparams"]
        gone = {name: DEFAULT for name in self._own if name not in wanted}
        return gone | {name: value for name, value in wanted.items() if str(self._own.get(name)) != value}


class EditForm:
    """The forms of a machine's settings page, as one."""

    def __init__(self, data: Any, *, vm: VirtualMachine, user: User) -> None:
        self.vm = vm
        self._may_go_over = policy.sees_all(user)
        may_all = policy.may(user, "admin", vm.cluster)
        info = vm.cluster.info
        of_cluster = info.get("hvparams", {}).get(vm.hypervisor, {})
        of_system = info.get("os_hvp", {}).get(vm.os, {}).get(vm.hypervisor, {})
        self.size = ParametersForm(
            data,
            kind="beparams",
            parameters=BACKEND,
            vm=vm,
            inherited=info.get("beparams", {}).get("default", {}),
            may_all=may_all,
        )
        self.hypervisor = ParametersForm(
            data,
            kind="hvparams",
            parameters=PARAMETERS.get(vm.hypervisor, ()),
            vm=vm,
            inherited={**of_cluster, **of_system},
            may_all=may_all,
        )
        self.system = SystemForm(data, vm=vm)
        self._make_devices(data, may_all=may_all)
        self.problem = ""

    def _make_devices(self, data: Any, *, may_all: bool) -> None:
        vm = self.vm
        known = vm.cluster.networks.filter(missing_since=None).order_by("sort_name", "pk")
        networks = list(known.values_list("name", flat=True))
        nics, disks = vm.details.get("nics") or [], vm.details.get("disks") or []
        old = partial(ExistingNic, data, networks=networks, may_all=may_all)
        new = partial(NewNic, data, nic={}, networks=networks, may_all=may_all, prefix="new-nic")
        self.nics = [(nic["uuid"], old(nic=nic, prefix=f"nic-{nic['uuid']}")) for nic in nics]
        self.new_nic = new() if len(nics) < MOST_NICS else None
        self.disks = [
            (
                disk["uuid"],
                ExistingDisk(data, prefix=f"disk-{disk['uuid']}", initial={"name": disk["name"] or ""}),
            )
            for disk in disks
        ]
        enabled = vm.cluster.info.get("enabled_disk_templates") or []
        self.new_disk = (
            NewDisk(
                data,
                template=vm.disk_template,
                templates=[name for name in enabled if name in CONVERTIBLE],
                prefix="new-disk",
            )
            if len(disks) < MOST_DISKS
            else None
        )

    @property
    def forms(self) -> list[forms.Form]:
        devices = [form for _, form in (*self.nics, *self.disks)]
        more = [form for form in (self.new_nic, self.new_disk) if form]
        return [self.size, self.hypervisor, self.system, *devices, *more]

    @property
    def is_bound(self) -> bool:
        return self.size.is_bound

    @property
    def error_count(self) -> int:
        return sum(len(told) for form in self.forms for told in form.errors.values()) + bool(self.problem)

    def is_valid(self) -> bool:
        """Whether everything fits; all forms are looked at, so that all have their errors."""
        fit = [form.is_valid() for form in self.forms]
        if not self.is_bound or not all(fit):
            return False
        self._check_memory()
        if self.error_count:
            return False
        wanted = self.command()
        if not wanted:
            self.problem = "Nothing was changed."
        elif self.vm.owner and not self._may_go_over:  # who may is asked when he has seen what changes
            self.problem = quota.lack(self.vm.owner, self.vm.cluster, wanted.demand(self.vm))
        return not self.problem

    def _check_memory(self) -> None:
        size = self.size
        after = {name: size.changes.get(name, size.now.get(name)) for name in MEMORY}
        least, most = after.get("minmem"), after.get("maxmem")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            size.add_error("minmem", "At least as much cannot be more than at most.")

    def command(self) -> Modify:
        """What is to be different."""
        system = self.system.cleaned_data
        nics, disks = self._nic_changes(), self._disk_changes()
        return Modify(
            beparams=self.size.changes,
            hvparams=self.hypervisor.changes,
            osparams=self.system.changed_osparams(),
            os=system["os"] if system["os"] != self.vm.os else "",
            nics=nics,
            disks=disks,
            hotplug=bool(system.get("hotplug") and (nics or disks)),
        )

    def _nic_changes(self) -> list[list[Any]]:
        found: list[list[Any]] = []
        for uuid, form in self.nics:
            if form.cleaned_data["remove"]:
                found.append(["remove", uuid, {}])
            elif params := form.params():
                found.append(["modify", uuid, params])
        if self.new_nic and self.new_nic.cleaned_data["add"]:
            found.append(["add", -1, self.new_nic.params()])
        return found

    def _disk_changes(self) -> list[list[Any]]:
        found: list[list[Any]] = []
        for uuid, form in self.disks:
            if form.cleaned_data["remove"]:
                found.append(["remove", uuid, {}])
            elif "name" in form.changed_data:
                found.append(["modify", uuid, {"name": form.cleaned_data["name"] or "none"}])
        if self.new_disk and (params := self.new_disk.params()):
            found.append(["add", -1, params])
        return found
