"""Backend and hypervisor parameters as jobs check and convert them."""

from __future__ import annotations

from typing import Any

from ..errors import OperationFailed, prereq
from ..model.config import GLOBAL_HVPARAMS, Config
from .sizes import mebibytes

_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "kvm": {
        "boot_order": ("cdrom", "disk", "floppy", "network"),
        "disk_cache": ("default", "none", "writeback", "writethrough"),
        "disk_type": (
            "ide", "mtd", "paravirtual", "pflash", "scsi", "scsi-block", "scsi-cd", "scsi-generic", "scsi-hd",
            "sd",
        ),
        "nic_type": (
            "e1000", "i82551", "i82557b", "i82559er", "ne2k_isa", "ne2k_pci", "paravirtual", "pcnet",
            "rtl8139",
        ),
        "security_model": ("none", "pool", "user"),
    },
}  # fmt: skip


def typed(value: Any, like: Any, key: str) -> Any:
    """The value converted to the type of the parameter's default, as Ganeti enforces types."""
    if isinstance(like, bool):
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if isinstance(value, bool):
            return value
        raise OperationFailed("TypeEnforcementError", f"'{value}' (string) is not a valid bool")
    if isinstance(like, int):
        try:
            return int(value)
        except (TypeError, ValueError):
            raise OperationFailed("TypeEnforcementError", f"'{value}' is not a valid int") from None
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise OperationFailed("TypeEnforcementError", f"Parameter '{key}' is not a valid string")
    return "" if value is None or value is False else str(value)


def beparams(config: Config, given: dict[str, Any]) -> dict[str, Any]:
    """Overrides in the form they are kept; "default" stays what it is."""
    defaults = config.params["beparams"]["default"]
    found: dict[str, Any] = {}
    for key, value in given.items():
        targets = ("minmem", "maxmem") if key == "memory" else (key,)
        for target in targets:
            if target not in defaults:
                raise OperationFailed("TypeEnforcementError", f"Unknown parameter '{key}'")
            found[target] = value if value == "default" else _backend(target, value, defaults[target])
    return found


def _backend(key: str, value: Any, like: Any) -> Any:
    return mebibytes(value) if key in ("minmem", "maxmem") else typed(value, like, key)


def hvparams(config: Config, hypervisor: str, given: dict[str, Any]) -> dict[str, Any]:
    """The same for hypervisor parameters."""
    refused = sorted(GLOBAL_HVPARAMS & given.keys())
    if refused:
        raise prereq(
            f"The following hypervisor parameters are global and cannot be customized at instance level, "
            f"please modify them at cluster level: {', '.join(refused)}",
            "wrong_input",
        )
    defaults = config.params["hvparams"][hypervisor]
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key not in defaults:
            raise OperationFailed("TypeEnforcementError", f"Unknown parameter '{key}'")
        found[key] = value if value == "default" else typed(value, defaults[key], key)
        allowed = _CHOICES.get(hypervisor, {}).get(key)
        if allowed and found[key] not in (*allowed, "default"):
            raise OperationFailed(
                "HypervisorError",
                f"Parameter '{key}' fails syntax check: The value must be one of: {', '.join(allowed)} "
                f"(current value: '{value}')",
            )
    return found


def override(current: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The overrides after the changes; the value "default" takes an override away."""
    merged = {**current, **changes}
    return {key: value for key, value in merged.items() if value != "default"}
