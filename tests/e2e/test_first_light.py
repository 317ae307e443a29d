"""From a real cluster to a browser, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.real.labs import Lab

pytestmark = [pytest.mark.e2e, pytest.mark.real]

MACHINE = "vm4.lab1.ganeti.test"


@pytest.fixture(autouse=True)
def as_it_was(lab1: Lab) -> Iterator[None]:
    """The machine is stopped again afterwards."""
    yield
    lab1.command("gnt-instance", "shutdown", "--timeout=1", MACHINE)


def test_start_in_the_browser_starts_the_machine_and_every_open_page_shows_it(
    site: Site, lab1: Lab, page: Page
) -> None:
    lab1.command("gnt-instance", "shutdown", "--timeout=1", MACHINE)
    site.manage("synccluster", "lab1")
    site.sign_in(page, path=f"/vms/lab1/{MACHINE}/")
    head = page.locator("main header.head")
    expect(head).to_contain_text("Stopped")
    page.evaluate("() => { window.neverReloaded = true }")
    beside = page.context.new_page()
    beside.goto(f"{site.url}/vms/?cluster=lab1")
    row = beside.get_by_role("row").filter(has_text=MACHINE)
    expect(row).to_contain_text("Stopped")

    head.get_by_role("button", name="Start").click()

    expect(head).to_contain_text("Starting")
    expect(head).to_contain_text("Running", timeout=30_000)
    expect(row).to_contain_text("Running", timeout=10_000)
    assert page.evaluate("() => window.neverReloaded") is True
    assert "ERROR" not in lab1.command("gnt-instance", "list", "--no-headers", "-o", "status", MACHINE)

    beside.goto(f"{site.url}/jobs/")
    beside.get_by_role("link", name=re.compile(f"Start {MACHINE}")).first.click()
    expect(beside.locator("main")).to_contain_text("Done")
    number = beside.locator("main").get_by_text(re.compile(r"Job \d+")).first.inner_text().split()[-1]
    assert "gwm:admin:" in lab1.command("gnt-job", "info", number)


def test_what_is_done_on_the_command_line_shows_on_the_open_page_within_ten_seconds(
    site: Site, lab1: Lab, page: Page
) -> None:
    lab1.command("gnt-instance", "startup", MACHINE)
    site.manage("synccluster", "lab1")
    site.sign_in(page, path=f"/vms/lab1/{MACHINE}/")
    head = page.locator("main header.head")
    expect(head).to_contain_text("Running")
    lab1.command("gnt-instance", "shutdown", "--timeout=1", MACHINE)
    expect(head).to_contain_text("Stopped", timeout=10_000)
    expect(page.locator("main")).to_contain_text("command line")
