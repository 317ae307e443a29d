"""How instances come, go, and are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

from ..named import Named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..options import Common, OnInstance
    from ..types import InstanceSpec


class Life(Named):
    """Creation, removal, renaming and reinstallation."""

    _root: ClassVar[str] = "/2/instances"

    def create(self, spec: InstanceSpec, *, dry_run: bool = False, **options: Unpack[Common]) -> int:
        return self._submit(
            "POST", self._root, options, body={"__version__": 1, **spec.body()}, query={"dry-run": dry_run}
        )

    def create_many(
        self,
        specs: Sequence[InstanceSpec],
        *,
        iallocator: str | None = None,
        opportunistic_locking: bool | None = None,
        dry_run: bool = False,
        **options: Unpack[Common],
    ) -> int:
        """The creations are jobs of their own: see `Job.spawned`. Each spec must name its hypervisor."""
        body = {
            "instances": [spec.body() for spec in specs],
            "iallocator": iallocator,
            "opportunistic_locking": opportunistic_locking,
        }
        return self._submit(
            "POST", "/2/instances-multi-alloc", options, body=body, query={"dry-run": dry_run}
        )

    def delete(
        self,
        name: str,
        *,
        shutdown_timeout_s: int | None = None,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        return self._submit(
            "DELETE",
            self._path(name),
            options,
            body={"shutdown_timeout": shutdown_timeout_s},
            query={"dry-run": dry_run},
        )

    def rename(
        self,
        name: str,
        *,
        new_name: str,
        name_check: bool = False,
        ip_check: bool = False,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """The instance must be down. The checks are always sent: their defaults differ by version."""
        body = {
            "new_name": new_name,
            "name_check": name_check,
            "ip_check": ip_check,
            "dry_run": dry_run or None,
        }
        return self._submit("PUT", self._path(name, "rename"), options, body=body)

    def reinstall(
        self,
        name: str,
        *,
        os: str | None = None,
        start: bool = True,
        osparams: Mapping[str, Any] | None = None,
    ) -> int:
        """Stops the instance, installs it anew and starts it.

        Takes no reason and nothing else that jobs take: Ganeti would ignore it (Reference 8, trap 26).
        """
        return self._submit(
            "POST", self._path(name, "reinstall"), {}, body={"os": os, "start": start, "osparams": osparams}
        )
