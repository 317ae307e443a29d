"""Templates: made, changed, copied and deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.tagging import OURS
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.ui.refusal import Refusal
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic
from ganeti_webmgr.vms.creation.services import made
from ganeti_webmgr.vms.models import MachineTemplate, VirtualMachine


class NobodysTemplate(Refusal):
    """A template is of a project, or published on a cluster."""

    status = 409
    title = "Whose is it?"


@transaction.atomic
def save_template(
    *,
    by: User,
    name: str,
    plan: Blueprint,
    owner: Project | None,
    cluster: Cluster | None,
    description: str = "",
) -> MachineTemplate:
    """A new template: of the project, or without one published on the cluster; Denied where one may not."""
    owner = made(owner) if owner else None
    _require_place(by, owner, cluster)
    template = MachineTemplate.objects.create(
        name=name,
        description=description,
        owner=owner,
        cluster=cluster,
        blueprint=reusable(plan).as_data(),
        made_by=by,
    )
    record(
        "template.made", template, by=by, after={"name": name, "cluster": str(cluster) if cluster else "any"}
    )
    return template


@transaction.atomic
def change_template(template: MachineTemplate, *, by: User, **changes: Any) -> None:
    """Name, description, place or blueprint of the template; Denied where one may not, here or there."""
    policy.require(by, "edit", template)
    if "plan" in changes:
        changes["blueprint"] = reusable(changes.pop("plan")).as_data()
    before = {name: getattr(template, name) for name in changes if getattr(template, name) != changes[name]}
    if not before:
        return
    for name in before:
        setattr(template, name, changes[name])
    if before.keys() & {"owner", "cluster"}:
        _require_place(by, template.owner, template.cluster)
    template.save()
    told = {name: (value if name == "blueprint" else str(value)) for name, value in before.items()}
    after = {name: (changes[name] if name == "blueprint" else str(changes[name])) for name in before}
    record("template.changed", template, by=by, before=told, after=after)


@transaction.atomic
def delete_template(template: MachineTemplate, *, by: User) -> None:
    """Deletes it; machines that were made from it stay."""
    policy.require(by, "edit", template)
    record("template.removed", template, by=by, before={"name": template.name})
    template.delete()


def reusable(plan: Blueprint) -> Blueprint:
    """The blueprint without what only one machine can have, and without what nobody may read."""
    disks = tuple(replace(disk, adopt="") for disk in plan.disks)
    nics = tuple(replace(nic, mac="", ip="pool" if nic.network else "") for nic in plan.nics)
    return replace(plan, disks=disks, nics=nics, hidden_osparams={})


def of_machine(vm: VirtualMachine) -> Blueprint:
    """A machine as a blueprint for others like it."""
    row = vm.details
    backend = {
        name: value
        for name, value in (row.get("custom_beparams") or {}).items()
        if name in {"auto_balance", "always_failover"}
    }
    return reusable(
        Blueprint(
            os=vm.os,
            hypervisor=vm.hypervisor,
            vcpus=vm.vcpus,
            memory_mib=vm.memory_mib,
            memory_min_mib=vm.memory_min_mib,
            disk_template=vm.disk_template,
            disks=tuple(
                Disk(size_mib=disk.get("size_mib") or 0, name=disk.get("name") or "")
                for disk in row.get("disks", [])
            ),
            nics=tuple(map(_nic, row.get("nics", []))),
            hvparams=dict(row.get("custom_hvparams") or {}),
            beparams=backend,
            osparams={name: str(value) for name, value in (row.get("custom_osparams") or {}).items()},
            tags=tuple(tag for tag in vm.tags if not tag.startswith(OURS)),
        )
    )


def _nic(row: dict[str, Any]) -> Nic:
    """Only what was said of the interface: what it has from its cluster, another will have from there."""
    if row.get("network"):
        return Nic(network=row["network"], name=row.get("name") or "")
    own = row.get("params") or {}
    return Nic(
        mode=own.get("mode") or "",
        link=own.get("link") or "",
        vlan=own.get("vlan") or "",
        name=row.get("name") or "",
    )


def _require_place(by: User, owner: Project | None, cluster: Cluster | None) -> None:
    if owner is not None:
        policy.require(by, "view", owner)
    elif cluster is not None:
        policy.require(by, "admin", cluster)
    else:
        raise NobodysTemplate("Choose a project, or a cluster on which it is published.")
