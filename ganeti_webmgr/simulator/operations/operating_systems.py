"""Operating systems: which there are, and how a name is checked."""

from __future__ import annotations

from ..errors import prereq
from ..jobs.operation import Operation, Steps, opcode
from ..model.config import Config


def require_os(config: Config, name: str, node: str, *, force_variant: bool = False) -> None:
    """Raises OperationFailed unless that OS, with that variant, can be installed."""
    base, plus, variant = name.partition("+")
    variants = config.operating_systems.get(base)
    if variants is None:
        raise prereq(
            f"OS '{name}' not in supported OS list for node {node}: Directory for OS {base} not found in "
            "search path",
            "wrong_input",
        )
    if variants and not plus:
        raise prereq("OS name must include a variant", "wrong_input")
    if not variants and plus:
        raise prereq(f"OS '{base}' does not support variants ('{variant}' passed)", "wrong_input")
    if plus and variant not in variants and not force_variant:
        raise prereq("Unsupported OS variant", "wrong_input")


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
