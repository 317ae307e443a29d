"""The settings of a node."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ganeti_webmgr import rapi
from ganeti_webmgr.jobs.lines import given
from ganeti_webmgr.nodes.commands.command import NodeCommand


@dataclass(frozen=True, kw_only=True)
class ChangeNode(NodeCommand):
    """What is to be different; what is not named stays."""

    name = "modify-node"
    label = "Change settings"
    linked = "of"
    busy = "Changing"
    icon = "adjustments"

    ndparams: Mapping[str, Any] = field(default_factory=dict)
    master_capable: bool | None = None
    vm_capable: bool | None = None
    secondary_ip: str = ""
    auto_promote: bool = False

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        changes: rapi.NodeChanges = {}
        if self.ndparams:
            changes["ndparams"] = self.ndparams
        if self.master_capable is not None:
            changes["master_capable"] = self.master_capable
        if self.vm_capable is not None:
            changes["vm_capable"] = self.vm_capable
        if self.secondary_ip:
            changes["secondary_ip"] = self.secondary_ip
        if self.auto_promote:
            changes["auto_promote"] = True
        return client.nodes.modify(target, changes, reason=reason)

    def line(self, target: str) -> str:
        options = []
        if self.ndparams:
            options.append(f"--node-parameters={shlex.quote(given(self.ndparams))}")
        for name, value in (("master-capable", self.master_capable), ("vm-capable", self.vm_capable)):
            if value is not None:
                options.append(f"--{name}={'yes' if value else 'no'}")
        if self.secondary_ip:
            options.append(f"--secondary-ip={self.secondary_ip}")
        if self.auto_promote:
            options.append("--auto-promote")
        return " ".join(["gnt-node modify", *options, target])
