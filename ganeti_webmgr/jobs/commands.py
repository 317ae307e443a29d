"""The unit of extension: something that can be done to an object of a cluster."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ganeti_webmgr import rapi
from ganeti_webmgr.permissions.quota import Size

if TYPE_CHECKING:
    from ganeti_webmgr.vms.models import VirtualMachine

REGISTRY: dict[str, type[Command]] = {}


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to do, with its parameters. A subclass says everything there is to know about one verb."""

    name: ClassVar[str]  # in URLs and rows
    label: ClassVar[str]  # on the button and in the record: "Start"
    busy: ClassVar[str]  # the object's state meanwhile: "Starting"
    icon: ClassVar[str]
    permission: ClassVar[str]  # needed on the target

    def __init_subclass__(cls) -> None:
        REGISTRY[cls.name] = cls

    @property
    def params(self) -> dict[str, Any]:
        """The parameters as they are kept in the job's row."""
        return asdict(self)

    def demand(self, vm: VirtualMachine) -> Size:
        """What the machine's project will have more of once it is done; counted against its quota."""
        return Size()

    def then(self) -> Command | None:
        """What is asked for by itself once this is done."""
        return None

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int:
        """Submits it for the object of that name; the number of Ganeti's job."""
        raise NotImplementedError

    def line(self, target: str) -> str:
        """The command line that does the same on the cluster's master."""
        raise NotImplementedError


def restore(name: str, params: dict[str, Any]) -> Command:
    """The command that a job's row describes."""
    return REGISTRY[name](**params)
