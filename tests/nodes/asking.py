"""Asking for something on the page of a node or a group, and what then reached the cluster."""

from __future__ import annotations

from typing import Any

from django.test import Client

from ganeti_webmgr.jobs.models import Job


def page(browser: Client, on: Any, verb: str, **query: Any) -> Any:
    """The page on which it is confirmed."""
    return browser.get(f"{on.get_absolute_url()}-/{verb}/", query)


def post(browser: Client, on: Any, verb: str, **typed: Any) -> Any:
    """The answer of that page."""
    return browser.post(f"{on.get_absolute_url()}-/{verb}/", typed)


def asked(browser: Client, on: Any, verb: str, **typed: Any) -> Job:
    """The job that came of it."""
    answer = post(browser, on, verb, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.exclude(command="").latest("pk")


def problems(answer: Any) -> dict[str, list[str]]:
    """What is told at each field of a form that came back."""
    assert answer.status_code == 422, answer.status_code
    return {name: list(told) for name, told in answer.context["form"].errors.items()}
