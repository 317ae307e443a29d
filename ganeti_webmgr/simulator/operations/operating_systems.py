"""Operating systems: which there are, and how a name is checked."""

from __future__ import annotations

from ..errors import OperationFailed, failed
from ..jobs.operation import Operation, Steps, opcode
from ..model.config import Config


def require_os(config: Config, name: str, node: str, *, force_variant: bool = False) -> None:
    """Raises OperationFailed unless that OS, with that variant, can be installed."""
    base, plus, variant = name.partition("+")
    variants = config.operating_systems.get(base)
    if variants is None:
        raise _unfit(node, f"Directory for OS {base} not found in search path")
    if variants and not plus:
        raise _unfit(node, f"OS name '{base}' must include a variant")
    if not variants and plus:
        raise _unfit(node, f"OS '{base}' does not support variants ('{variant}' passed)")
    if plus and variant not in variants and not force_variant:
        raise _unfit(node, f"OS '{base}' does not support variant '{variant}'")


def _unfit(node: str, why: str) -> OperationFailed:
    return failed(f"OS Parameters validation failed on node {node}: {why}")


@opcode("OP_OS_DIAGNOSE")
class Diagnose(Operation):
    def execute(self) -> Steps:
        yield 0.3
        gone = {*self.config.params["hidden_os"], *self.config.params["blacklisted_os"]}
        return [
            [name, list(variants)]
            for name, variants in sorted(self.config.operating_systems.items())
            if name not in gone
        ]
