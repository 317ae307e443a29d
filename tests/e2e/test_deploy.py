"""Machines of real clusters in a real browser: made, changed, moved, exported, removed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.jobs import JOB_MS, done, on_the_cluster, open_form, shown
from tests.e2e.site import Site
from tests.real.labs import Lab

# The first waits for the site to start, the last until all is removed; on a busy machine that takes its time.
pytestmark = [pytest.mark.e2e, pytest.mark.real, pytest.mark.timeout(300)]

OURS = re.compile(r"vm5\d\.lab\d\.ganeti\.test")  # the lab itself has no machine of such a name
REMOVE = ("gnt-instance", "remove", "--force", "--shutdown-timeout=1")
EXPORTS = "/var/lib/ganeti/export"


def clear(*labs: Lab) -> None:
    with ThreadPoolExecutor() as together:
        for lab in labs:
            for name in filter(OURS.fullmatch, names(lab)):
                together.submit(lab.command, *REMOVE, name)
    for lab in labs:
        for (name,) in lab.table("gnt-backup", "list", "-o", "export"):
            if OURS.fullmatch(name):
                lab.command("gnt-backup", "remove", name)
        # A node without this directory says "?" of its exports; with an empty one, nothing.
        lab.command("sh", "-c", f"test ! -d {EXPORTS} || rmdir --ignore-fail-on-non-empty {EXPORTS}")
        assert not list(filter(OURS.fullmatch, names(lab)))


@pytest.fixture(scope="module", autouse=True)
def as_it_was(lab1: Lab, lab2: Lab) -> Iterator[None]:
    """No machine and no export of ours before, and none afterwards, whatever became of the tests."""
    clear(lab1, lab2)
    yield
    clear(lab1, lab2)


def names(lab: Lab) -> list[str]:
    """The machines that the cluster's own command line lists."""
    return [name for (name,) in lab.table("gnt-instance", "list", "-o", "name")]


def carried_out(page: Page, lab: Lab, label: str, *opcodes: str, button: str = "") -> None:
    """What the form asked for is sent, and its job, the machine's latest, ends well; its page comes back."""
    page.get_by_role("button", name=button or label, exact=True).click()
    page.get_by_role("region", name="Jobs").get_by_role("link", name=label, exact=True).first.click()
    done(page, lab, *opcodes)
    page.get_by_role("link", name="The machine").click()


def pick(page: Page, label: str) -> None:
    """One of the form's cards."""
    page.locator(".pick label").filter(has=page.get_by_text(label, exact=True)).click()


def fill(page: Page, lab: Lab, *, names: str, system: str, template: str, memory: str = "128 MiB") -> None:
    """The form for new machines, as a person fills it in; the summary follows."""
    page.get_by_label("Cluster", exact=True).select_option(lab.name)
    page.get_by_label("Operating system", exact=True).select_option(system)
    page.get_by_label("Name", exact=True).first.fill(names)
    pick(page, "Own size")
    page.get_by_label("vCPUs").fill("1")
    page.get_by_label("Memory", exact=True).fill(memory)
    pick(page, template)
    page.get_by_label("Size", exact=True).last.fill("128 MiB")


def summary(page: Page) -> Locator:
    return page.get_by_role("group", name="Summary")


def test_a_machine_is_deployed_by_the_form_within_a_minute_and_its_log_is_watched(
    site: Site, lab1: Lab, page: Page
) -> None:
    name = "vm51.lab1.ganeti.test"
    site.sign_in(page, path="/vms/new/")
    fill(page, lab1, names=name, system="labos+live", template="File")
    expect(summary(page)).to_contain_text(f"{name} is free on lab1")
    expect(summary(page)).to_contain_text("128 MiB, file")

    asked = time.monotonic()
    page.get_by_role("button", name="Create virtual machine").click()
    log = page.get_by_role("log", name="Job log")
    expect(log).to_contain_text("creating instance disks", timeout=JOB_MS)
    expect(log).to_contain_text("running the instance OS create scripts", timeout=JOB_MS)
    done(page, lab1, "OP_INSTANCE_CREATE")
    page.get_by_role("link", name="The machine").click()
    expect(page.locator("main header.head")).to_contain_text("Running", timeout=JOB_MS)
    assert time.monotonic() - asked < 60

    row = shown(lab1, name, "os", "status", "disk_template", "be/maxmem", "be/vcpus", "disk.sizes")
    assert row == ["labos+live", "running", "file", "128", "1", "128"]


def test_a_broken_installation_says_why_and_is_corrected(site: Site, lab1: Lab, page: Page) -> None:
    name = "vm52.lab1.ganeti.test"
    site.sign_in(page, path="/vms/new/")
    fill(page, lab1, names=name, system="labos+broken", template="File")
    page.get_by_role("textbox", name="Notes").fill("A shop.")
    page.get_by_role("button", name="Create virtual machine").click()
    head = page.locator("main header.head")
    expect(head).to_contain_text("Failed", timeout=JOB_MS)
    expect(page.get_by_role("region", name="What Ganeti said")).to_contain_text(
        "this variant fails on purpose"
    )
    on_the_cluster(page, lab1, "OP_INSTANCE_CREATE", status="error")
    failed = page.url

    head.get_by_role("link", name="The machine").click()
    half = page.get_by_role("region", name="It was made, but its system could not be installed")
    half.get_by_role("link", name="Remove").click()
    page.get_by_label(f"Type {name}").fill(name)
    page.get_by_label("Wait for the system").fill("1")
    page.get_by_role("button", name="Delete").click()
    done(page, lab1, "OP_INSTANCE_REMOVE")
    assert name not in names(lab1)

    page.goto(failed)
    page.get_by_role("link", name="Correct and try again").click()
    expect(page.get_by_label("Name", exact=True).first).to_have_value(name)
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("A shop.")
    expect(page.get_by_label("Memory", exact=True)).to_have_value(re.compile("128|0.125"))
    expect(page.get_by_label("Operating system", exact=True)).to_have_value("labos+broken")
    page.get_by_label("Operating system", exact=True).select_option("labos+live")
    expect(summary(page)).to_contain_text("labos+live")
    page.get_by_role("button", name="Create virtual machine").click()
    done(page, lab1, "OP_INSTANCE_CREATE")
    assert shown(lab1, name, "os", "status") == ["labos+live", "running"]


def test_memory_and_a_network_card_are_changed_and_taken_up_by_a_restart(
    site: Site, lab1: Lab, page: Page
) -> None:
    name = "vm53.lab1.ganeti.test"
    made = (
        "--no-start",
        "-t",
        "file",
        "-s",
        "64M",
        "-o",
        "labos+live",
        "-B",
        "memory=96M",
        "--net",
        "0:link=gntbr0",
    )
    lab1.command("gnt-instance", "add", *made, name)
    site.manage("synccluster", "lab1")
    site.sign_in(page, path=f"/vms/lab1/{name}/")
    head = page.locator("main header.head")
    head.get_by_role("button", name="Start").click()
    expect(head).to_contain_text("Running", timeout=JOB_MS)
    expect(head.get_by_role("link", name="Restart")).to_be_visible()

    page.goto(f"{site.url}/vms/lab1/{name}/-/edit/")
    page.get_by_label("Memory, at most", exact=True).fill("128 MiB")
    page.get_by_label("Memory, at least", exact=True).fill("128 MiB")
    page.get_by_label("Link").first.fill("gntbr1")
    page.get_by_label("Change interfaces and disks of the running machine at once").uncheck()
    page.get_by_role("button", name="Review changes").click()
    changes = page.get_by_role("region", name="Changes")
    for title, now, then in (
        ("Memory, at most", "96 MiB", "128 MiB"),
        ("Memory, at least", "96 MiB", "128 MiB"),
        ("link", "gntbr0", "gntbr1"),
    ):
        row = changes.get_by_role("row").filter(has_text=title)
        expect(row.locator("del")).to_have_text(now)
        expect(row.locator("ins")).to_have_text(then)
        expect(row).to_contain_text("restart")
    assert shown(lab1, name, "be/maxmem", "nic.links") == ["96", "gntbr0"]
    carried_out(page, lab1, "Change", "OP_INSTANCE_SET_PARAMS", button="Save changes")

    waiting = page.get_by_role("region", name="wait for a restart")
    expect(waiting).to_contain_text("gntbr1", timeout=JOB_MS)
    expect(waiting.get_by_role("row").filter(has_text="Memory, at most")).to_contain_text("128 MiB")
    assert shown(lab1, name, "be/maxmem", "be/minmem", "nic.links") == ["128", "128", "gntbr1"]
    assert shown(lab1, name, "oper_ram") == ["96"]
    waiting.get_by_role("link", name="Restart").click()
    carried_out(page, lab1, "Restart", "OP_INSTANCE_REBOOT")
    expect(page.locator("main header.head")).to_contain_text("Running")
    expect(waiting).to_have_count(0, timeout=JOB_MS)
    assert shown(lab1, name, "oper_ram", "status") == ["128", "running"]


def test_three_machines_are_deployed_at_once_by_a_pattern(site: Site, lab2: Lab, page: Page) -> None:
    three = [f"vm5{number}.lab2.ganeti.test" for number in (1, 2, 3)]
    site.sign_in(page, path="/vms/new/")
    fill(page, lab2, names="vm[51-53].lab2.ganeti.test", system="labos+live", template="Shared file")
    expect(summary(page)).to_contain_text("All 3 names are free on lab2")
    page.get_by_role("button", name=re.compile("Create")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 machines")
    expect(page.locator("main header.head")).to_contain_text("3 done, 0 under way, 0 failed", timeout=JOB_MS)
    for name in three:
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Done")
        assert shown(lab2, name, "os", "status", "disk_template", "be/maxmem") == [
            *("labos+live", "running", "sharedfile", "128")
        ]
    page.get_by_role("link", name=re.compile(f"Job of {three[1]}")).click()
    done(page, lab2, "OP_INSTANCE_CREATE")


def test_a_machine_is_reinstalled_grown_tagged_and_renamed(site: Site, lab2: Lab, page: Page) -> None:
    name, other = "vm54.lab2.ganeti.test", "vm55.lab2.ganeti.test"
    made = ("--no-start", "-t", "sharedfile", "-s", "128M", "-o", "labos+blank", "-B", "memory=64M")
    lab2.command("gnt-instance", "add", *made, name)
    site.manage("synccluster", "lab2")
    site.sign_in(page, path=f"/vms/lab2/{name}/")

    open_form(page, "Reinstall")
    page.get_by_label(re.compile("^System")).fill("labos+live")
    page.get_by_label("Start it afterwards").uncheck()
    page.get_by_label(f"Type {name}").fill(name)
    carried_out(page, lab2, "Reinstall", "OP_INSTANCE_SHUTDOWN", "OP_INSTANCE_REINSTALL")
    assert shown(lab2, name, "os", "status") == ["labos+live", "ADMIN_down"]

    page.get_by_role("link", name=re.compile("^Disks")).click()
    page.get_by_role("link", name="Grow disk/0").click()
    page.get_by_label("New size").fill("192 MiB")
    carried_out(page, lab2, "Grow disk", "OP_INSTANCE_GROW_DISK")
    assert shown(lab2, name, "disk.sizes") == ["192"]

    open_form(page, "Change tags")
    page.get_by_label("Tags").fill("shop of:lea")
    carried_out(page, lab2, "Change tags", "OP_TAGS_SET")
    expect(page.locator("main header.head")).to_contain_text("of:lea")
    assert set(lab2.command("gnt-instance", "list-tags", name).split()) == {"shop", "of:lea"}

    open_form(page, "Rename")
    page.get_by_label("New name").fill(other)
    carried_out(page, lab2, "Rename", "OP_INSTANCE_RENAME")
    expect(page.get_by_role("heading", level=1)).to_have_text(other)
    assert shown(lab2, other, "status", "disk.sizes") == ["ADMIN_down", "192"]
    assert name not in names(lab2)


def test_a_machine_is_migrated_and_failed_over(site: Site, lab2: Lab, page: Page) -> None:
    name = "vm56.lab2.ganeti.test"
    nodes = [f"node{number}.lab2.ganeti.test" for number in (1, 2, 3)]
    made = ("-t", "sharedfile", "-s", "64M", "-o", "labos+blank", "-B", "memory=64M", "-n", nodes[0])
    lab2.command("gnt-instance", "add", *made, name)
    site.manage("synccluster", "lab2")
    site.sign_in(page, path=f"/vms/lab2/{name}/")

    open_form(page, "Migrate")
    page.get_by_label("To the node").select_option(nodes[1])
    carried_out(page, lab2, "Migrate", "OP_INSTANCE_MIGRATE")
    expect(page.locator("main header.head")).to_contain_text(nodes[1])
    assert shown(lab2, name, "pnode", "status") == [nodes[1], "running"]

    open_form(page, "Fail over")
    page.get_by_label("To the node").select_option(nodes[2])
    carried_out(page, lab2, "Fail over", "OP_INSTANCE_FAILOVER")
    expect(page.locator("main header.head")).to_contain_text(nodes[2])
    assert shown(lab2, name, "pnode", "status") == [nodes[2], "running"]


def test_a_machine_is_exported_and_removed(site: Site, lab1: Lab, page: Page) -> None:
    name = "vm56.lab1.ganeti.test"
    made = ("-t", "file", "-s", "64M", "-o", "labos+live", "-B", "memory=64M")
    lab1.command("gnt-instance", "add", *made, name)
    site.manage("synccluster", "lab1")
    site.sign_in(page, path=f"/vms/lab1/{name}/")

    open_form(page, "Export")
    page.get_by_label("To the node").select_option("node1.lab1.ganeti.test")
    page.get_by_label("Keep it stopped until the end").check()
    carried_out(page, lab1, "Export", "OP_BACKUP_EXPORT")
    assert ["node1.lab1.ganeti.test", name] in lab1.table("gnt-backup", "list", "-o", "node,export")
    assert shown(lab1, name, "status") == ["running"]

    open_form(page, "Delete")
    page.get_by_label("Wait for the system").fill("1")
    page.get_by_label(f"Type {name}").fill(name)
    page.get_by_role("button", name="Delete").click()
    done(page, lab1, "OP_INSTANCE_REMOVE")
    assert name not in names(lab1)
