"""Pages about the own account."""

from __future__ import annotations

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ganeti_webmgr.accounts import services, sessions, throttle
from ganeti_webmgr.accounts.forms import KeyForm, NewPasswordForm, ProfileForm
from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.accounts.tabs import tabs
from ganeti_webmgr.audit.origin import client_address
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request

either = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and throttle.attempt("sign-in", address=client_address(request)) is None:
        raise throttle.TooMany("Signing in was tried too often from here. Wait a minute, then try again.")
    view = LoginView.as_view(extra_context={"can_send_mail": settings.CAN_SEND_MAIL})
    response: HttpResponse = view(request)
    return response


@either
def password_change(request: Request) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        user = form.save(session_key=request.session.session_key)
        update_session_auth_hash(request, user)
        messages.success(request, "Password changed.")
        return redirect("dashboard:overview")
    context = {"form": form, "tabs": tabs(request.user, "password_change")}
    return pages.page(request, "accounts/password.html", context, status=422 if form.errors else 200)


@either
def profile(request: Request) -> HttpResponse:
    person = User.objects.get(pk=request.user.pk)  # not the one of the frame, which keeps its old name
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        services.change_profile(request.user, **form.cleaned_data)
        messages.success(request, "Profile changed.")
        return redirect("profile")
    context = {"form": form, "tabs": tabs(request.user, "profile")}
    return pages.page(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@either
def keys(request: Request) -> HttpResponse:
    form = KeyForm(request.POST or None)
    if form.is_valid():
        try:
            key = services.add_key(request.user, form.cleaned_data["text"], name=form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Key {key} added.")
            return redirect("keys")
    rows = request.user.ssh_keys.order_by("name", "pk")
    context = {"form": form, "keys": rows, "tabs": tabs(request.user, "keys")}
    return pages.page(request, "accounts/keys.html", context, status=422 if form.errors else 200)


@either
def remove_key(request: Request, pk: int) -> HttpResponse:
    """Asks first."""
    key = get_object_or_404(request.user.ssh_keys, pk=pk)
    if request.method == "POST":
        services.remove_key(key)
        messages.success(request, f"Key {key} removed.")
        return redirect("keys")
    return pages.page(request, "accounts/remove_key.html", {"key": key})


@require_safe
def open_sessions(request: Request) -> HttpResponse:
    context = {
        "sessions": sessions.open_sessions(request.user),
        "present": request.session.session_key,
        "tabs": tabs(request.user, "sessions"),
        "topics": f"user:{request.user.pk}",
    }
    return pages.page(request, "accounts/sessions.html", context)


@require_POST
def end_session(request: Request, public_id: str) -> HttpResponse:
    others = sessions.open_sessions(request.user).exclude(session_key=request.session.session_key)
    session = next((session for session in others if session.public_id == public_id), None)
    if session is None:
        raise Http404
    sessions.end(session, by=request.user)
    messages.success(request, f"{session.browser or 'The session'} is signed out.")
    return redirect("sessions")


@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    count = sessions.end_all(request.user, by=request.user, but=request.session.session_key)
    messages.success(request, f"Signed out in {count} other place{'' if count == 1 else 's'}.")
    return redirect("sessions")
