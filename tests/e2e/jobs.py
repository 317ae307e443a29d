"""Jobs of real clusters as journeys ask for them and see their end: in a browser and on the command line."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.real.labs import Lab

JOB_MS = 60_000


def shown(lab: Lab, name: str, *fields: str) -> list[str]:
    """What the cluster's own command line says of the machine."""
    return lab.table("gnt-instance", "list", "-o", ",".join(fields), name)[0]


def done(page: Page, lab: Lab, *opcodes: str) -> None:
    """The job whose page is open ends well, and is the cluster's own job with these opcodes."""
    expect(page.locator("main header.head")).to_contain_text("Done", timeout=JOB_MS)
    on_the_cluster(page, lab, *opcodes, status="success")


def on_the_cluster(page: Page, lab: Lab, *opcodes: str, status: str) -> None:
    """The cluster's command line says the same of the job whose page is open."""
    told = page.locator("main header.head").get_by_text(re.compile(r"^Job \d+$")).inner_text()
    info = lab.command("gnt-job", "info", told.split()[-1])
    assert f"Status: {status}" in info
    assert re.findall(r"Opcode: (OP_\w+)", info) == list(opcodes)
    # Ganeti takes no reason with a reinstallation.
    assert ("gwm:admin:" in info) is ("OP_INSTANCE_REINSTALL" not in opcodes)


def open_form(page: Page, label: str) -> None:
    """The form of something that the menu of an object's page offers."""
    head = page.locator("main header.head")
    head.get_by_label("More actions").click()
    head.get_by_role("link", name=re.compile(f"^{label}")).click()
    verb = label.split(maxsplit=1)[0]  # "Set node5 offline"
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{verb} ")
