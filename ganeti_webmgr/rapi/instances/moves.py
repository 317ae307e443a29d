"""Moving instances between nodes, and out of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack

from ..named import Named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..options import Bare, OnInstance

ExportMode = Literal["local", "remote"]


class Moves(Named):
    """Migration, failover and export."""

    def migrate(
        self,
        name: str,
        *,
        mode: Literal["live", "non-live"] | None = None,
        target_node: str | None = None,
        iallocator: str | None = None,
        cleanup: bool | None = None,
        allow_failover: bool | None = None,
        allow_runtime_changes: bool | None = None,
        ignore_ipolicy: bool | None = None,
        ignore_hvversions: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """A target or an allocator is for externally mirrored disks only (Reference 2.8)."""
        body = {
            "mode": mode,
            "target_node": target_node,
            "iallocator": iallocator,
            "cleanup": cleanup,
            "allow_failover": allow_failover,
            "allow_runtime_changes": allow_runtime_changes,
            "ignore_ipolicy": ignore_ipolicy,
            "ignore_hvversions": ignore_hvversions,
            "dry_run": dry_run or None,
        }
        return self._submit("PUT", self._path(name, "migrate"), options, body=body)

    def failover(
        self,
        name: str,
        *,
        target_node: str | None = None,
        iallocator: str | None = None,
        ignore_consistency: bool | None = None,
        shutdown_timeout_s: int | None = None,
        ignore_ipolicy: bool | None = None,
        cleanup: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """Stops it here and starts it there."""
        body = {
            "target_node": target_node,
            "iallocator": iallocator,
            "ignore_consistency": ignore_consistency,
            "shutdown_timeout": shutdown_timeout_s,
            "ignore_ipolicy": ignore_ipolicy,
            "cleanup": cleanup,
            "dry_run": dry_run or None,
        }
        return self._submit("PUT", self._path(name, "failover"), options, body=body)

    def prepare_export(self, name: str, *, mode: ExportMode, **options: Unpack[Bare]) -> int:
        """For `remote`, the job's result is what `export` takes."""
        return self._submit("PUT", self._path(name, "prepare-export"), options, query={"mode": mode})

    def export(
        self,
        name: str,
        *,
        destination: str | Sequence[Any],
        mode: ExportMode = "local",
        shutdown: bool | None = None,
        remove_instance: bool | None = None,
        ignore_remove_failures: bool | None = None,
        compress: str | None = None,
        shutdown_timeout_s: int | None = None,
        x509_key_name: Sequence[str] | None = None,
        destination_x509_ca: str | None = None,
        zero_free_space: bool | None = None,
        zeroing_timeout_fixed_s: int | None = None,
        zeroing_timeout_per_mib_s: float | None = None,
        long_sleep: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """To a node, or for `remote` to what the other cluster has said."""
        body = {
            "destination": destination,
            "mode": mode,
            "shutdown": shutdown,
            "remove_instance": remove_instance,
            "ignore_remove_failures": ignore_remove_failures,
            "compress": compress,
            "shutdown_timeout": shutdown_timeout_s,
            "x509_key_name": x509_key_name,
            "destination_x509_ca": destination_x509_ca,
            "zero_free_space": zero_free_space,
            "zeroing_timeout_fixed": zeroing_timeout_fixed_s,
            "zeroing_timeout_per_mib": zeroing_timeout_per_mib_s,
            "long_sleep": long_sleep,
            "dry_run": dry_run or None,
        }
        return self._submit("PUT", self._path(name, "export"), options, body=body)
