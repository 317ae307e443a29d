"""What holds for every template and style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
STYLES = sorted((settings.BASE_DIR / "static" / "css").rglob("*.css"))
# The screen of a machine is dark in both themes.
COMPONENTS = [path for path in STYLES if path.parent.name == "components" and path.stem != "console"]

INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "an event handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.I),
    "a javascript address": re.compile(r"""["']\s*javascript:""", re.I),
    "an htmx filter or script, which needs eval": re.compile(r"""hx-trigger="[^"]*\[|hx-\w+="js:"""),
    "something from another site": re.compile(r"""(src|href)="(https?:)?//""", re.I),
}


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it_is_forbidden_by_the_content_security_policy(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert not [what for what, pattern in INLINE.items() if pattern.search(source)]


@pytest.mark.parametrize("name", NAMES)
def test_its_comments_end_on_their_line(name: str) -> None:
    # Django shows a {# that does not.
    lines = (TEMPLATES / name).read_text().splitlines()
    assert not [line for line in lines if "{#" in line and "#}" not in line]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("components/")])
def test_a_component_s_parts_see_only_what_they_are_given(name: str) -> None:
    includes = re.findall(r"{% include [^%]*%}", (TEMPLATES / name).read_text())
    assert not [include for include in includes if not include.endswith(" only %}")]


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html", "503.html"])
def test_what_is_shown_when_nothing_works_needs_no_context_and_no_database(name: str) -> None:
    page = get_template(name).render()
    assert 'data-theme="auto"' in page
    assert "Ganeti Web Manager" in page


def test_every_form_that_changes_something_carries_its_token() -> None:
    forms = [
        (name, form)
        for name in NAMES
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", (TEMPLATES / name).read_text(), re.S)
    ]
    assert forms
    assert not [name for name, form in forms if "{% csrf_token %}" not in form]


def test_every_style_sheet_is_imported_into_its_layer() -> None:
    root = settings.BASE_DIR / "static" / "css" / "gwm.css"
    imported = dict(re.findall(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;', root.read_text()))
    assert set(imported) == {str(path.relative_to(root.parent)) for path in STYLES if path != root}
    assert {layer for name, layer in imported.items() if name.startswith("components/")} == {"components"}


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_names_no_colour_of_its_own(path: Path) -> None:
    source = re.sub(r'url\("data:[^"]*"\)', "", path.read_text())
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|light-dark\(", source)


def test_htmx_is_told_not_to_write_styles() -> None:
    assert '"includeIndicatorCSS": false' in (TEMPLATES / "layouts/app.html").read_text()
