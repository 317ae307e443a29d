"""A form that changes its shape while somebody types."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.site import Site

pytestmark = pytest.mark.e2e


def answer(page: Page, request: Route) -> None:
    with page.expect_response("**/vms/new/"):
        request.continue_()


def test_what_is_typed_while_the_answer_is_on_its_way_is_kept(demo: Site, page: Page) -> None:
    demo.sign_in(page, path="/vms/new/")
    summary = page.get_by_role("group", name="Summary")
    expect(summary).to_contain_text("Enter a name first.")
    name = page.get_by_label("Name", exact=True).first
    size = page.get_by_label("Size", exact=True).last
    size.fill("20")
    on_its_way: list[Route] = []
    page.route("**/vms/new/", lambda route: on_its_way.append(route))  # noqa: PLW0108 - a builtin will not do
    with page.expect_request("**/vms/new/"):
        page.get_by_label("Operating system", exact=True).select_option(index=1)
    size.fill("30")
    page.get_by_label("Install the operating system").uncheck()
    with page.expect_request("**/vms/new/"):
        page.locator(".pick label").filter(has_text="you pick").click()
    name.fill("web1.example.org")

    answer(page, on_its_way[0])
    answer(page, on_its_way[1])

    expect(page.get_by_label("Node", exact=True)).to_be_visible()
    expect(summary).to_contain_text("30 GiB")
    expect(name).to_have_value("web1.example.org")
    expect(size).to_have_value("30")
    expect(page.get_by_label("Install the operating system")).not_to_be_checked()
