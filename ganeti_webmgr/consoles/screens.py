"""What the page of a machine's console shows beside the screen itself."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse

from ganeti_webmgr.consoles.endings import ENDINGS
from ganeti_webmgr.consoles.models import Kind, Mode
from ganeti_webmgr.consoles.offers import offers
from ganeti_webmgr.jobs.acting import actions
from ganeti_webmgr.jobs.listing import open_jobs
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.vms.access import on_console
from ganeti_webmgr.vms.forms import FORMS
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.status import state_of

PATH = "/console/ws"


def bar(request: Request, vm: VirtualMachine) -> dict[str, Any]:
    """What follows the machine: its state, what can be done to it, and who else looks."""
    job = open_jobs([vm]).get(vm.pk)
    held = policy.held(request.user, vm)
    return {
        "vm": vm,
        "state": state_of(vm, job),
        "is_busy": job is not None,
        "held": held,
        "actions": actions(vm, FORMS, held, job),
        "others": [console for console in on_console(vm) if console.user_id != request.user.pk],
        "topics": f"vm:{vm.pk}",
    }


def page(request: Request, vm: VirtualMachine, *, kind: Kind, mode: Mode) -> dict[str, Any]:
    """All of the page."""
    return {
        **bar(request, vm),
        "kind": kind,
        "mode": mode,
        "offers": offers(vm),
        "endings": ENDINGS.values(),
        "address": address(request),
        "idle_min": settings.CONSOLE_IDLE_S // 60,
        "longest_h": settings.CONSOLE_LONGEST_S / 3600,
    }


def origin(request: Request) -> str:
    """Of our pages, as this browser sees them."""
    return f"{request.scheme}://{request.get_host()}"


def address(request: Request) -> str:
    """Where the console proxy is, seen from the browser."""
    scheme = "wss" if request.is_secure() else "ws"
    host = request.get_host()
    if settings.CONSOLE_PORT:
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        host = f"{name}:{settings.CONSOLE_PORT}"
    return f"{scheme}://{host}{PATH}"


def with_policy(request: Request, response: HttpResponse, kind: Kind) -> HttpResponse:
    """The page may connect to the proxy; the terminal's library writes styles into it."""
    more: dict[str, Any] = {"connect-src": [address(request)]}
    if kind == Kind.SERIAL:
        more["style-src"] = ["'unsafe-inline'"]
    csp_update(more)(lambda _: response)(request)  # it writes the addition on the response
    return response
