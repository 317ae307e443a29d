"""Every setting of a cluster that its remote API can change, with the value that it has now."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ganeti_webmgr.ui.wording import spelled
from ganeti_webmgr.vms.forms.parameters import BACKEND, MEMORY
from ganeti_webmgr.vms.hypervisors import PARAMETERS, Parameter

Path = tuple[str, ...]
Info = Mapping[str, Any]

QUEUE, PLACING, STORAGE = "Job queue", "Nodes and placement", "Storage"
GUESTS, NICS, NODES, POLICY, SYSTEMS = (
    "Machines",
    "Network cards of machines",
    "Parameters of nodes",
    "Policy: what machines may be like",
    "Operating systems",
)
TEMPLATES = (
    "plain", "drbd", "file", "sharedfile", "gluster", "rbd", "ext", "blockdev", "diskless",
)  # fmt: skip
LIMITS = {
    "memory-size": "memory, MiB",
    "cpu-count": "vCPUs",
    "disk-count": "disks",
    "disk-size": "size of a disk, MiB",
    "nic-count": "network cards",
    "spindle-use": "spindles",
}
ENDS = {"min": "At least", "max": "At most", "std": "Usually"}


@dataclass(frozen=True)
class Ratio(Parameter):
    """A number with a fraction."""

    def read(self, typed: str) -> Any:
        try:
            number = float(typed.strip().replace(",", "."))
        except ValueError:
            raise ValueError("Enter a number.") from None
        if not math.isfinite(number) or number <= 0:
            raise ValueError("Enter a number above 0.")
        return number


@dataclass(frozen=True)
class Choices(Parameter):
    """A list. With `choices` one of its words each, else whatever is written with commas between."""

    def read(self, typed: str) -> Any:
        named = list(dict.fromkeys(word for word in typed.replace(",", " ").split()))
        unknown = [word for word in named if self.choices and word not in self.choices]
        if unknown:
            raise ValueError(f"There is no “{unknown[0][:60]}” here. Known are: {', '.join(self.choices)}.")
        if self.needed and not named:
            raise ValueError("Choose at least one.")
        return named


@dataclass(frozen=True)
class Setting:
    """One setting: where it stands in what is sent, what may be written there, and what it is now."""

    path: Path
    parameter: Parameter
    now: Any

    @property
    def key(self) -> str:
        """Its name in a form."""
        return "/".join(self.path)

    @property
    def title(self) -> str:
        return self.parameter.title or self.parameter.name

    @property
    def section(self) -> str:
        return self.parameter.section


def _number(name: str, section: str, title: str, about: str = "", least: int = 1) -> Parameter:
    return Parameter(name, "int", 0, (), section, about, title, minimum=least)


def _switch(name: str, section: str, title: str, about: str = "") -> Parameter:
    return Parameter(name, "bool", False, (), section, about, title)


def _text(name: str, section: str, title: str, about: str = "") -> Parameter:
    return Parameter(name, "text", "", (), section, about, title)


PLAIN = (
    _number("max_running_jobs", QUEUE, "Jobs that run at once"),
    _number("max_tracked_jobs", QUEUE, "Jobs that are followed at once"),
    _text("default_iallocator", PLACING, "Placement by", "Empty: machines need their nodes named."),
    _number("candidate_pool_size", PLACING, "Master candidates", "How many nodes keep the configuration."),
    _switch("maintain_node_health", PLACING, "Keep nodes healthy by itself"),
    _text("master_netdev", PLACING, "Device of the master's address"),
    _number("master_netmask", PLACING, "Netmask of the master's address", least=0),
    _switch("use_external_mip_script", PLACING, "Own script for the master's address"),
    _text("vg_name", STORAGE, "Volume group", "Empty: no disks in LVM."),
    _text("drbd_helper", STORAGE, "DRBD helper", "Empty: no DRBD."),
    _text("file_storage_dir", STORAGE, "Directory of disks in files"),
    _text("shared_file_storage_dir", STORAGE, "Directory of disks in shared files"),
    _text("gluster_storage_dir", STORAGE, "Directory of Gluster volumes"),
    _switch("prealloc_wipe_disks", STORAGE, "Wipe new disks", "Slow; what was on them before is gone."),
    _text("zeroing_image", STORAGE, "Image that writes zeros"),
    _text("install_image", STORAGE, "Image for installations"),
    _switch("enabled_user_shutdown", GUESTS, "Machines may be shut down from inside"),
    _text("mac_prefix", NICS, "MAC addresses begin with", "Three bytes: aa:00:00"),
    _text("instance_communication_network", NICS, "Network to talk to machines"),
)
IN_INFO = {"vg_name": "volume_group_name", "drbd_helper": "drbd_usermode_helper"}


def settings(info: Info) -> list[Setting]:
    """What the cluster's version has of them all, section by section."""
    found = [
        *_lists(info),
        *_plain(info),
        *_parameters(("beparams",), info["beparams"].get("default", {}), GUESTS, BACKEND),
        *_parameters(("nicparams",), info["nicparams"].get("default", {}), NICS),
        *_parameters(("ndparams",), info["ndparams"], NODES),
        *_policy(info["ipolicy"]),
    ]
    for template in info["enabled_disk_templates"]:
        of_template = info["diskparams"].get(template) or {}
        found += _parameters(("diskparams", template), of_template, f"Disks: {spelled(template)}")
    for hypervisor in info["enabled_hypervisors"]:
        of_hypervisor = info["hvparams"].get(hypervisor) or {}
        section = f"Hypervisor: {spelled(hypervisor)}"
        known = PARAMETERS.get(hypervisor, ())
        found += _parameters(("hvparams", hypervisor), of_hypervisor, section, known)
    order = list(dict.fromkeys(setting.section for setting in found))
    return sorted(found, key=lambda setting: order.index(setting.section))


def _lists(info: Info) -> Iterator[Setting]:
    hypervisors = Choices(
        "enabled_hypervisors", "text", "", tuple(sorted({*PARAMETERS, *info["enabled_hypervisors"]})),
        GUESTS, "With spaces or commas. The first is that of new machines.", "Hypervisors", needed=True,
    )  # fmt: skip
    templates = Choices(
        "enabled_disk_templates", "text", "", TEMPLATES,
        STORAGE, "With spaces or commas. The first is that of new machines.", "Kinds of disks", needed=True,
    )  # fmt: skip
    volumes = Choices(
        "reserved_lvs", "text", "", (), STORAGE, "Regular expressions, with spaces.", "Volumes of others"
    )
    yield Setting(("enabled_hypervisors",), hypervisors, list(info["enabled_hypervisors"]))
    yield Setting(("enabled_disk_templates",), templates, list(info["enabled_disk_templates"]))
    yield Setting(("reserved_lvs",), volumes, list(info.get("reserved_lvs") or ()))
    for name, title, about in (
        ("hidden_os", "Hidden systems", "Not offered; those that name them may still use them."),
        ("blacklisted_os", "Forbidden systems", "Nothing new is installed with them."),
    ):
        yield Setting(
            (name,), Choices(name, "text", "", (), SYSTEMS, about, title), list(info.get(name) or ())
        )


def _plain(info: Info) -> Iterator[Setting]:
    for parameter in PLAIN:
        now = info.get(IN_INFO.get(parameter.name, parameter.name))
        if now is not None or parameter.kind == "text":
            yield Setting((parameter.name,), parameter, "" if now is None else now)


def _parameters(
    path: Path, values: Mapping[str, Any], section: str, known: tuple[Parameter, ...] = ()
) -> Iterator[Setting]:
    """Those that we know in our order and words, then the rest of what the cluster has by its own names."""
    by_name = {parameter.name: parameter for parameter in known}
    for name in [*(name for name in by_name if name in values), *sorted(values.keys() - by_name.keys())]:
        parameter = by_name.get(name) or _of_value(name, values[name])
        title = parameter.title or parameter.name.replace("_", " ").replace("-", " ")
        title = f"{title}, MiB" if name in MEMORY else title
        yield Setting((*path, name), _placed(parameter, section, title), values[name])


def _placed(parameter: Parameter, section: str, title: str) -> Parameter:
    return type(parameter)(**{**vars(parameter), "section": section, "title": title})


def _of_value(name: str, value: Any) -> Parameter:
    if isinstance(value, bool):
        return Parameter(name, "bool", False)
    if isinstance(value, int):
        return Parameter(name, "int", 0)
    return Ratio(name, "text", "") if isinstance(value, float) else Parameter(name, "text", "")


def _policy(policy: Info) -> Iterator[Setting]:
    """Bounds can be changed here where there is one pair of them, as there mostly is."""
    bounds = policy.get("minmax") or [{}]
    parts = {**(bounds[0] if len(bounds) == 1 else {}), "std": policy.get("std") or {}}
    for limit, title in LIMITS.items():
        for end, words in ENDS.items():
            if limit in (parts.get(end) or {}):
                parameter = _number(limit, POLICY, f"{words}: {title}", least=0)
                path = ("ipolicy", end, limit)
                yield Setting(path, parameter, parts[end][limit])
    allowed = policy.get("disk-templates")
    if allowed is not None:
        parameter = Choices(
            "disk-templates", "text", "", TEMPLATES, POLICY, "", "Kinds of disks", needed=True
        )
        yield Setting(("ipolicy", "disk-templates"), parameter, list(allowed))
    for name, title in (
        ("vcpu-ratio", "vCPUs for each core, at most"),
        ("spindle-ratio", "Spindles used for each there is, at most"),
        ("memory-ratio", "Memory given for each MiB there is, at most"),
    ):
        if policy.get(name) is not None:
            yield Setting(("ipolicy", name), Ratio(name, "text", "", (), POLICY, "", title), policy[name])
