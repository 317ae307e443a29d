"""Virtual machines, from Ganeti's words into ours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters import schedule
from ganeti_webmgr.clusters.mirror import mirror
from ganeti_webmgr.clusters.models import Cluster, Network
from ganeti_webmgr.live import publish
from ganeti_webmgr.nodes.models import Node
from ganeti_webmgr.vms.creation.arrival import welcome
from ganeti_webmgr.vms.finding import keep_texts
from ganeti_webmgr.vms.models import FormerName, VirtualMachine
from ganeti_webmgr.vms.pending import saw

FORMER_NAME_KEPT = timedelta(days=365)


def sync_states(cluster: Cluster, client: rapi.Client) -> None:
    """Brings every machine's state up to date, and the configuration of those that changed."""
    answer = client.query.instance_states()
    key = f"digest:machines:{cluster.pk}"
    if cache.get(key) == answer.digest:
        return
    states = {row.uuid: row for row in answer.parse()}
    serials = dict(VirtualMachine.objects.filter(cluster=cluster).values_list("uuid", "serial_no"))
    moved = [uuid for uuid, row in states.items() if serials.get(uuid) != row.serial_no]
    nodes = dict(Node.objects.filter(cluster=cluster).values_list("name", "pk"))
    _write(cluster, nodes, states=states, full=_configuration(client, moved))
    if all(row.pnode in nodes for row in states.values()):
        cache.set(key, answer.digest, None)
    else:
        schedule.hurry(cluster.pk, "nodes")


def sync_configuration(cluster: Cluster, client: rapi.Client) -> None:
    """Reads every machine whole, in case a change went by unseen."""
    rows = client.query.instances().parse()
    states = {row.uuid: row for row in client.query.instance_states().parse()}
    nodes = dict(Node.objects.filter(cluster=cluster).values_list("name", "pk"))
    _write(cluster, nodes, states=states, full={row.uuid: row for row in rows if row.uuid in states})


def _configuration(client: rapi.Client, uuids: Collection[str]) -> dict[str, rapi.InstanceRow]:
    return {row.uuid: row for row in client.query.instances(uuids).parse()} if uuids else {}


def _write(
    cluster: Cluster,
    nodes: dict[str, int],
    *,
    states: dict[str, rapi.InstanceState],
    full: dict[str, rapi.InstanceRow],
) -> None:
    machines = VirtualMachine.objects.filter(cluster=cluster)
    before = machines.filter(uuid__in=full).values_list("uuid", "name", "details__nics")
    names, nics = {uuid: name for uuid, name, _ in before}, {uuid: each for uuid, _, each in before}
    known = set(machines.values_list("uuid", flat=True)) | set(full)
    answer = {
        uuid: _state(row, nodes) | (_settings(full[uuid], nodes) if uuid in full else {})
        for uuid, row in states.items()
        if uuid in known  # one that came between the two answers is read whole in the next round
    }
    with transaction.atomic():
        changes = mirror(VirtualMachine.objects.all(), cluster=cluster, answer=answer, known=states)
        _remember_names(changes.changed, names)
        _take_in([*changes.created, *changes.changed])
        welcome(cluster, changes.created)
        publish(*(f"vm:{vm.pk}" for vm in changes.all))
        if changes.created or changes.missing:
            publish(f"cluster:{cluster.pk}")
        read = [vm for vm in (*changes.created, *changes.changed) if vm.uuid in full]
        keep_texts(read)
        places = [_places(vm.details["nics"]) ^ _places(nics.get(vm.uuid)) for vm in read]
        _tell_networks(cluster, [*places, *(_places(vm.details["nics"]) for vm in changes.missing)])


def _places(nics: list[dict[str, Any]] | None) -> set[tuple[str, str]]:
    """Where in networks a machine is: the network by its uuid, and the address."""
    return {(nic["network_uuid"], nic["ip"] or "") for nic in nics or () if nic["network_uuid"]}


def _tell_networks(cluster: Cluster, changed: list[set[tuple[str, str]]]) -> None:
    """The pages of networks show the machines in them, and Ganeti counts their addresses anew."""
    uuids = {uuid for places in changed for uuid, _ in places}
    if uuids:
        networks = Network.objects.filter(cluster=cluster, uuid__in=uuids).values_list("pk", flat=True)
        publish(*(f"network:{pk}" for pk in networks))
        schedule.hurry(cluster.pk, "cluster")


def _take_in(vms: list[VirtualMachine]) -> None:
    for vm in vms:
        saw(vm)
    VirtualMachine.objects.bulk_update(vms, ["started_with", "needs_restart"], batch_size=500)


def _remember_names(changed: list[VirtualMachine], before: dict[str, str]) -> None:
    until = timezone.now() + FORMER_NAME_KEPT
    FormerName.objects.bulk_create(
        FormerName(vm=vm, name=before[vm.uuid], until=until)
        for vm in changed
        if before.get(vm.uuid, vm.name) != vm.name
    )


def _state(row: rapi.InstanceState, nodes: dict[str, int]) -> dict[str, Any]:
    return {
        "name": row.name,
        "status": row.status,
        "admin_state": row.admin_state,
        "oper_state": row.oper_state,
        "memory_now_mib": row.oper_ram_mib,
        "vcpus_now": row.oper_vcpus,
        "primary_node_id": nodes.get(row.pnode),
    }


def _settings(row: rapi.InstanceRow, nodes: dict[str, int]) -> dict[str, Any]:
    return {
        "serial_no": row.serial_no,
        "secondary_node_id": nodes.get(row.snodes[0]) if row.snodes else None,
        "memory_mib": row.beparams["maxmem"],
        "memory_min_mib": row.beparams["minmem"],
        "vcpus": row.beparams["vcpus"],
        "disk_mib": sum(size or 0 for size in row.disk_sizes_mib or []),
        "disk_template": row.disk_template,
        "hypervisor": row.hypervisor,
        "os": row.os,
        "tag_lines": "".join(f"\n{tag}\n" for tag in sorted(row.tags)),
        "address_lines": "\n".join(filter(None, (part for nic in row.nics for part in (nic.ip, nic.mac)))),
        "details": _details(row),
    }


def _details(row: rapi.InstanceRow) -> dict[str, Any]:
    lists = {name for name in type(row).model_fields if name.startswith(("disk_", "nic_"))}
    return {
        **row.model_dump(mode="json", exclude=lists),
        "disks": [disk.model_dump(mode="json") for disk in row.disks],
        "nics": [nic.model_dump(mode="json") for nic in row.nics],
    }
