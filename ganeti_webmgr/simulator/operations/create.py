"""Creating machines."""

from __future__ import annotations

import re
from typing import Any

from ..errors import OperationFailed, failed, prereq
from ..jobs.locks import EXCLUSIVE, SHARED, Wanted
from ..jobs.operation import Operation, Steps, opcode
from ..model.capacity import Need, NoRoom, allocate, free_disk, free_memory
from ..model.instance import Instance, Running
from ..model.node import Node
from .disks import MAX_DISKS, build_disk
from .naming import checked_name
from .nics import MAX_NICS, build_nic, reserve
from .operating_systems import require_os
from .parameters import beparams, hvparams, override
from .policy import require_fit

BROKEN_VARIANT = "broken"


@opcode("OP_INSTANCE_CREATE")
class Create(Operation):
    """With `forthcoming` only a reservation; with `commit` a reservation becomes real."""

    def prepare(self) -> None:
        self.target_name = checked_name(self, self.input["instance_name"])
        self.input["instance_name"] = self.target_name
        if self.get("opportunistic_locking") and not self.get("iallocator"):
            raise prereq(
                "Opportunistic locking is only available in combination with an instance allocator",
                "wrong_input",
            )
        if self.get("pnode") and self.get("iallocator"):
            raise prereq("Do not specify both, iallocator and node", "wrong_input")
        if self.get("pnode"):
            self.input["pnode"] = self.node(self.input["pnode"]).name

    def locks(self) -> Wanted:
        wanted = {"cluster/BGL": SHARED, f"instance/{self.target_name}": EXCLUSIVE}
        if self.get("pnode"):
            wanted[f"node/{self.node(self.input['pnode']).uuid}"] = SHARED
        return wanted

    def check(self) -> None:
        existing = self.config.instances.get(self.target_name)
        if existing is not None and not (self.get("commit") and existing.forthcoming):
            raise prereq(f"Instance '{self.target_name}' is already in the cluster", "already_exists")
        if existing is None and self.get("commit"):
            raise prereq(f"Instance {self.target_name} unknown", "unknown_entity")
        self._require_kind()
        self.candidate = self._candidate()
        self._choose_nodes()
        self._require_capacity()
        self.dry_run_result = [self.node(name).uuid for name in self.candidate.nodes]

    def _require_kind(self) -> None:
        params = self.config.params
        self.template = self.get("disk_template") or params["enabled_disk_templates"][0]
        if self.template not in params["enabled_disk_templates"]:
            enabled = ",".join(params["enabled_disk_templates"])
            raise OperationFailed(
                "OpPrereqError",
                f"Disk template '{self.template}' is not enabled in cluster. "
                f"Enabled disk templates are: {enabled}",
            )
        self.hypervisor = self.get("hypervisor") or params["enabled_hypervisors"][0]
        if self.hypervisor not in params["enabled_hypervisors"]:
            enabled = ",".join(params["enabled_hypervisors"])
            raise prereq(
                f"Selected hypervisor ({self.hypervisor}) not enabled in the cluster ({enabled})",
                "wrong_state",
            )
        self.input["hypervisor"], self.input["disk_template"] = self.hypervisor, self.template
        if not self.get("os_type") and self.input["mode"] == "create":
            raise prereq("No guest OS or OS image specified", "wrong_input")
        if len(self.input["disks"]) > MAX_DISKS or len(self.input["nics"]) > MAX_NICS:
            raise prereq("Too many disks or NICs", "wrong_input")

    def _candidate(self) -> Instance:
        config, now = self.config, self.cluster.now()
        return Instance(
            name=self.target_name,
            uuid=config.new_uuid(),
            os=self.get("os_type", "noop"),
            hypervisor=self.hypervisor,
            pnode=self.get("pnode") or "",
            template=self.template,
            disks=[build_disk(config, given, template=self.template) for given in self.input["disks"]],
            hvparams=override({}, hvparams(config, self.hypervisor, self.input["hvparams"])),
            beparams=override({}, beparams(config, self.input["beparams"])),
            osparams=dict(self.input["osparams"]),
            osparams_private=dict(self.get("osparams_private", {})),
            tags=sorted(set(self.input["tags"])),
            forthcoming=bool(self.get("forthcoming")),
            ctime=now,
            mtime=now,
        )

    def _choose_nodes(self) -> None:
        pnode = self.get("pnode")
        if pnode is None:
            self._allocate()
        else:
            self._require_usable(self.node(pnode))
            self.candidate.pnode = pnode
            if self.template == "drbd":
                self.candidate.snode = self._secondary(pnode)
        if self.get("os_type"):
            require_os(
                self.config,
                self.input["os_type"],
                self.candidate.pnode,
                force_variant=bool(self.get("force_variant")),
            )
        resolved = "192.0.2.200" if self.get("name_check") else None
        for given in self.input["nics"]:
            nic = build_nic(
                self.config,
                given,
                pnode=self.candidate.pnode,
                resolved=resolved,
                beside=self.candidate.nics,
            )
            self.candidate.nics.append(nic)
        group = self.config.group_of(self.candidate.pnode)
        if not self.get("ignore_ipolicy"):
            require_fit(self.config, group, self.candidate)

    def _allocate(self) -> None:
        allocator = self.get("iallocator") or self.config.params["default_iallocator"]
        if allocator == ".":
            allocator = self.config.params["default_iallocator"]
        if not allocator:
            raise prereq("No iallocator or node on the instance creation", "wrong_input")
        try:
            names = allocate(self.config, self._need(), group=self.get("group_name"))
        except NoRoom as error:
            code = "temp_" if self.get("opportunistic_locking") else ""
            raise prereq(
                f"Can't compute nodes using iallocator '{allocator}': Request failed: {error}",
                f"{code}insufficient_resources",
            ) from None
        self.candidate.pnode, self.candidate.snode = names[0], names[1] if len(names) > 1 else None
        self.input["iallocator"], self.input["pnode"] = allocator, names[0]
        self.info(
            f"Selected nodes for instance {self.target_name} via iallocator {allocator}: {', '.join(names)}"
        )

    def _need(self) -> Need:
        filled = self.config.beparams(self.candidate)
        return Need(
            memory=filled["maxmem"],
            disk=self.candidate.space(),
            vcpus=filled["vcpus"],
            nodes=2 if self.template == "drbd" else 1,
        )

    def _secondary(self, pnode: str) -> str:
        snode = self.get("snode")
        if snode is None:
            raise prereq("The networked disk templates need a mirror node", "wrong_input")
        if self.node(snode).name == pnode:
            raise prereq("The secondary node cannot be the primary node", "wrong_input")
        self._require_usable(self.node(snode), role="secondary")
        return self.node(snode).name

    def _require_usable(self, node: Node, *, role: str = "primary") -> None:
        for flag, word in ((node.offline, "offline"), (node.drained, "drained")):
            if flag:
                raise prereq(f"Cannot use {word} {role} node '{node.name}'", "wrong_state")
        if not node.reachable:
            raise failed(
                f"Hypervisor parameter validation failed on node {node.name}: Error 7: Failed to connect to "
                f"{node.pip} port 1811 after 0 ms: Couldn't connect to server"
            )

    def _require_capacity(self) -> None:
        if not self.get("pnode") or self.get("iallocator"):
            return
        need, pnode = self._need(), self.node(self.candidate.pnode)
        for name in self.candidate.nodes:
            free = free_disk(self.config, self.node(name))
            if free < need.disk:
                raise prereq(
                    f"Not enough disk space on target node {name} vg xenvg: required {need.disk} MiB, "
                    f"available {free} MiB",
                    "insufficient_resources",
                )
        free = free_memory(self.config, pnode)
        if self._starts() and free < need.memory:
            raise prereq(
                f"Not enough memory on node {pnode.name} for creating instance {self.target_name}: "
                f"needed {need.memory} MiB, available {free} MiB",
                "insufficient_resources",
            )

    def _starts(self) -> bool:
        return bool(self.input["start"]) and not self.get("no_install") and not self.get("forthcoming")

    def execute(self) -> Steps:
        candidate, config = self.candidate, self.config
        for index, disk in enumerate(candidate.disks):
            self.say(f"* disk {index}, size {disk.size}M")
        self.say("* creating instance disks...")
        if candidate.hypervisor in ("kvm", "xen-hvm"):
            candidate.network_port = config.new_port()
        old = config.instances.pop(candidate.name, None)
        config.instances.add(candidate)
        for nic in candidate.nics:
            reserve(config, candidate, nic)
        yield 1.5
        self.say(f"adding instance {candidate.name} to cluster config")
        self.say("adding disks to cluster config")
        if old is not None:
            candidate.uuid = old.uuid
        if candidate.forthcoming:
            return candidate.nodes
        yield from self._synchronise()
        yield from self._install()
        if self._starts():
            self.say("* starting instance...")
            candidate.admin_state, candidate.disks_active = "up", True
            candidate.touch(self.cluster.now())
            yield 2.0
            filled = config.beparams(candidate)
            candidate.running = Running(
                node=candidate.pnode,
                ram=filled["maxmem"],
                vcpus=filled["vcpus"],
                hvparams=config.hvparams(candidate),
            )
        return candidate.nodes

    def _synchronise(self) -> Steps:
        if not self.candidate.disks:
            return
        self.info(f"Waiting for instance {self.candidate.name} to sync disks")
        if self.template == "drbd" and self.get("wait_for_sync"):
            for percent in (12.5, 47.1, 83.9):
                yield 1.5
                for index in range(len(self.candidate.disks)):
                    self.info(f"- device disk/{index}: {percent:.2f}% done, 2s remaining (estimated)")
        self.info(f"Instance {self.candidate.name}'s disks are in sync")

    def _install(self) -> Steps:
        if self.get("no_install") or not self.candidate.disks or self.input["mode"] != "create":
            return
        self.say("* running the instance OS create scripts...")
        yield install_seconds(self.candidate.os, self.candidate.osparams)
        if self.candidate.os.endswith("+" + BROKEN_VARIANT):
            raise failed(
                f"Could not add os for instance {self.candidate.name} on node {self.candidate.pnode}: "
                "OS create script failed (exited with exit code 1), last lines in the log file:\n"
            )


def install_seconds(os: str, osparams: dict[str, Any]) -> float:
    """How long the scripts of an OS take; the variant `slow` obeys its parameter `delay`."""
    delay = str(osparams.get("delay", ""))
    if os.endswith("+slow"):
        return float(delay) if re.fullmatch(r"\d+", delay) else 20.0
    return 3.0
