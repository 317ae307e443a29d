"""The cluster as a whole (Reference 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from pydantic import TypeAdapter

from .calls import Kind
from .errors import Forbidden, Invalid
from .tags import Tagged
from .types import ClusterInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .options import Bare, Common

_INFO = TypeAdapter(ClusterInfo)
_NAMES = TypeAdapter(list[str])
_NUMBER = TypeAdapter(int)
_NOTHING = TypeAdapter(None)

OsListChange = tuple[Literal["add", "remove"], str]
UidRange = tuple[int, int]


class ClusterChanges(TypedDict, total=False):
    """What can be changed on a cluster; what is absent stays."""

    force: bool
    maintain_node_health: bool
    prealloc_wipe_disks: bool
    use_external_mip_script: bool
    modify_etc_hosts: bool
    enabled_user_shutdown: bool
    enabled_hypervisors: Sequence[str]
    enabled_disk_templates: Sequence[str]
    hvparams: Mapping[str, Mapping[str, Any]]
    os_hvp: Mapping[str, Mapping[str, Mapping[str, Any]]]
    beparams: Mapping[str, Any]
    ndparams: Mapping[str, Any]
    nicparams: Mapping[str, Any]
    diskparams: Mapping[str, Mapping[str, Any]]
    ipolicy: Mapping[str, Any]
    osparams: Mapping[str, Mapping[str, Any]]
    osparams_private_cluster: Mapping[str, Mapping[str, Any]]
    hidden_os: Sequence[OsListChange]
    blacklisted_os: Sequence[OsListChange]
    candidate_pool_size: int
    max_running_jobs: int
    max_tracked_jobs: int
    uid_pool: Sequence[UidRange]
    add_uids: Sequence[UidRange]
    remove_uids: Sequence[UidRange]
    vg_name: str
    drbd_helper: str
    default_iallocator: str
    default_iallocator_params: Mapping[str, Any]
    master_netdev: str
    master_netmask: int
    file_storage_dir: str
    shared_file_storage_dir: str
    gluster_storage_dir: str
    install_image: str
    zeroing_image: str
    instance_communication_network: str
    mac_prefix: str
    reserved_lvs: Sequence[str]
    hv_state: Mapping[str, Any]
    disk_state: Mapping[str, Any]
    enabled_data_collectors: Mapping[str, bool]
    data_collector_interval: Mapping[str, int]


class ClusterResource(Tagged):
    """`client.cluster`."""

    def root(self, *, versioned: bool = False) -> None:
        """Nothing, but only from a Ganeti that takes these credentials."""
        self._read("/2" if versioned else "/", _NOTHING)

    def api_version(self) -> int:
        """Always 2; answered without the master daemon, so no sign of health (Reference 8, trap 10)."""
        return self._read("/version", _NUMBER)

    def features(self) -> list[str]:
        """The same in all versions (Reference 2.1)."""
        return self._read("/2/features", _NAMES)

    def info(self) -> ClusterInfo:
        """What the cluster is. Needs the master daemon, and so shows whether it is well."""
        return self._read("/2/info", _INFO)

    def may_read(self) -> bool:
        """Whether this user may ask everything; Unauthorized where the cluster does not know him."""
        return self._may("/2/query/node", query=[("fields", "name")])

    def may_write(self) -> bool:
        """Whether this user may change things. Asks what only such a user may, and leaves out what it takes:
        the right is looked at first, so that nothing is done.
        """
        return self._may("/2/nodes/nobody/storage")

    def _may(self, path: str, *, query: Sequence[tuple[str, str]] = ()) -> bool:
        try:
            self._client.fetch("GET", path, query=query)
        except Forbidden:
            return False
        except Invalid:
            return True
        return True

    def operating_systems(self) -> list[str]:
        """The names to install, with variants. Runs a job and waits for it: ask seldom."""
        return self._read("/2/os", _NAMES, kind=Kind.JOB)

    def redistribute_config(self, *, dry_run: bool = False, **options: Unpack[Common]) -> int:
        return self._submit("PUT", "/2/redistribute-config", options, body={"dry_run": dry_run or None})

    def modify(self, changes: ClusterChanges, *, dry_run: bool = False, **options: Unpack[Common]) -> int:
        return self._submit("PUT", "/2/modify", options, body={**changes, "dry_run": dry_run or None})

    def tags(self) -> list[str]:
        return self._get_tags("/2")

    def add_tags(self, tags: Sequence[str], *, dry_run: bool = False, **options: Unpack[Bare]) -> int:
        return self._add_tags("/2", tags, dry_run=dry_run, **options)

    def remove_tags(self, tags: Sequence[str], *, dry_run: bool = False, **options: Unpack[Bare]) -> int:
        """The job fails if one of the tags is not set."""
        return self._remove_tags("/2", tags, dry_run=dry_run, **options)
