"""The unit of extension: something that can be done to an object of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.db.models import Model

from ganeti_webmgr import rapi
from ganeti_webmgr.permissions.quota import Size

if TYPE_CHECKING:
    from ganeti_webmgr.jobs.models import Job
    from ganeti_webmgr.vms.models import VirtualMachine

On = TypeVar("On", bound=Model)

REGISTRY: dict[str, type[Command[Any]]] = {}


@dataclass(frozen=True, kw_only=True)
class Command(Generic[On]):
    """What to do, with its parameters. A subclass says everything there is to know about one verb.

    `On` is what it is done to: a machine, a node, a group, a network, or the cluster as a whole.
    """

    # Templates name the class; without this they would try to make one, and show nothing where they cannot.
    do_not_call_in_templates: ClassVar[bool] = True

    name: ClassVar[str]  # in URLs and rows
    label: ClassVar[str]  # on the button and in the record: "Start"
    linked: ClassVar[str] = ""  # between that and its object, where they do not follow at once: "of"
    outcome: ClassVar[str] = ""  # the end of the label, where it stands behind its object: "offline"
    busy: ClassVar[str]  # the object's state meanwhile: "Starting"
    icon: ClassVar[str]
    permission: ClassVar[str]  # needed on the target
    looks_first: ClassVar[bool] = False  # loses data, and Ganeti would not check that it is the object meant
    is_immediate: ClassVar[bool] = False  # done by the request itself, which may be sent twice
    leaves_no_trace: ClassVar[bool] = False  # Ganeti takes no reason: a lost answer cannot be found again
    again: ClassVar[str] = ""  # the page on which it can be corrected and tried again, by the job's number

    # Parameters that nobody may read, encrypted: kept in a column of their own, and in no record.
    sealed: str = field(default="", repr=False)

    def __init_subclass__(cls) -> None:
        if "name" in vars(cls):
            REGISTRY[cls.name] = cls

    @property
    def params(self) -> dict[str, Any]:
        """The parameters as they are kept in the job's row."""
        return {name: value for name, value in asdict(self).items() if name != "sealed"}

    @classmethod
    def asked_of(cls, name: str) -> str:
        """What is asked for, with its object: "Start web1", "Change disks of web1", "Set node1 offline"."""
        verb = cls.label.removesuffix(f" {cls.outcome}")
        return " ".join(filter(None, [verb, cls.linked, name, cls.outcome]))

    @classmethod
    def unfit(cls, on: On) -> str:
        """Why it makes no sense for the object as it is, in words to show; empty where it does."""
        return ""

    @classmethod
    def idle(cls, on: On) -> str:
        """Why it would change nothing: "It is running already"; empty where it would."""
        return ""

    def against(self, on: On) -> str:
        """Why it cannot be done with these parameters, in words to show; empty where it can."""
        return ""

    def also_needs(self, on: On) -> list[tuple[str, Model]]:
        """What must be permitted besides, and on what: for parameters that reach further than the object."""
        return []

    def names(self, on: On) -> str:
        """What the job is about, by name: the object, or what is made within it."""
        return str(on)

    @property
    def takes(self) -> Size:
        """What the project has more of once what is not there yet was made."""
        return Size()

    def then(self) -> Command[On] | None:
        """What is asked for by itself once this is done."""
        return None

    def ended(self, job: Job) -> None:
        """What else is to be written when its job has ended, however that went; in the same transaction."""

    def send(self, client: rapi.Client, *, target: str, reason: str) -> int | None:
        """Submits it for what has that name; the number of Ganeti's job, None where it `is_immediate`."""
        raise NotImplementedError

    def line(self, target: str) -> str:
        """The command line that does the same on the cluster's master."""
        raise NotImplementedError


class MachineCommand(Command["VirtualMachine"]):
    """Something that can be done to a virtual machine."""

    respects_lock: ClassVar[bool] = False  # not done to a machine that is locked

    def demand(self, vm: VirtualMachine) -> Size:
        """What the machine's project will have more of once it is done; counted against its quota."""
        return Size()


class Guarded(MachineCommand):
    """A command whose request carries the machine's uuid: Ganeti refuses it for another of the same name."""

    def send(self, client: rapi.Client, *, target: str, reason: str, uuid: str = "") -> int:
        raise NotImplementedError


class ForMany(MachineCommand):
    """One request for all the jobs under it; Ganeti begins a job of its own for each of them."""

    def send_all(self, client: rapi.Client, parts: Mapping[str, Command[Any]], *, reason: str) -> int:
        """Submits the parts, each under the name of what it is for."""
        raise NotImplementedError


def restore(name: str, params: dict[str, Any], *, sealed: str = "") -> Command[Any]:
    """The command that a job's row describes."""
    return REGISTRY[name](**params, sealed=sealed)
