"""What people see while a real cluster is stopped, hung, or lets nobody in; and once it is well again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import added
from tests.e2e.site import Site
from tests.real.labs import Lab

pytestmark = [pytest.mark.e2e, pytest.mark.real, pytest.mark.faults, pytest.mark.timeout(420)]

TOLD_MS = 45_000  # one turn of the slowest question that notices, and the time that a hung answer is given
WELL_MS = 90_000  # the longest pause between two attempts, and one turn
USERS, CERTIFICATE = "/var/lib/ganeti/rapi/users", "/var/lib/ganeti/rapi.pem"
DAEMON = "/usr/lib/ganeti/daemon-util"
NEW_CERTIFICATE = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout /root/key -out /root/cert
cat /root/key /root/cert > /var/lib/ganeti/rapi.pem
"""


@pytest.fixture
def lab(empty_site: Site) -> Lab:
    """One node, on which machines really run; the site knows no other cluster."""
    return added(empty_site, "lab1")


@pytest.fixture
def open_page(empty_site: Site, lab: Lab, page: Page) -> Iterator[Page]:
    """The page of the cluster, open. Afterwards its daemons run as before and let the same people in."""
    for kept in (USERS, CERTIFICATE):
        lab.command("cp", "-p", kept, f"{kept}.kept")
    empty_site.sign_in(page, path="/clusters/lab1/")
    expect(page.get_by_role("region", name="Node groups")).to_contain_text("default")
    yield page
    lab.command("pkill", "-CONT", "-f", "ganeti-noded")
    for kept in (USERS, CERTIFICATE):
        lab.command("mv", f"{kept}.kept", kept)
    for daemon in ("ganeti-luxid", "ganeti-rapi"):
        restart(lab, daemon)


def restart(lab: Lab, daemon: str) -> None:
    """Runs the daemon anew, whether it ran, was stopped, or was killed and left its file behind."""
    script = f"{DAEMON} stop {daemon}; rm -f /var/run/ganeti/{daemon}.pid; {DAEMON} start {daemon}"
    lab.command("sh", "-uc", script)


def trouble_is_told(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(re.compile(words), timeout=TOLD_MS)
    expect(page.locator("main")).to_contain_text("The next attempt is at")


def all_is_well(site: Site, page: Page) -> None:
    """The page that was open says so by itself, and no machine was lost meanwhile."""
    expect(page.locator("main")).not_to_contain_text("The next attempt is at", timeout=WELL_MS)
    page.goto(f"{site.url}/vms/?cluster=lab1&q=vm1")
    row = page.get_by_role("row").filter(has_text="vm1.lab1.ganeti.test")
    expect(row).to_contain_text("Running")
    expect(row).not_to_contain_text("Not on the cluster")


def test_a_stopped_remote_api_is_told_and_what_is_known_stays(
    empty_site: Site, lab: Lab, open_page: Page
) -> None:
    lab.command(DAEMON, "stop", "ganeti-rapi")
    trouble_is_told(open_page, "lab1 has not answered since")
    beside = open_page.context.new_page()
    beside.goto(f"{empty_site.url}/vms/?cluster=lab1")
    expect(beside.get_by_role("link", name="vm1.lab1.ganeti.test")).to_be_visible()
    expect(beside.get_by_role("row").filter(has_text="vm1.lab1")).to_contain_text("As of")
    beside.goto(empty_site.url)
    expect(beside.locator("main")).to_contain_text("lab1 has not answered since")
    beside.close()
    lab.command(DAEMON, "start", "ganeti-rapi")
    all_is_well(empty_site, open_page)


def test_a_killed_master_daemon_is_told(empty_site: Site, lab: Lab, open_page: Page) -> None:
    lab.command("pkill", "-KILL", "-f", "/usr/sbin/ganeti-luxid")
    trouble_is_told(open_page, "lab1 has not answered since|answers with something")
    restart(lab, "ganeti-luxid")
    all_is_well(empty_site, open_page)


def test_machines_of_a_hung_node_are_told_of_as_unknown_and_come_back(
    empty_site: Site, lab: Lab, open_page: Page
) -> None:
    page = open_page
    page.goto(f"{empty_site.url}/vms/lab1/vm1.lab1.ganeti.test/")
    status = page.locator("main header.head")
    expect(status).to_contain_text("Running")
    lab.command("pkill", "-STOP", "-f", "ganeti-noded")
    expect(status).to_contain_text("Node down", timeout=120_000)
    lab.command("pkill", "-CONT", "-f", "ganeti-noded")
    expect(status).to_contain_text("Running", timeout=WELL_MS)


def test_another_certificate_gets_no_password_until_somebody_trusts_it(
    empty_site: Site, lab: Lab, open_page: Page
) -> None:
    page = open_page
    lab.command("sh", "-euc", NEW_CERTIFICATE)
    restart(lab, "ganeti-rapi")
    trouble_is_told(page, "lab1 shows another certificate, since")

    page.goto(f"{empty_site.url}/clusters/lab1/-/connection/")
    page.get_by_role("button", name="Check", exact=True).last.click()
    trusts = page.get_by_role("button", name="It is the same: trust this certificate")
    expect(trusts).to_be_visible(timeout=TOLD_MS)
    page.get_by_label(re.compile("^Password")).fill(lab.password)  # the stored one was for somebody else
    trusts.click()
    page.get_by_role("button", name="Use this connection").click(timeout=TOLD_MS)
    all_is_well(empty_site, page)


def test_a_password_that_no_longer_opens_is_told_and_a_new_one_taken(
    empty_site: Site, lab: Lab, open_page: Page
) -> None:
    page = open_page
    lab.command("sed", "-i", f"s/{lab.password}/another-secret/", USERS)
    trouble_is_told(page, "lab1 refuses the password, since")

    page.goto(f"{empty_site.url}/clusters/lab1/-/connection/")
    page.get_by_label(re.compile("^Password")).fill("another-secret")
    page.get_by_role("button", name="Check", exact=True).last.click()
    page.get_by_role("button", name="Use this connection").click(timeout=TOLD_MS)
    all_is_well(empty_site, page)
