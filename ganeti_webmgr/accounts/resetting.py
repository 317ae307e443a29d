"""A new password by mail, for who has lost the old one. Never tells whether an address is known."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from ganeti_webmgr.accounts import throttle
from ganeti_webmgr.accounts.forms import LostPasswordForm, ResetPasswordForm
from ganeti_webmgr.accounts.tasks import send_reset_link
from ganeti_webmgr.audit.origin import client_address
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.refusal import Refusal


class NoMail(Refusal):
    """Nobody can be told to send the link."""

    status = 503
    title = "No mail can be sent at the moment"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The page on which a link is asked for."""
    if not settings.CAN_SEND_MAIL:
        raise Http404
    form = LostPasswordForm(request.POST or None)
    if form.is_valid():
        _send(request, form.cleaned_data["email"])
        return redirect("password_reset_sent")
    return pages.page(request, "account/reset.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return pages.page(request, "account/reset_sent.html")


@method_decorator(login_not_required, name="dispatch")
class Confirm(PasswordResetConfirmView):
    """Where the link leads: once, and for an hour."""

    form_class = ResetPasswordForm
    template_name = "account/reset_confirm.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, "Password changed. Sign in with the new one.")
        return response


def _send(request: HttpRequest, address: str) -> None:
    """Has the link sent, if anybody has that address."""
    if throttle.attempt("link by mail", address=client_address(request), key=address.lower()) is None:
        raise throttle.TooMany("Look into your mailbox, also under spam, or try again in an hour.")
    try:
        send_reset_link.delay(address, request.build_absolute_uri("/"))
    except (OperationalError, RedisError) as error:
        raise NoMail("Try again in some minutes.") from error
