"""The job behind `/2/instances/NAME/info`."""

from __future__ import annotations

from typing import Any

from ..jobs.locks import SHARED, Wanted
from ..jobs.operation import Operation, Steps, opcode
from ..model.instance import Disk, Instance, Nic
from ..model.status import seen_running
from .disks import device_path


@opcode("OP_INSTANCE_QUERY_DATA")
class QueryData(Operation):
    def prepare(self) -> None:
        self.targets = [self.instance(name) for name in self.input["instances"]]

    def locks(self) -> Wanted:
        if self.get("static"):
            return {}
        return {"cluster/BGL": SHARED} | {f"instance/{target.name}": SHARED for target in self.targets}

    def execute(self) -> Steps:
        yield 0.2
        return {target.name: self._details(target) for target in self.targets}

    def _details(self, target: Instance) -> dict[str, Any]:
        config = self.config
        group = config.group_of(target.pnode)
        others = [config.group_of(node) for node in target.nodes[1:]]
        return {
            "name": target.name,
            "uuid": target.uuid,
            "config_state": target.admin_state,
            "run_state": None if self.get("static") else self._run_state(target),
            "pnode": target.pnode,
            "pnode_group_uuid": group.uuid,
            "pnode_group_name": group.name,
            "snodes": target.nodes[1:],
            "snodes_group_uuids": [other.uuid for other in others],
            "snodes_group_names": [other.name for other in others],
            "os": target.os,
            "disk_template": target.template,
            "hypervisor": target.hypervisor,
            "network_port": target.network_port,
            "hv_instance": dict(target.hvparams),
            "hv_actual": {**config.params["hvparams"][target.hypervisor], **config.hvparams(target)},
            "be_instance": dict(target.beparams),
            "be_actual": config.beparams(target),
            "os_instance": dict(target.osparams),
            "os_actual": dict(target.osparams),
            "serial_no": target.serial_no,
            "mtime": target.mtime,
            "ctime": target.ctime,
            "nics": [self._nic(nic) for nic in target.nics],
            "disks": [self._disk(target, index, disk) for index, disk in enumerate(target.disks)],
        }

    def _run_state(self, target: Instance) -> str:
        if seen_running(self.config, target):
            return "up"
        if target.admin_state == "offline":
            return "offline"
        return "user down" if target.ended_inside else "down"

    def _nic(self, nic: Nic) -> list[Any]:
        filled = self.config.nicparams(nic)
        network = self.config.network_of(nic)
        about = {"name": network.name, "uuid": network.uuid, "network": network.network} if network else None
        where = [filled["mode"], filled["link"], filled["vlan"]]
        return [nic.name, nic.uuid, nic.ip, nic.mac, *where, nic.network, about]

    def _disk(self, target: Instance, index: int, disk: Disk) -> dict[str, Any]:
        drbd = disk.template == "drbd"
        state = [device_path(target, index), None, None, 100, None, False, 1]
        active = target.disks_active and not self.get("static")
        return {
            "iv_name": f"disk/{index}",
            "dev_type": disk.template,
            "logical_id": ["xenvg", f"{disk.uuid}.disk{index}"],
            "drbd_info": None,
            "pstatus": state if active else None,
            "sstatus": state if active and drbd else None,
            "children": [],
            "mode": disk.mode,
            "size": disk.size,
            "spindles": None,
            "name": disk.name,
            "uuid": disk.uuid,
        }
