"""Opcodes about the cluster as a whole."""

from __future__ import annotations

from typing import Any

from ..errors import prereq
from ..jobs.locks import EXCLUSIVE, Wanted
from ..jobs.operation import Operation, Steps, opcode
from .parameters import beparams

_PLAIN = (
    "enabled_hypervisors", "enabled_disk_templates", "candidate_pool_size", "max_running_jobs",
    "max_tracked_jobs",
    "maintain_node_health", "prealloc_wipe_disks", "use_external_mip_script", "enabled_user_shutdown",
    "default_iallocator", "default_iallocator_params", "master_netdev", "master_netmask", "file_storage_dir",
    "shared_file_storage_dir", "gluster_storage_dir", "install_image", "zeroing_image",
    "instance_communication_network", "mac_prefix", "reserved_lvs", "uid_pool", "enabled_data_collectors",
    "data_collector_interval",
)  # fmt: skip
_RENAMED = {"vg_name": "volume_group_name", "drbd_helper": "drbd_usermode_helper"}
_NESTED = ("hvparams", "osparams", "diskparams")


@opcode("OP_CLUSTER_REDIST_CONF")
class RedistributeConfig(Operation):
    def execute(self) -> Steps:
        yield 0.5


@opcode("OP_CLUSTER_SET_PARAMS")
class SetClusterParams(Operation):
    def locks(self) -> Wanted:
        return {"cluster/BGL": EXCLUSIVE}

    def check(self) -> None:
        self.be = beparams(self.config, self.get("beparams", {}))
        known = self.config.params["hvparams"]
        for hypervisor in [*self.get("enabled_hypervisors", []), *self.get("hvparams", {})]:
            if hypervisor not in known:
                raise prereq(f"Enabled hypervisors contains invalid entries: {hypervisor}", "wrong_input")
        for hypervisor, given in self.get("hvparams", {}).items():
            for key in given:
                if key not in known[hypervisor]:
                    raise prereq(f"Unknown parameter '{key}'", "wrong_input")
        if self.get("enabled_hypervisors") == []:
            raise prereq("Enabled hypervisors list must contain at least one member", "wrong_input")

    def execute(self) -> Steps:
        yield 0.5
        params = self.config.params
        for key in _PLAIN:
            if self.get(key) is not None:
                params[key] = self.input[key]
        for key, name in _RENAMED.items():
            if self.get(key) is not None:
                params[name] = self.input[key] or None
        for key in _NESTED:
            for owner, changes in self.get(key, {}).items():
                params[key].setdefault(owner, {}).update(changes)
        for os, per_hypervisor in self.get("os_hvp", {}).items():
            for hypervisor, changes in per_hypervisor.items():
                params["os_hvp"].setdefault(os, {}).setdefault(hypervisor, {}).update(changes)
        params["beparams"]["default"].update(self.be)
        params["nicparams"]["default"].update(self.get("nicparams", {}))
        params["ndparams"].update(self.get("ndparams", {}))
        params["ipolicy"].update(self.get("ipolicy", {}))
        self._change_lists(params)
        self.config.mtime = self.cluster.now()

    def _change_lists(self, params: dict[str, Any]) -> None:
        for key in ("hidden_os", "blacklisted_os"):
            for action, name in self.get(key, []):
                if action == "add" and name not in params[key]:
                    params[key].append(name)
                elif action == "remove" and name in params[key]:
                    params[key].remove(name)
        for pair in self.get("add_uids", []):
            params["uid_pool"].append(pair)
        for pair in self.get("remove_uids", []):
            params["uid_pool"].remove(pair)
