"""What can be done to an object, as buttons, and the page on which it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.jobs.forms import CommandForm
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.jobs.services import hindrance, obstacle_beside, request_job
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


@dataclass(frozen=True)
class Action:
    """A command as a button; `reason` says why it is off, and is empty where it is on."""

    form: type[CommandForm]
    url: str
    reason: str
    note: str

    @property
    def command(self) -> type[Command[Any]]:
        return self.form.command_class

    @property
    def is_page(self) -> bool:
        """Whether there is something to choose or to mind first."""
        return self.form.asks

    @property
    def is_danger(self) -> bool:
        return self.form.is_danger


def actions(
    on: Any, forms: Mapping[str, type[CommandForm]], held: frozenset[str], job: Job | None = None
) -> dict[str, Action]:
    """By its word, all that can be done to the object, with the reason where the person cannot now.

    `held` is what he may, `job` the open job of the object; None where it has none.
    """
    obstacle = obstacle_beside(job, on)
    here = on.get_absolute_url()
    found = {}
    for verb, form in forms.items():
        command = form.command_class
        why = policy.missing(command.permission, on, held) or hindrance(command, on, obstacle)
        found[verb] = Action(form, act_url(here, verb), why, command.idle(on))
    return found


def act_url(here: str, verb: str) -> str:
    """The address at which that is done to the object with the page `here`."""
    return f"{here}-/{verb}/"


def act_page(
    request: Request, on: Any, form: CommandForm, *, template: str, context: Mapping[str, Any], home: str = ""
) -> HttpResponse:
    """The page on which a command is chosen and confirmed, and where it is asked for.

    `home` is where its button stands, where that is not the object's own page.
    """
    command, home = form.command_class, home or on.get_absolute_url()
    policy.require(request.user, command.permission, on)
    if form.is_valid():
        job = request_job(by=request.user, command=form.command(), on=on, over_quota=form.over_quota)
        page: HttpResponse = redirect(job if form.leaves else home)
        return page
    context = {
        "on": on,
        "home": home,
        "form": form,
        "command": command,
        "question": command.asked_of(str(on)),
        "obstacle": hindrance(command, on),
        **context,
    }
    return pages.page(request, template, context, status=422 if form.errors else 200)
