"""The cluster itself (Reference 4.6)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .frozen import Frozen, Moment, Params


class ClusterInfo(Frozen):
    """What a cluster is and its defaults. There is no serial number."""

    uuid: str
    name: str
    master: str
    software_version: str
    vcs_version: str | None = None
    protocol_version: int
    config_version: int
    os_api_version: int
    export_version: int
    architecture: tuple[str, ...]
    enabled_hypervisors: tuple[str, ...]
    default_hypervisor: str
    enabled_disk_templates: tuple[str, ...]
    hvparams: Params
    os_hvp: Params
    osparams: Params
    beparams: Params
    nicparams: Params
    ndparams: Params
    diskparams: Params
    ipolicy: Params
    candidate_pool_size: int
    max_running_jobs: int
    max_tracked_jobs: int | None = None
    master_netdev: str | None = None
    master_netmask: int | None = None
    primary_ip_version: int | None = None
    mac_prefix: str
    default_iallocator: str
    default_iallocator_params: Params | None = None
    volume_group_name: str | None = None
    drbd_usermode_helper: str | None = None
    file_storage_dir: str | None = None
    shared_file_storage_dir: str | None = None
    gluster_storage_dir: str | None = None
    install_image: str | None = None
    zeroing_image: str | None = None
    instance_communication_network: str | None = None
    compression_tools: tuple[str, ...] = ()
    use_external_mip_script: bool | None = None
    maintain_node_health: bool | None = None
    prealloc_wipe_disks: bool | None = None
    enabled_user_shutdown: bool | None = None
    modify_ssh_setup: bool | None = None
    ssh_key_type: str | None = None
    ssh_key_bits: int | None = None
    hidden_os: tuple[str, ...] = ()
    blacklisted_os: tuple[str, ...] = ()
    reserved_lvs: tuple[str, ...] = ()
    uid_pool: tuple[Any, ...] = ()
    enabled_data_collectors: dict[str, bool] | None = None
    data_collector_interval_us: dict[str, float] | None = Field(default=None, alias="data_collector_interval")
    ctime: Moment = None
    mtime: Moment = None
    tags: tuple[str, ...] = ()
