"""A superuser gives to a project; its lead gives one person one machine for a day, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site
from tests.real.labs import Lab

pytestmark = [pytest.mark.e2e, pytest.mark.real]

MACHINE = "vm4.lab1.ganeti.test"
OTHER = "vm1.lab1.ganeti.test"


@pytest.fixture(autouse=True)
def as_it_was(site: Site, lab1: Lab) -> Iterator[None]:
    """The machine is stopped before and after, and then bears no tag of ours."""
    lab1.command("gnt-instance", "shutdown", "--timeout=1", MACHINE)
    site.manage("synccluster", "lab1")
    yield
    lab1.command("gnt-instance", "shutdown", "--timeout=1", MACHINE)
    lab1.command("gnt-instance", "remove-tags", MACHINE, "gwm:owner:shop")


def person(site: Site, admin: Page, name: str) -> str:
    """An account made by the administrator; its one-time password."""
    admin.goto(f"{site.url}/people/new/")
    admin.get_by_label("User name").fill(name)
    admin.locator("main").get_by_role("button").last.click()
    admin.goto(f"{site.url}/people/?q={name}")
    admin.get_by_role("link", name=name, exact=True).click()
    admin.get_by_role("link", name="password").first.click()
    admin.locator("main").get_by_role("button").first.click()
    return admin.locator("main code, main .mono").first.inner_text().strip()


def signed_in(site: Site, browser: Browser, name: str, one_time: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{site.url}/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(one_time)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Old password").fill(one_time)
    page.get_by_label("New password", exact=True).fill(f"{name}-chose-this-one")
    page.get_by_label("New password confirmation").fill(f"{name}-chose-this-one")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password changed")).to_be_visible()
    return page


def give(page: Page, *, kind: str, to: str, role: str, until: datetime | None = None) -> None:
    page.get_by_label("To a").select_option(label=kind)
    page.locator("#id_to").fill(to)
    page.get_by_label("Role").select_option(role)
    if until:
        page.get_by_label("Until").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Give access").click()
    expect(page.get_by_text("has access to")).to_be_visible()


def test_from_a_superusers_grant_to_a_members_click(
    site: Site, lab1: Lab, browser: Browser, page: Page
) -> None:
    site.sign_in(page, path="/projects/")
    passwords = {name: person(site, page, name) for name in ("lea", "max")}
    page.goto(f"{site.url}/projects/new/")
    page.get_by_label("Name").fill("Shop")
    page.get_by_role("button", name="Make project").click()
    page.get_by_label("Who").fill("lea")
    page.get_by_label("As").select_option("lead")
    page.get_by_role("button", name="Add").click()
    page.goto(f"{site.url}/clusters/lab1/-/access/")
    give(page, kind="Project", to="shop", role="deployer")
    page.goto(f"{site.url}/vms/lab1/{MACHINE}/-/owner/")
    page.get_by_label("To the project").fill("shop")
    page.get_by_role("button", name="Change owner").click()
    expect(page.locator("main header.head")).to_contain_text("Shop")

    lead = signed_in(site, browser, "lea", passwords["lea"])
    lead.goto(f"{site.url}/projects/shop/-/edit/")
    lead.get_by_label("Members are").select_option("viewer")
    lead.get_by_role("button", name="Change").click()
    lead.get_by_label("Who").fill("max")
    lead.get_by_role("button", name="Add").click()
    expect(lead.get_by_role("row").filter(has_text="max")).to_be_visible()
    lead.goto(f"{site.url}/vms/lab1/{MACHINE}/-/access/")
    give(lead, kind="Person", to="max", role="operator", until=datetime.now() + timedelta(days=1))  # noqa: DTZ005

    member = signed_in(site, browser, "max", passwords["max"])
    member.goto(f"{site.url}/vms/")
    expect(member.locator("table a.name")).to_have_count(1)
    assert OTHER not in member.content()
    member.get_by_role("link", name=MACHINE).click()
    head = member.locator("main header.head")
    # The owner's tag was written meanwhile, and nothing else is being done.
    expect(head.get_by_role("button", name="Start")).to_be_enabled(timeout=30_000)
    expect(head).to_contain_text("gwm:owner:shop", timeout=30_000)
    assert "gwm:owner:shop" in lab1.command("gnt-instance", "list-tags", MACHINE)
    head.get_by_label("More actions").click()
    delete = head.get_by_role("button", name="Delete")
    expect(delete).to_be_disabled()
    expect(delete).to_contain_text(f"You may not delete {MACHINE}. The leads of Shop")
    head.get_by_label("More actions").click()
    head.get_by_role("button", name="Start").click()
    expect(head).to_contain_text("Running", timeout=30_000)
    refused = member.goto(f"{site.url}/vms/lab1/{MACHINE}/-/access/")
    assert refused
    assert refused.status == 403
    expect(member.locator("main")).to_contain_text("The leads of Shop")
    hidden = member.goto(f"{site.url}/vms/lab1/{OTHER}/")
    assert hidden
    assert hidden.status == 404

    page.goto(f"{site.url}/record/")
    record = page.locator("main")
    for words in ("lea", "max", "Shop", MACHINE):
        expect(record).to_contain_text(words)
    assert "as it was written" in site.manage("verify-record")
