"""What our templates say about icons, sizes, moments and lists. Built into every template."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ganeti_webmgr.ui import wording
from ganeti_webmgr.ui.filtering import Chip, in_force

register = template.Library()

register.filter("mib", wording.mib)
register.filter("mib_of", wording.mib_of)
register.filter("share", wording.share)
register.filter("less", wording.less)
register.filter("per", wording.per)
register.filter("spelled", wording.spelled)
register.filter("setting", wording.setting)
register.filter("duration", wording.duration)
register.filter("words", wording.words)
register.filter("host", wording.host)


@register.simple_tag
@cache  # a list shows a hundred, of a dozen kinds
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, in the colour of the text around it."""
    css = " ".join(["i", *classes.split(), *(["spin"] if name == "loader-2" else [])])
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        css,
        static("vendor/icons/sprite.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def chips(context: template.RequestContext, form: BaseForm) -> list[Chip]:
    """The filters in force in a list, each with the address of the list without it."""
    return in_force(form, context["request"].GET)


@register.filter
def item(things: Mapping[str, object], name: str) -> object:
    """What stands under a name that a template cannot spell with a dot."""
    return things.get(name)


@register.filter
def pretty(value: object) -> str:
    """The value as JSON that a person can read."""
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def moment(at: datetime | str | None) -> str:
    """When, to the minute: "14:06", "yesterday 16:20", "19 Nov 14:02", "12 Mar 2024"."""
    return _time(at, wording.moment)


@register.filter
def clock(at: datetime | str | None) -> str:
    """When, to the second: "14:06:31", "19 Nov 14:06:31"."""
    return _time(at, wording.clock)


@register.filter
def until(start: datetime | None, end: datetime | None) -> timedelta | None:
    """How long from one moment to another, or to now where that has not come; None where it has not begun."""
    return (end or timezone.now()) - start if start else None


@register.filter
def count(items: int | Collection[object]) -> str:
    """A number of things, with commas: "2,318"."""
    return f"{items if isinstance(items, int) else len(items):,}"


@register.filter
def control(field: BoundField, classes: str = "") -> SafeString:
    """The widget of a form field, drawn as our control."""
    return field.as_widget(attrs={"class": f"in {classes}".strip()})


def _time(at: datetime | str | None, words: wording.Moment) -> str:
    """Takes the text of a moment as well, as logs and Ganeti's answers have it."""
    if not at:
        return "–"
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    local = timezone.localtime(at)
    full = local.isoformat(sep=" ", timespec="seconds")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        full,
        words(local, today=timezone.localdate()),
    )
