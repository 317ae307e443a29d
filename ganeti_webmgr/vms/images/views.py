"""Pages of the catalogue of operating systems."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.clusters.models import OperatingSystem
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.listing import seen
from ganeti_webmgr.permissions.loading import get_permitted
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request
from ganeti_webmgr.ui.rows import Rows, draft, edited
from ganeti_webmgr.vms.hypervisors import told
from ganeti_webmgr.vms.images.families import icon_of
from ganeti_webmgr.vms.images.forms import (
    HvParameterForm,
    ImageForm,
    OsParameterForm,
    known_parameters,
    say_twice,
)
from ganeti_webmgr.vms.images.parameters import parameters_of
from ganeti_webmgr.vms.images.services import SAID, describe, namesakes_of, read_again
from ganeti_webmgr.vms.images.table import IMAGES

PARAMETERS, HYPERVISOR = "parameter", "hv"


@require_safe
def index(request: Request) -> HttpResponse:
    mine = policy.permitted(request.user, "admin", OperatingSystem.objects.all())
    context = {
        **vars(seen(request, IMAGES)),
        "new": mine.filter(described=False, missing_since=None).count(),
    }
    return pages.page(request, "images/list.html", context)


@require_POST
def read(request: Request) -> HttpResponse:
    """Has the lists read again, by a worker."""
    count = read_again(by=request.user)
    told = f"The lists of {count} clusters are being read" if count != 1 else "The list is being read"
    messages.info(request, told if count else "There is no cluster whose list you may have read.")
    return redirect("images:index")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, slug: str, pk: int) -> HttpResponse:
    """What is said of one operating system."""
    rows = OperatingSystem.objects.select_related("cluster").filter(cluster__slug=slug)
    system = get_permitted(request.user, "admin", rows, pk=pk)
    form, parameters, hvparams = _forms(request, system)
    is_final = request.method == "POST" and edited(request.POST) is None
    if is_final and _are_valid(form, parameters, hvparams):
        describe(system, by=request.user, **_said(form, parameters, hvparams))
        return redirect("images:index")
    context = {
        "system": system,
        "icon": icon_of(system),
        "form": form,
        "parameters": parameters,
        "hvparams": hvparams,
    }
    return pages.page(request, "images/edit.html", context, status=422 if is_final else 200)


Forms = tuple[ImageForm, Rows[OsParameterForm], Rows[HvParameterForm]]


def _forms(request: Request, system: OperatingSystem) -> Forms:
    changed = edited(request.POST)
    data: QueryDict | None = (changed or request.POST) if request.method == "POST" else None
    checked = changed is None
    options: dict[str, Any] = {"namesakes": namesakes_of(system, user=request.user)}
    initial = {name: getattr(system, name) for name in SAID}
    initial["hidden"] = "1" if system.hidden else ""
    if data is None:
        form = ImageForm(initial=initial, **options)
    else:
        form = ImageForm(data, **options) if checked else draft(ImageForm, data, **options)
    parameters = Rows(
        OsParameterForm,
        PARAMETERS,
        data=data,
        checked=checked,
        initial=[asdict(parameter) for parameter in parameters_of(system)],
    )
    hvparams = Rows(
        HvParameterForm,
        HYPERVISOR,
        data=data,
        checked=checked,
        most=40,
        initial=[{"name": name, "value": told(value)} for name, value in system.hvparams.items()],
        known=known_parameters(system.cluster),
    )
    return form, parameters, hvparams


def _are_valid(form: ImageForm, parameters: Rows[OsParameterForm], hvparams: Rows[HvParameterForm]) -> bool:
    valid = [form.is_valid(), parameters.are_valid(), hvparams.are_valid()]
    return all(valid) and not any([say_twice(parameters), say_twice(hvparams)])


def _said(
    form: ImageForm, parameters: Rows[OsParameterForm], hvparams: Rows[HvParameterForm]
) -> dict[str, Any]:
    return {
        **form.cleaned_data,
        "hidden": form.cleaned_data["hidden"] == "1",
        "parameters": [row for row in parameters.values() if row.get("name")],
        "hvparams": {row["name"]: row["read"] for row in hvparams.values()},
    }
