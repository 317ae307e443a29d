"""Starting and stopping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

from ..named import Named

if TYPE_CHECKING:
    from ..options import Bare, OnInstance

RebootType = Literal["soft", "hard", "full"]


class Power(Named):
    """Start, shutdown and reboot."""

    def start(
        self,
        name: str,
        *,
        force: bool = False,
        no_remember: bool = False,
        dry_run: bool = False,
        **options: Unpack[Bare],
    ) -> int:
        """`force` starts with failed secondary disks. Succeeds also where it runs already."""
        return self._submit(
            "PUT",
            self._path(name, "startup"),
            options,
            query={"force": force, "no_remember": no_remember, "dry-run": dry_run},
        )

    def shutdown(
        self,
        name: str,
        *,
        timeout_s: int | None = None,
        force: bool | None = None,
        ignore_offline_nodes: bool | None = None,
        admin_state_source: Literal["admin", "user"] | None = None,
        no_remember: bool = False,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """Without `timeout_s`, the guest gets 120 s. Succeeds also where it is down already."""
        body = {
            "timeout": timeout_s,
            "force": force,
            "ignore_offline_nodes": ignore_offline_nodes,
            "admin_state_source": admin_state_source,
        }
        return self._submit(
            "PUT",
            self._path(name, "shutdown"),
            options,
            body=body,
            query={"no_remember": no_remember, "dry-run": dry_run},
        )

    def reboot(
        self,
        name: str,
        *,
        type: RebootType = "hard",  # noqa: A002 (Ganeti's word)
        shutdown_timeout_s: int | None = None,
        ignore_secondaries: bool = False,
        dry_run: bool = False,
        **options: Unpack[OnInstance],
    ) -> int:
        """Starts a stopped instance as well. `soft` keeps the running parameters (Reference 6.1)."""
        return self._submit(
            "POST",
            self._path(name, "reboot"),
            options,
            body={"shutdown_timeout": shutdown_timeout_s},
            query={"type": type, "ignore_secondaries": ignore_secondaries, "dry-run": dry_run},
        )
