"""What `/2/info` tells about a cluster."""

from __future__ import annotations

from typing import Any

from .config import Config


def cluster_info(config: Config) -> dict[str, Any]:
    """The whole object, with the version it claims to be."""
    major, minor = config.release
    number = major * 1_000_000 + minor * 10_000
    params = config.params
    return {
        "software_version": config.version,
        "protocol_version": number,
        "config_version": number,
        "os_api_version": 20,
        "export_version": 0,
        "vcs_version": f"(ganeti) version {config.version}",
        "architecture": ["64bits", "x86_64"],
        "name": config.name,
        "master": config.master.name,
        "default_hypervisor": params["enabled_hypervisors"][0],
        **params,
        "ctime": config.ctime,
        "mtime": config.mtime,
        "uuid": config.uuid,
        "tags": sorted(config.tags),
        "vg_name": params["volume_group_name"],
        "drbd_helper": params["drbd_usermode_helper"],
    }
