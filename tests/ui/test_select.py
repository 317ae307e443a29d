"""Selects with many options."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import Select
from pytest_django.asserts import assertHTMLEqual

from ganeti_webmgr.ui.select import LongSelect

CHOICES = [("", "Any cluster"), ("r&d", 'R & "D"'), (2, "<second>")]
ATTRS: dict[str, Any] = {"class": "in in-sm", "id": "id_cluster", "disabled": True, "required": False}


@pytest.mark.parametrize("value", ["", "r&d", 2, None, "unknown"])
def test_a_long_select_is_what_django_would_write(value: object) -> None:
    ours = LongSelect(choices=CHOICES).render("cluster", value, attrs=ATTRS)
    assertHTMLEqual(ours, Select(choices=CHOICES).render("cluster", value, attrs=ATTRS))
