"""What workers do about accounts: mail, so that no page shows by its haste who exists, and tidying up."""

from __future__ import annotations

from smtplib import SMTPException

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ganeti_webmgr.accounts import throttle
from ganeti_webmgr.accounts.models import User, UserSession
from ganeti_webmgr.celery import app


@app.task(name="accounts.send_reset_link", autoretry_for=(SMTPException, OSError), retry_backoff=10)
def send_reset_link(address: str, site: str) -> None:
    """Sends the one with that address a link with which to set a password; nobody else anything."""
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None or not user.has_usable_password():
        return
    where = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    link = site.rstrip("/") + reverse("password_reset_confirm", kwargs=where)
    text = render_to_string("account/reset_mail.txt", {"user": user, "link": link, "site": site})
    # To the address in the account: the typed one may only look like it.
    send_mail("A new password for Ganeti Web Manager", text, None, [user.email])


@app.task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Clears away sessions whose end has come: their browsers are signed out already."""
    UserSession.objects.filter(expire_date__lte=timezone.now()).delete()


@app.task(name="accounts.forget_attempts")
def forget_attempts() -> None:
    throttle.forget()
