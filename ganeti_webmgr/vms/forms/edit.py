"""Everything that can be set on a machine, in one form."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.forms import Form

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions import policy, quota
from ganeti_webmgr.vms import hidden
from ganeti_webmgr.vms.commands.change import Modify
from ganeti_webmgr.vms.commands.fitness import CONVERTIBLE
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.creation.ground import Ground
from ganeti_webmgr.vms.creation.limits import problems
from ganeti_webmgr.vms.forms.devices import AttachedDisk, ExistingDisk, ExistingNic, NewDisk, NewNic
from ganeti_webmgr.vms.forms.live import LiveForm, MannerForm
from ganeti_webmgr.vms.forms.parameters import BACKEND, ParametersForm
from ganeti_webmgr.vms.forms.system import PrivateForm, SystemForm
from ganeti_webmgr.vms.hypervisors import PARAMETERS
from ganeti_webmgr.vms.images.parameters import PRIVATE, parameters_of
from ganeti_webmgr.vms.models import VirtualMachine

MOST_NICS, MOST_DISKS = 8, 16
# What rules are about, and the parameter that says it.
SIZES = {"memory_mib": "maxmem", "memory_min_mib": "minmem", "vcpus": "vcpus"}
NOTHING = "Nothing was changed."


class EditForm:
    """The forms of a machine's settings page, as one."""

    def __init__(self, data: Any, *, vm: VirtualMachine, user: User) -> None:
        self.vm, self._user, self._data = vm, user, data
        self._ground = Ground(vm.cluster)
        node = vm.primary_node
        self._group = node.group.name if node and node.group else ""
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
        self.live = LiveForm(data, vm=vm)
        self.system = SystemForm(data, vm=vm)
        installed = vm.cluster.systems.filter(name=vm.os).first()
        self.private = PrivateForm(
            data,
            described=[each for each in parameters_of(installed) if each.visibility == PRIVATE],
            kept=hidden.kept(data.get("sealed", ""), user)[PRIVATE] if data else {},
        )
        self.manner = MannerForm(data, vm=vm, may_all=may_all)
        self._make_devices(data, may_all=may_all)
        self.problem = ""

    def _make_devices(self, data: Any, *, may_all: bool) -> None:
        vm = self.vm
        nics, disks = vm.details.get("nics") or [], vm.details.get("disks") or []
        where: dict[str, Any] = {"networks": self._ground.networks, "group": self._group, "may_all": may_all}
        old, new = partial(ExistingNic, data, **where), partial(NewNic, data, **where)
        self.nics = [(nic["uuid"], old(nic=nic, prefix=f"nic-{nic['uuid']}")) for nic in nics]
        self.new_nic = new(nic={}, prefix="new-nic") if len(nics) < MOST_NICS else None
        self.disks = [
            (
                disk["uuid"],
                ExistingDisk(
                    data,
                    may_detach=may_all,
                    prefix=f"disk-{disk['uuid']}",
                    initial={"name": disk["name"] or ""},
                ),
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
        self.attached = AttachedDisk(data, prefix="attach") if may_all and self.new_disk else None

    @property
    def forms(self) -> list[Form]:
        devices = [form for _, form in (*self.nics, *self.disks)]
        more = [form for form in (self.new_nic, self.new_disk, self.attached) if form]
        first = [self.size, self.live, self.hypervisor, self.system, self.private]
        return [*first, *devices, *more, self.manner]

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
        self._check_policy()
        if twice := self.system.changed_osparams().keys() & self.private.values().keys():
            self.private.add_error("name", f"{min(twice)} stands among those that everybody sees.")
        if self.error_count:
            return False
        wanted = self.command()
        if not wanted:
            self.problem = NOTHING
        elif self.vm.owner and not self._may_go_over:  # who may is asked when he has seen what changes
            self.problem = quota.lack(self.vm.owner, self.vm.cluster, wanted.demand(self.vm))
        return not self.problem

    def _check_memory(self) -> None:
        least, most = self.size.after("minmem"), self.size.after("maxmem")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            self.size.add_error("minmem", "At least as much cannot be more than at most.")
        else:
            self.live.check(least, most)

    def _check_policy(self) -> None:
        """Says at its field what the rules of the machine's group would have Ganeti refuse."""
        if self.manner.cleaned_data.get("ignore_policy") or not self._group:
            return
        for name, told in problems(self._afterwards(), self._ground.policies(self._group)).items():
            form, field = self._place_of(name)
            if form and field in form.fields:
                form.add_error(field, told)
            else:
                self.problem = told

    def _place_of(self, name: str) -> tuple[Form | None, str]:
        if name in SIZES:
            return self.size, SIZES[name]
        is_new = name == f"disk-{len(self._disks_afterwards()) - 1}-size_mib"
        return (
            (self.new_disk, "size_mib") if is_new and self.new_disk and self.new_disk.params() else (None, "")
        )

    def _afterwards(self) -> Blueprint:
        """The machine as far as rules look at it."""
        after = {name: self.size.after(of) for name, of in SIZES.items()}
        known: dict[str, Any] = {name: value for name, value in after.items() if isinstance(value, int)}
        changes = [action for action, _, _ in self._nic_changes()]
        nics = len(self.nics) + changes.count("add") - changes.count("remove")
        disks = [Disk(size_mib=size) for size in self._disks_afterwards()]
        return Blueprint(**known, disks=tuple(disks), nics=(Nic(),) * nics)

    def _disks_afterwards(self) -> list[int]:
        gone = {uuid for action, uuid, _ in self._disk_changes() if action in ("remove", "detach")}
        rows = self.vm.details.get("disks") or []
        sizes = [row["size_mib"] for row in rows if row["uuid"] not in gone]
        more = self.new_disk.params() if self.new_disk else {}
        return [*sizes, more["size_mib"]] if more else sizes

    def command(self) -> Modify:
        """What is to be different."""
        system, manner = self.system.cleaned_data, self.manner.cleaned_data
        nics, disks, private = self._nic_changes(), self._disk_changes(), self.private.values()
        return Modify(
            beparams=self.size.changes,
            hvparams=self.hypervisor.changes,
            osparams=self.system.changed_osparams(),
            private_osparams=sorted(private),
            sealed=hidden.sealed({PRIVATE: private}),
            os=system["os"] if system["os"] != self.vm.os else "",
            nics=nics,
            disks=disks,
            memory_now_mib=self.live.wanted(),
            hotplug=bool(manner.get("hotplug") and (nics or disks)),
            ignore_policy=bool(manner.get("ignore_policy")),
        )

    @property
    def carried(self) -> str:
        """What was typed that must not come back in the page, for the next time."""
        return hidden.carried({PRIVATE: self.private.values()}, self._user)

    def typed(self) -> str:
        """What was typed, for coming back to it; of what nobody may read only what is carried."""
        found = self._data.copy()
        # Also of parameters that the form had when it was opened, and has not any more.
        secret = [name for name in found if name.startswith("private-") and name != "private-name"]
        for name in (*secret, "csrfmiddlewaretoken", "back", "revert"):
            found.pop(name, None)
        found["sealed"] = self.carried
        return str(found.urlencode())

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
            elif form.cleaned_data.get("detach"):
                found.append(["detach", uuid, {}])
            elif "name" in form.changed_data:
                found.append(["modify", uuid, {"name": form.cleaned_data["name"] or "none"}])
        if self.new_disk and (params := self.new_disk.params()):
            found.append(["add", -1, params])
        if self.attached and (params := self.attached.params()):
            found.append(["attach", -1, params])
        return found
