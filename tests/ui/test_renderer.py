"""Controls that are written directly are those that Django's templates write."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from ganeti_webmgr.ui.renderer import DIRECTLY, Renderer

NASTY = "\"'<script>&amp;\n"


class Everything(forms.Form):
    text = forms.CharField(max_length=40, label=NASTY)
    number = forms.IntegerField(min_value=1)
    password = forms.CharField(widget=forms.PasswordInput(render_value=True))
    email = forms.EmailField(required=False)
    url = forms.URLField(assume_scheme="https")
    hidden = forms.CharField(widget=forms.HiddenInput)
    tick = forms.BooleanField(required=False)
    area = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-x": NASTY, "hidden": False}))
    chosen = forms.ChoiceField(choices=[("a", NASTY), ("b", "b")])
    picked = forms.ChoiceField(choices=[("a", NASTY), ("b", "b")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"text": NASTY, "number": "x", "password": NASTY, "area": NASTY, "tick": "on", "hidden": NASTY},
        {"text": mark_safe("<b>"), "number": "0", "area": "", "chosen": "b", "picked": "a"},
    ],
)
def test_they_are_those_that_django_writes(data: dict[str, Any] | None) -> None:
    ours, djangos = Everything(data, renderer=Renderer()), Everything(data, renderer=TemplatesSetting())
    for field in Everything.base_fields:
        assert ours[field].as_widget(attrs={"class": "in"}) == djangos[field].as_widget(attrs={"class": "in"})


def test_every_one_of_them_is_compared() -> None:
    compared = {field.widget.template_name for field in Everything.base_fields.values()}
    assert DIRECTLY.keys() <= compared
