"""What rows of lists are drawn with."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError

from ganeti_webmgr.ui.state import State, moving


def drawn(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_a_state_is_a_colour_an_icon_and_a_word() -> None:
    page = drawn("{% state state %}", state=State("good", "circle-check", "Running"))
    assert page.startswith('<span class="state s-good"><svg class="i"')
    assert page.endswith('#i-circle-check"></use></svg>Running</span>')


def test_a_state_that_moves_is_a_pill_and_one_in_a_paragraph_may_be_long() -> None:
    assert 'class="state s-busy pill"' in drawn("{% state state %}", state=moving("Starting"))
    page = drawn("{% state state long=True %}", state=State("warn", "alert-triangle", "Stays"))
    assert 'class="state s-warn long"' in page


def test_what_a_state_says_is_text() -> None:
    assert "&lt;b&gt;" in drawn("{% state state %}", state=State("bad", "x", "<b>"))


@pytest.mark.parametrize(("part", "level"), [(10, "used"), (86, "hi"), (96, "over")])
def test_a_bar_says_how_full_it_is(part: int, level: str) -> None:
    page = drawn('{% cellbar "Memory" part whole %}', part=part * 1024, whole=100 * 1024)
    assert f"<span>{part} of 100 GiB</span>" in page
    assert f'aria-label="Memory: {part} of 100 GiB"' in page
    assert f'<rect class="{level}" width="{part}%"/>' in page


def test_a_bar_of_anything_else_is_told_what_it_says() -> None:
    page = drawn('{% cellbar "Taken" 64 256 "64 of 256" %}')
    assert "<span>64 of 256</span>" in page
    assert 'aria-label="Taken: 64 of 256"><rect class="used" width="25%"/>' in page


@pytest.mark.parametrize(("part", "whole"), [(None, 5), (5, None), (0, 0)])
def test_a_bar_of_nothing_known_is_none(part: int | None, whole: int | None) -> None:
    page = drawn('{% cellbar "Disk" part whole %}', part=part, whole=whole)
    assert page == '<span class="none">unknown</span>'


def test_a_cell_is_there_where_its_column_is_shown() -> None:
    row = "{% cell name %}<td>{{ name }}</td>{% endcell %}{% cell memory %}<td>5</td>{% endcell %}"
    assert drawn(row, has={"name": True, "memory": False}, name="<web>") == "<td>&lt;web&gt;</td>"


def test_a_cell_of_a_column_that_the_table_has_not_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        drawn("{% cell nmae %}{% endcell %}", has={"name": True})
    with pytest.raises(TemplateSyntaxError, match="of one column"):
        Template("{% cell %}{% endcell %}")
