"""What the palette offers to do: "start web01" names an action, and one machine offers all of its own."""

from __future__ import annotations

from dataclasses import dataclass

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.dashboard.searching import MACHINES, find
from ganeti_webmgr.jobs.acting import Action, act_url, actions
from ganeti_webmgr.jobs.commands import MachineCommand
from ganeti_webmgr.jobs.listing import open_jobs
from ganeti_webmgr.jobs.services import cluster_obstacle, hindrance
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.vms.forms import FORMS
from ganeti_webmgr.vms.forms.command import MachineForm
from ganeti_webmgr.vms.models import VirtualMachine

MOST_MACHINES = 4
MOST_OF_ONE = 6


@dataclass(frozen=True)
class Doing:
    """One action on one machine."""

    action: Action
    vm: VirtualMachine


def split(words: list[str]) -> tuple[str, list[str]]:
    """The action that the first words name, if they do, and the words after it."""
    labels = {form.command_class.label.lower(): verb for verb, form in FORMS.items()}
    for number in (3, 2, 1):
        verb = labels.get(" ".join(words[:number]).lower(), "")
        if verb and len(words) > number:
            return verb, words[number:]
    return "", words


def named(user: User, verb: str, words: list[str]) -> list[Doing]:
    """That action on the machines that have these words, where the person may and it makes sense now."""
    found = find(MACHINES, user, words, most=MOST_MACHINES)
    vms = whole(found.objects if found else [])
    form = FORMS[verb]
    rows = VirtualMachine.objects.filter(pk__in=[vm.pk for vm in vms])
    able = set(policy.permitted(user, form.command_class.permission, rows).values_list("pk", flat=True))
    free = able - open_jobs(vms).keys()
    offered = [Doing(_action(verb, form, vm), vm) for vm in vms if vm.pk in free]
    return [each for each in offered if not each.action.reason]


def of_one(user: User, vms: list[VirtualMachine]) -> list[Doing]:
    """What can be done now with the only machine that was found."""
    if len(vms) != 1:
        return []
    (vm,) = vms = whole(vms)
    able = actions(vm, FORMS, policy.held(user, vm), open_jobs(vms).get(vm.pk))
    possible = [action for action in able.values() if not action.reason and not action.note]
    return [Doing(action, vm) for action in possible[:MOST_OF_ONE]]


def whole(vms: list[VirtualMachine]) -> list[VirtualMachine]:
    """The same with everything that decides what can be done with them."""
    rows = VirtualMachine.objects.select_related("cluster", "primary_node").in_bulk([vm.pk for vm in vms])
    return [rows[vm.pk] for vm in vms if vm.pk in rows]


def _action(verb: str, form: type[MachineForm], vm: VirtualMachine) -> Action:
    return Action(form, act_url(vm.get_absolute_url(), verb), _hindrance(form.command_class, vm), "")


def _hindrance(command: type[MachineCommand], vm: VirtualMachine) -> str:
    """Why it cannot be asked of the machine, which has no open job, or would change nothing."""
    gone = f"{vm} is not there any more." if vm.missing_since else ""
    return hindrance(command, vm, cluster_obstacle(vm.cluster) or gone) or command.idle(vm)
