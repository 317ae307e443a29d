"""What rows of lists are drawn with, built into every template.

Written directly: a list has a hundred of each.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ganeti_webmgr.ui import wording
from ganeti_webmgr.ui.state import State
from ganeti_webmgr.ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag(name="state")
@lru_cache(maxsize=1000)  # most rows say one of a dozen
def drawn_state(state: State, *, long: bool = False) -> SafeString:
    """A status: colour, icon and word; `long` where it may take several lines."""
    classes = f"state s-{state.tone}{' pill' * state.pill}{' long' * long}"
    return format_html('<span class="{}">{}{}</span>', classes, icon(state.icon), state.label)


@register.simple_tag
def cellbar(label: str, part: float | None, whole: float | None, text: str = "") -> SafeString:
    """A bar in a cell, of MiB where no text is given; "unknown" where either is. As `components/bar.html`."""
    used = wording.share(part, whole)
    if used is None:
        return SafeString('<span class="none">unknown</span>')
    return format_html(
        '<div class="cell-bar"><span>{text}</span><svg class="bar" role="img" aria-label="{label}: {text}">'
        '<rect class="{level}" width="{used}%"/></svg></div>',
        label=label,
        text=text or wording.mib_of(part, whole),
        level="over" if used > 95 else "hi" if used > 85 else "used",
        used=used,
    )


class Cell(Node):
    """What stands in a column, where `has` of the row says that the column is shown."""

    def __init__(self, column: str, nodelist: NodeList) -> None:
        self.column, self.nodelist = column, nodelist

    def render(self, context: template.Context) -> SafeString:
        return self.nodelist.render(context) if context["has"][self.column] else SafeString("")


@register.tag
def cell(parser: Parser, token: Token) -> Cell:
    """`{% cell memory %}<td>…</td>{% endcell %}`: `if` takes a millisecond for a thousand of them."""
    try:
        _, column = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("A cell is of one column, as in {% cell memory %}.") from None
    nodelist = parser.parse(("endcell",))
    parser.delete_first_token()
    return Cell(column, nodelist)
