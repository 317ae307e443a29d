"""Pages about the own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect

from ganeti_webmgr.accounts.forms import NewPasswordForm
from ganeti_webmgr.live import publish
from ganeti_webmgr.ui import pages
from ganeti_webmgr.ui.http import Request


def password_change(request: Request) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        user = form.save()
        update_session_auth_hash(request, user)
        publish(f"user:{user.pk}")  # streams of other sessions end with the old password
        messages.success(request, "Password changed.")
        return redirect("home")
    return pages.page(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)
