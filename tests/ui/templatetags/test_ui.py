from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import forms
from django.template import engines
from django.utils import timezone

from ganeti_webmgr.ui.templatetags import ui


class Size(forms.Form):
    memory = forms.IntegerField(max_value=64)


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_an_icon_is_drawn_from_the_sprite_and_hidden_from_screen_readers() -> None:
    drawn = render('{% icon "server-2" "i-sm bad" %}')
    assert drawn.startswith('<svg class="i i-sm bad" aria-hidden="true"><use href="/static/vendor/icons/')
    assert drawn.endswith('#i-server-2"></use></svg>')


def test_only_the_icon_of_something_in_motion_turns() -> None:
    assert 'class="i spin"' in render('{% icon "loader-2" %}')
    assert "spin" not in render('{% icon "clock" %}')


def test_a_moment_carries_its_full_time_in_the_local_zone() -> None:
    with timezone.override("Europe/Lisbon"):
        shown = ui.clock(datetime(2024, 7, 1, 12, 0, 5, tzinfo=UTC))
    assert 'datetime="2024-07-01T12:00:05+00:00"' in shown
    assert 'title="2024-07-01 13:00:05+01:00"' in shown
    assert ">1 Jul 2024 13:00:05<" in shown


def test_the_moments_of_a_log_are_read_from_text() -> None:
    assert "1 Jul 2024" in ui.clock("2024-07-01T12:00:05+00:00")


def test_a_moment_that_never_came_is_a_dash() -> None:
    assert ui.moment(None) == "–"
    assert ui.clock(None) == "–"


def test_what_has_not_ended_lasts_until_now() -> None:
    start = timezone.now() - timedelta(minutes=5)
    assert ui.until(None, None) is None
    assert ui.until(start, start + timedelta(seconds=4)) == timedelta(seconds=4)
    lasts = ui.until(start, None)
    assert lasts is not None
    assert lasts >= timedelta(minutes=5)


def test_large_numbers_have_commas() -> None:
    assert ui.count(2318) == "2,318"
    assert ui.count([1, 2]) == "2"


def test_a_wrong_value_is_marked_on_its_control_which_names_the_message() -> None:
    source = '{% include "components/field.html" with field=form.memory only %}'
    shown = render(source, form=Size({"memory": "72"}))
    assert 'class="in"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_memory_error"' in shown
    assert 'id="id_memory_error"' in shown
    assert "less than or equal to 64" in shown
