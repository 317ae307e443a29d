"""A person at the web process, over real HTTP."""

from __future__ import annotations

import html
import re

import requests
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.jobs.models import Job
from ganeti_webmgr.vms.models import VirtualMachine

PATIENCE_S = 5  # a page that takes longer has failed


class Browser:
    """Somebody signed in."""

    def __init__(self, address: str, user: User) -> None:
        self._address = address
        self._session = requests.Session()
        signed_in = Client()
        signed_in.force_login(user)
        cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME]
        self._session.cookies.set(cookie.key, cookie.value)

    def opens(self, path: str) -> str:
        """The page; anything but a page in time is an error."""
        answer = self._session.get(f"{self._address}{path}", timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.text

    def starts(self, vm: VirtualMachine) -> Job:
        """Presses Start on the machine's page; the job that came of it."""
        path = vm.get_absolute_url()
        self.opens(f"{path}-/start/")
        answer = self._session.post(
            f"{self._address}{path}-/start/",
            data={"csrfmiddlewaretoken": self._session.cookies["csrftoken"]},
            timeout=PATIENCE_S,
        )
        answer.raise_for_status()
        return Job.objects.filter(vm=vm).exclude(command="").latest("created_at")


def facts(page: HttpResponseBase) -> str:
    """What a page says, without its tags."""
    assert page.status_code == 200
    assert isinstance(page, HttpResponse)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())
