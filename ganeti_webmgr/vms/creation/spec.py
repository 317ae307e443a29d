"""A blueprint in Ganeti's words: what is sent to make the machine."""

from __future__ import annotations

from typing import Any, Literal, cast

from ganeti_webmgr import rapi
from ganeti_webmgr.vms.creation.blueprint import Blueprint, Disk, Nic

CLUSTER_ALLOCATOR = "."  # whichever is the cluster's default
GROWN = {"plain", "drbd"}  # their disks lie in volume groups


def instance_spec(
    plan: Blueprint, *, name: str, tags: tuple[str, ...] = (), hidden: dict[str, dict[str, str]] | None = None
) -> rapi.InstanceSpec:
    """What Ganeti is asked for; `hidden` holds the private and secret parameters of its operating system."""
    hidden = hidden or {}
    return rapi.InstanceSpec(
        instance_name=name,
        os_type=plan.os or None,
        hypervisor=plan.hypervisor or None,
        disk_template=plan.disk_template or None,
        disks=tuple(map(_disk, plan.disks)),
        nics=tuple(map(_nic, plan.nics)),
        beparams={
            "vcpus": plan.vcpus,
            "minmem": plan.memory_min_mib,
            "maxmem": plan.memory_mib,
            **plan.beparams,
        },
        hvparams=plan.hvparams or None,
        osparams=plan.osparams or None,
        osparams_private=hidden.get("private") or None,
        osparams_secret=hidden.get("secret") or None,
        pnode=plan.primary_node or None,
        snode=plan.secondary_node or None,
        iallocator=None if plan.primary_node else plan.allocator or CLUSTER_ALLOCATOR,
        group_name=plan.group or None,
        file_driver=plan.file_driver or None,
        file_storage_dir=plan.file_storage_dir or None,
        start=plan.start and plan.install,
        no_install=None if plan.install else True,
        name_check=plan.name_check,
        ip_check=plan.ip_check,
        wait_for_sync=plan.wait_for_sync,
        ignore_ipolicy=plan.ignore_policy or None,
        tags=tags or None,
    )


def _disk(disk: Disk) -> rapi.DiskSpec:
    return rapi.DiskSpec(
        size_mib=None if disk.adopt else disk.size_mib,
        mode=cast("Literal['rw', 'ro']", disk.mode),
        name=disk.name or None,
        vg=disk.vg or None,
        metavg=disk.metavg or None,
        adopt=disk.adopt or None,
        provider=disk.provider or None,
        access=cast("Any", disk.access or None),
        provider_params=disk.params,
    )


def _nic(nic: Nic) -> rapi.NicSpec:
    texts = {name: value or None for name, value in vars(nic).items()}
    return rapi.NicSpec(**texts)


def command_line(plan: Blueprint, *, name: str, tags: tuple[str, ...] = ()) -> str:
    """The command line that does the same; what nobody may read stands in it as dots."""
    backend = {
        "minmem": plan.memory_min_mib,
        "maxmem": plan.memory_mib,
        "vcpus": plan.vcpus,
        **plan.beparams,
    }
    words = [
        f"-t {plan.disk_template}" if plan.disk_template else "",
        f"-o {plan.os}" if plan.os else "",
        _hypervisor(plan),
        f"-B {_pairs(backend)}",
        *(f"--disk {index}:{_pairs(_disk(disk).body())}" for index, disk in enumerate(plan.disks)),
        *(_net(index, nic) for index, nic in enumerate(plan.nics)),
        "" if plan.nics else "--no-nics",
        f"-O {_pairs(plan.osparams)}" if plan.osparams else "",
        *(f"--os-parameters-{shown} {key}=…" for key, shown in plan.hidden_osparams.items()),
        _placement(plan),
        f"-g {plan.group}" if plan.group else "",
        f"--tags {','.join(tags)}" if tags else "",
        "" if plan.start and plan.install else "--no-start",
        "" if plan.install else "--no-install",
        "" if plan.name_check else "--no-name-check",
        "" if plan.ip_check else "--no-ip-check",
        "" if plan.wait_for_sync else "--no-wait-for-sync",
        "--ignore-ipolicy" if plan.ignore_policy else "",
        f"--file-driver {plan.file_driver}" if plan.file_driver else "",
        f"--file-storage-dir {plan.file_storage_dir}" if plan.file_storage_dir else "",
        name,
    ]
    return " \\\n  ".join(["gnt-instance add", *filter(None, words)])


def _hypervisor(plan: Blueprint) -> str:
    if not plan.hypervisor:
        return ""
    return f"-H {plan.hypervisor}" + (f":{_pairs(plan.hvparams)}" if plan.hvparams else "")


def _net(index: int, nic: Nic) -> str:
    told = _pairs(_nic(nic).body())
    return f"--net {index}" + (f":{told}" if told else "")


def _placement(plan: Blueprint) -> str:
    if not plan.primary_node:
        return f"-I {plan.allocator or CLUSTER_ALLOCATOR}"
    return f"-n {plan.primary_node}" + (f":{plan.secondary_node}" if plan.secondary_node else "")


def _pairs(params: dict[str, Any]) -> str:
    return ",".join(f"{name}={_quoted(value)}" for name, value in params.items())


def _quoted(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    plain = text.replace(",", "\\,")
    return plain if plain.isprintable() and not set(plain) & set(" '\"$`;&|<>(){}*?") else repr(plain)
