"""What a new instance shall be (Reference 3), and changes to disks and NICs (Reference 2.8)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Spec(BaseModel):
    # Errors without the input, which may be somebody's password.
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, hide_input_in_errors=True)

    def body(self) -> dict[str, Any]:
        """The object as Ganeti takes it, without what is not set."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class DiskSpec(_Spec):
    """A disk to be made or taken over. Sizes are rounded up to multiples of 4 MiB (Reference 3.3)."""

    size_mib: int | None = Field(default=None, serialization_alias="size")
    mode: Literal["rw", "ro"] | None = None
    name: str | None = None
    vg: str | None = None
    metavg: str | None = None
    adopt: str | None = None
    provider: str | None = None
    access: Literal["kernelspace", "userspace"] | None = None
    spindles: int | None = None
    dev_type: str | None = None
    provider_params: dict[str, str | int] = Field(default_factory=dict, exclude=True)

    def body(self) -> dict[str, Any]:
        return {**self.provider_params, **super().body()}


class NicSpec(_Spec):
    """A network interface; all texts, as Ganeti wants even a VLAN (Reference 3.4)."""

    mac: str | None = None
    ip: str | None = None
    mode: str | None = None
    link: str | None = None
    vlan: str | None = None
    network: str | None = None
    name: str | None = None
    bridge: str | None = None


class InstanceSpec(_Spec):
    """A new instance. `name_check` and `ip_check` are always sent: their defaults differ by version."""

    instance_name: str
    mode: Literal["create", "import", "remote-import"] = "create"
    disk_template: str | None = None
    disks: tuple[DiskSpec, ...] = ()
    nics: tuple[NicSpec, ...] = ()
    os_type: str | None = None
    no_install: bool | None = None
    start: bool | None = None
    pnode: str | None = None
    pnode_uuid: str | None = None
    snode: str | None = None
    snode_uuid: str | None = None
    iallocator: str | None = None
    opportunistic_locking: bool | None = None
    group_name: str | None = None
    hypervisor: str | None = None
    hvparams: dict[str, Any] | None = None
    beparams: dict[str, Any] | None = None
    osparams: dict[str, Any] | None = None
    osparams_private: dict[str, Any] | None = Field(default=None, repr=False)
    osparams_secret: dict[str, Any] | None = Field(default=None, repr=False)
    tags: tuple[str, ...] | None = None
    name_check: bool = False
    ip_check: bool = False
    conflicts_check: bool | None = None
    wait_for_sync: bool | None = None
    force_variant: bool | None = None
    ignore_ipolicy: bool | None = None
    identify_defaults: bool | None = None
    file_driver: str | None = None
    file_storage_dir: str | None = None
    instance_communication: bool | None = None
    forthcoming: bool | None = None
    commit: bool | None = None
    helper_startup_timeout_s: int | None = Field(default=None, serialization_alias="helper_startup_timeout")
    helper_shutdown_timeout_s: int | None = Field(default=None, serialization_alias="helper_shutdown_timeout")
    src_node: str | None = None
    src_node_uuid: str | None = None
    src_path: str | None = None
    compress: str | None = None
    source_handshake: Any = Field(default=None, repr=False)
    source_x509_ca: str | None = None
    source_instance_name: str | None = None
    source_shutdown_timeout_s: int | None = Field(default=None, serialization_alias="source_shutdown_timeout")

    def body(self) -> dict[str, Any]:
        found = super().body()
        found["disks"] = [disk.body() for disk in self.disks]
        found["nics"] = [nic.body() for nic in self.nics]
        if self.mode == "import":
            # Without it, an export with private parameters fails with a TypeError (Reference 3.1).
            found.setdefault("osparams_private", {})
        return found


class DiskChange(_Spec):
    """One change to the disks; `target` is an index, a name or a uuid, and -1 the end."""

    action: Literal["add", "modify", "remove", "attach", "detach"]
    target: int | str = -1
    disk: DiskSpec = DiskSpec()
    uuid: str | None = None

    def entry(self) -> list[Any]:
        """The change as Ganeti takes it."""
        params = self.disk.body()
        if self.uuid is not None:
            params["uuid"] = self.uuid
        return [self.action, self.target, params]


class NicChange(_Spec):
    """One change to the network interfaces; `target` as for disks."""

    action: Literal["add", "modify", "remove"]
    target: int | str = -1
    nic: NicSpec = NicSpec()

    def entry(self) -> list[Any]:
        """The change as Ganeti takes it."""
        return [self.action, self.target, self.nic.body()]
