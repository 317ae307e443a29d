"""Adding, changing and removing disks and NICs of a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import prereq
from ..model.instance import Disk, Nic
from .disks import MAX_DISKS, build_disk, mark_mixed
from .nics import MAX_NICS, build_nic, pick_address, release, reserve

if TYPE_CHECKING:
    from .modify import SetParams

T = TypeVar("T", Disk, Nic)
Changes = list[list[Any]]


class DeviceChanges(Generic[T]):
    """A list of `[action, index or name, {params}]`, checked when made, applied later."""

    kind: str
    word: str  # what Ganeti calls it when it takes it away
    limit: int

    def __init__(self, work: SetParams, given: list[list[Any]]) -> None:
        self.work, self.config, self.target = work, work.config, work.target
        self.changes = [_triple(change) for change in given]
        count = len(self.devices)
        for action, where, params in self.changes:
            count += (action in ("add", "attach")) - (action in ("remove", "detach"))
            if action in ("modify", "remove", "detach"):
                self.index(where)
            if action in ("remove", "detach") and params:
                raise prereq(
                    f"No settings should be passed when removing or detaching a {self.kind}", "wrong_input"
                )
            self.check(action, params)
        if count > self.limit:
            raise prereq(f"Instance has too many {self.kind}s ({count}), cannot add more", "wrong_state")

    @property
    def devices(self) -> list[T]:
        raise NotImplementedError

    def afterwards(self) -> list[T]:
        """The devices as they will be, as far as the policy looks at them."""
        found = list(self.devices)
        for action, where, params in self.changes:
            if action in ("remove", "detach"):
                found.remove(self.devices[self.index(where)])
            elif action in ("add", "attach"):
                found.append(self.coming(action, params))
        return found

    def coming(self, action: str, params: dict[str, Any]) -> T:
        raise NotImplementedError

    def check(self, action: str, params: dict[str, Any]) -> None:
        raise NotImplementedError

    def index(self, where: Any) -> int:
        """The position meant by an index, a name or a UUID."""
        count = len(self.devices)
        try:
            number = int(where)
        except ValueError:
            for position, device in enumerate(self.devices):
                if where in (device.name, device.uuid):
                    return position
            raise prereq(f"Lookup of {self.kind} '{where}' failed", "wrong_input") from None
        if number == -1 and count:
            return count - 1
        if not 0 <= number < count:
            raise prereq(f"Requested index {number} is out of range (0-{count - 1})", "wrong_input")
        return number

    def apply(self) -> Changes:
        found: Changes = []
        for action, where, params in self.changes:
            match action:
                case "add" | "attach":
                    end = len(self.devices)
                    come = self.add if action == "add" else self.attach
                    found += come(end if str(where) == "-1" else min(int(where), end), params)
                case "modify":
                    found += self.modify(self.index(where), params)
                case _:
                    found += self._take_away(action, self.index(where))
        return found

    def _take_away(self, action: str, position: int) -> Changes:
        self.remove(position, keep=action == "detach")
        return [[f"{self.word}/{position}", action], *self.work.hotplug(f"{self.kind}/{position}")]

    def add(self, position: int, params: dict[str, Any]) -> Changes:
        raise NotImplementedError

    def modify(self, position: int, params: dict[str, Any]) -> Changes:
        raise NotImplementedError

    def attach(self, position: int, params: dict[str, Any]) -> Changes:
        raise prereq(f"Attach operation is not supported for {self.word}s", "wrong_input")

    def remove(self, position: int, *, keep: bool) -> None:
        raise NotImplementedError


class NicChanges(DeviceChanges[Nic]):
    kind, word, limit = "nic", "NIC", MAX_NICS

    @property
    def devices(self) -> list[Nic]:
        return self.target.nics

    def check(self, action: str, params: dict[str, Any]) -> None:
        if action == "add":
            build_nic(self.config, params, pnode=self.target.pnode)
        elif action == "modify" and params.get("mac") == "auto":
            raise prereq("'auto' is not a valid MAC address when modifying an existing NIC", "wrong_input")

    def coming(self, action: str, params: dict[str, Any]) -> Nic:
        return build_nic(self.config, params, pnode=self.target.pnode)

    def add(self, position: int, params: dict[str, Any]) -> Changes:
        nic = build_nic(self.config, params, pnode=self.target.pnode)
        self.target.nics.insert(position, nic)
        reserve(self.config, self.target, nic)
        filled = self.config.nicparams(nic)
        where = f"mode={filled['mode']},link={filled['link']},network={params.get('network')}"
        text = f"add:mac={nic.mac},ip={nic.ip},{where}"
        return [[f"nic.{position}", text], *self.work.hotplug(f"nic.{position}")]

    def modify(self, position: int, params: dict[str, Any]) -> Changes:
        nic = self.target.nics[position]
        release(self.config, nic)
        changes: Changes = []
        if "network" in params or "mode" in params or "link" in params or "vlan" in params:
            fresh = build_nic(self.config, {**params, "mac": None, "ip": None}, pnode=self.target.pnode)
            if "network" in params:
                nic.network, nic.params = fresh.network, fresh.params
            else:
                nic.params = {**nic.params, **fresh.params}
        if "mac" in params:
            nic.mac = build_nic(self.config, {"mac": params["mac"]}, pnode=self.target.pnode).mac
            changes.append([f"nic.mac/{position}", nic.mac])
        if "ip" in params:
            nic.ip = pick_address(params["ip"], self.config.network_of(nic))
            changes.append([f"nic.ip/{position}", nic.ip])
        if "name" in params:
            nic.name = None if params["name"] == "none" else params["name"]
            changes.append([f"nic.name/{position}", params["name"]])
        reserve(self.config, self.target, nic)
        filled = self.config.nicparams(nic)
        changes += [[f"nic.{key}/{position}", filled[key]] for key in ("link", "mode", "vlan")]
        return changes + self.work.hotplug(f"nic/{position}")

    def remove(self, position: int, *, keep: bool) -> None:
        release(self.config, self.target.nics.pop(position))


class DiskChanges(DeviceChanges[Disk]):
    kind, word, limit = "disk", "disk", MAX_DISKS

    @property
    def devices(self) -> list[Disk]:
        return self.target.disks

    def check(self, action: str, params: dict[str, Any]) -> None:
        if action == "add":
            build_disk(self.config, params, template=self._template(params))
        elif action == "attach":
            self._check_attached(self._unbound(params))
        elif action == "modify":
            if "size" in params:
                raise prereq("Disk size change not possible, use grow-disk", "wrong_input")
            for key in params.keys() - {"mode", "name"}:
                if self.target.template != "ext":
                    raise prereq(f"Disk '{key}' parameter change is not possible", "wrong_input")

    def _template(self, params: dict[str, Any]) -> str:
        if "dev_type" in params:
            return str(params["dev_type"])
        if self.target.template == "diskless":
            raise prereq("Must specify disk type on diskless instance", "wrong_input")
        return self.target.template if self.target.template != "mixed" else self.target.disks[0].template

    def coming(self, action: str, params: dict[str, Any]) -> Disk:
        if action == "attach":
            return self._unbound(params)
        return build_disk(self.config, params, template=self._template(params))

    def _unbound(self, params: dict[str, Any]) -> Disk:
        if len(params) != 1 or not params.keys() & {"uuid", "name"}:
            raise prereq("Only one argument is permitted in attach op, either name or uuid", "wrong_input")
        key, wanted = next(iter(params.items()))
        for disk in self.config.detached.values():
            if getattr(disk, key) == wanted:
                return disk
        word = {"uuid": "UUID", "name": "name"}[key]
        raise prereq(f"No disk was found with this {word}: {wanted}", "wrong_input")

    def _check_attached(self, disk: Disk) -> None:
        if self.target.template not in {disk.template, "diskless"}:
            raise prereq(
                f"Instance has '{self.target.template}' template while disk has '{disk.template}' template",
                "wrong_input",
            )

    def attach(self, position: int, params: dict[str, Any]) -> Changes:
        disk = self.config.detached.pop(self._unbound(params).uuid)
        self.target.disks.insert(position, disk)
        mark_mixed(self.target)
        text = f"attach:size={disk.size},mode={disk.mode}"
        return [[f"disk/{position}", text], *self.work.hotplug(f"disk/{position}")]

    def add(self, position: int, params: dict[str, Any]) -> Changes:
        disk = build_disk(self.config, params, template=self._template(params))
        self.target.disks.insert(position, disk)
        mark_mixed(self.target)
        text = f"add:size={disk.size},mode={disk.mode}"
        return [[f"disk/{position}", text], *self.work.hotplug(f"disk/{position}")]

    def modify(self, position: int, params: dict[str, Any]) -> Changes:
        disk = self.target.disks[position]
        changes: Changes = []
        if "mode" in params:
            disk.mode = params["mode"]
            changes.append([f"disk.mode/{position}", disk.mode])
        if "name" in params:
            disk.name = None if params["name"] == "none" else params["name"]
            changes.append([f"disk.name/{position}", params["name"]])
        return changes

    def remove(self, position: int, *, keep: bool) -> None:
        disk = self.target.disks.pop(position)
        if keep:
            self.config.detached[disk.uuid] = disk
        mark_mixed(self.target)


def _triple(change: list[Any]) -> tuple[str, Any, dict[str, Any]]:
    """The change in its full form; the short ones of old clients are still understood."""
    if len(change) == 3:
        return change[0], change[1], change[2]
    action, params = change
    return (action, -1, params) if isinstance(action, str) else ("modify", action, params)
