"""The palette over any page: opened, walked through and closed with the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.site import Site

pytestmark = pytest.mark.e2e


def opened(page: Page) -> Locator:
    """The palette, over a page whose script has run."""
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search or do something")
    expect(palette.get_by_label("Search, or an action and a machine")).to_be_focused()
    return palette


def test_escape_closes_the_palette_and_gives_the_focus_back(demo: Site, page: Page) -> None:
    demo.sign_in(page, path="/nodes/")
    opener = page.locator("main a.name").first
    opener.focus()
    palette = opened(page)
    page.keyboard.type("db1")
    hits = palette.get_by_role("link")
    expect(hits.first).to_contain_text("db1.sim1.example.org")
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(opener).to_be_focused()


def test_on_a_phone_what_is_found_can_be_read(demo: Site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    demo.sign_in(page, path="/nodes/")
    palette = opened(page)
    page.keyboard.type("db")
    jobs = palette.get_by_role("link").filter(has_text="job ")
    expect(jobs.first).to_be_visible()
    words = jobs.locator("span:not(.end)")
    widths = words.evaluate_all("found => found.map(words => words.getBoundingClientRect().width)")
    assert min(widths) > 200
