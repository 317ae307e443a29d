"""The page on which one asks what somebody may do with an object, and why."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.explain import explain_all, switched_off
from ganeti_webmgr.permissions.forms import AskForm
from ganeti_webmgr.permissions.granting import ruling
from ganeti_webmgr.permissions.topics import topic_of
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


@require_safe
def ask(request: Request) -> HttpResponse:
    """Of oneself everybody may ask, of others who administers the object; else Denied."""
    form = AskForm(request.GET if "on" in request.GET else None, user=request.user)
    found = form.cleaned_data["on"] if form.is_valid() else []
    context: dict[str, Any] = {"form": form}
    if len(found) == 1:
        context |= _told(request, form, found[0])
    elif found:
        who = request.GET.get("who", "")
        context["several"] = [{"object": on, "url": _address(on, who)} for on in found]
    return pages.page(request, "permissions/ask.html", context)


def _told(request: Request, form: AskForm, target: Model) -> dict[str, Any]:
    if not form.is_about_oneself:
        policy.require(request.user, ruling(policy.kind_of(type(target))), target)
    person = form.person()
    if person is None:
        return {}
    return {
        "person": person,
        "target": target,
        "switched_off": switched_off(person),
        "told": explain_all(person, target),
        "helpers": policy.helpers(target),
        "topics": topic_of(target),
    }


def _address(on: Any, who: str) -> str:
    return f"?{urlencode({'who': who, 'on': on.get_absolute_url()})}"
