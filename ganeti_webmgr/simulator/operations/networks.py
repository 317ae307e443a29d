"""Networks."""

from __future__ import annotations

import ipaddress

from ..errors import OperationFailed, prereq
from ..jobs.locks import EXCLUSIVE, SHARED, Wanted
from ..jobs.operation import Operation, Steps, opcode
from ..model.network import Network

_SIZES = {
    True: "A big network is currently not supported, please specify at most a /16 network",
    False: "A network of that size is too small, please specify at least a /30 network",
}


class NetworkOperation(Operation):
    def prepare(self) -> None:
        self.target = self.network(self.input["network_name"])

    def locks(self) -> Wanted:
        return {"cluster/BGL": SHARED, f"network/{self.target.uuid}": EXCLUSIVE}

    def refuse_taken(self, name: str) -> None:
        taken = self.config.networks.get(name)
        if taken is not None:
            raise prereq(
                f"Desired network name '{name}' already exists as a network (UUID: {taken.uuid})",
                "already_exists",
            )


def refuse_outsiders(network: ipaddress.IPv4Network, *addresses: str | None) -> None:
    """Raises OperationFailed when one of the addresses is not in the network."""
    for address in addresses:
        if address and ipaddress.IPv4Address(address) not in network:
            raise OperationFailed("AddressPoolError", f"Address '{address}' is not contained in network")


@opcode("OP_NETWORK_ADD")
class AddNetwork(NetworkOperation):
    def prepare(self) -> None:
        self.refuse_taken(self.input["network_name"])

    def locks(self) -> Wanted:
        return {"cluster/BGL": SHARED}

    def check(self) -> None:
        name = self.input["network_name"]
        network = ipaddress.IPv4Network(self.input["network"], strict=False)
        if not 16 <= network.prefixlen <= 30:
            raise prereq(
                f"Cannot create IP address pool for network '{name}': {_SIZES[network.prefixlen < 16]}",
                "already_exists",
            )
        refuse_outsiders(network, self.get("gateway"), *self.get("add_reserved_ips", []))

    def execute(self) -> Steps:
        yield 0.5
        now = self.cluster.now()
        given = ("gateway", "network6", "gateway6", "mac_prefix")
        self.config.networks.add(
            Network(
                name=self.input["network_name"],
                uuid=self.config.new_uuid(),
                network=str(ipaddress.IPv4Network(self.input["network"], strict=False)),
                reserved=list(self.get("add_reserved_ips", [])),
                tags=sorted(self.get("tags", [])),
                ctime=now,
                mtime=now,
                **{key: self.get(key) for key in given},
            )
        )


@opcode("OP_NETWORK_REMOVE")
class RemoveNetwork(NetworkOperation):
    def check(self) -> None:
        if self.target.groups:
            raise prereq("Network still connected", "wrong_state")

    def execute(self) -> Steps:
        yield 0.3
        del self.config.networks[self.target.name]


@opcode("OP_NETWORK_RENAME")
class RenameNetwork(NetworkOperation):
    def check(self) -> None:
        self.refuse_taken(self.input["new_name"])

    def execute(self) -> Steps:
        yield 0.3
        self.config.networks.rename(self.target, self.input["new_name"])
        self.target.touch(self.cluster.now())
        return self.target.name


@opcode("OP_NETWORK_SET_PARAMS")
class SetNetworkParams(NetworkOperation):
    def check(self) -> None:
        added, removed = self.get("add_reserved_ips", []), self.get("remove_reserved_ips", [])
        if self.get("gateway") and (added or removed):
            raise prereq("Cannot modify gateway and reserved ips at once", "wrong_input")
        taken = self.target.taken()
        if self.get("gateway") in taken - {self.target.gateway}:
            raise prereq(f"Gateway IP address '{self.input['gateway']}' is already reserved", "wrong_state")
        refuse_outsiders(self.target.range, self.get("gateway"), *added)
        for address in added:
            if address in self.target.reserved:
                self.warn(f"IP address {address} is already reserved")

    def execute(self) -> Steps:
        yield 0.3
        for key in ("gateway", "network6", "gateway6", "mac_prefix"):
            value = self.get(key)
            if value is not None:
                setattr(self.target, key, None if value == "none" else value)
        kept = {*self.target.reserved, *self.get("add_reserved_ips", [])}
        self.target.reserved = sorted(kept - set(self.get("remove_reserved_ips", [])))
        self.target.touch(self.cluster.now())


@opcode("OP_NETWORK_CONNECT")
class Connect(NetworkOperation):
    def prepare(self) -> None:
        super().prepare()
        self.group_target = self.group(self.input["group_name"])

    def check(self) -> None:
        if self.group_target.uuid in self.target.groups:
            self.warn(f"Network '{self.target.name}' is already mapped to group '{self.group_target.name}'")

    def execute(self) -> Steps:
        yield 0.3
        if self.group_target.uuid in self.target.groups:
            return
        how = [self.input["network_mode"], self.input["network_link"], self.input["network_vlan"]]
        self.target.groups = {**self.target.groups, self.group_target.uuid: how}


@opcode("OP_NETWORK_DISCONNECT")
class Disconnect(NetworkOperation):
    def prepare(self) -> None:
        super().prepare()
        self.group_target = self.group(self.input["group_name"])

    def check(self) -> None:
        users = [
            instance.name
            for instance in self.config.instances.values()
            if self.config.group_of(instance.pnode) is self.group_target
            and any(nic.network == self.target.uuid for nic in instance.nics)
        ]
        if users:
            self.info(
                f"IP addresses from network '{self.target.name}', which is about to disconnected from "
                f"node group '{self.group_target.name}', are in use: {', '.join(users)}"
            )
            raise prereq(
                "Conflicting IP addresses found; remove/modify the corresponding network interfaces",
                "wrong_state",
            )

    def execute(self) -> Steps:
        yield 0.3
        uuid = self.group_target.uuid
        self.target.groups = {key: how for key, how in self.target.groups.items() if key != uuid}
