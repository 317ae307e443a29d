"""What administrators do to real clusters in a real browser: nodes, groups, networks, rules, adoption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.jobs import JOB_MS, done, on_the_cluster, open_form, shown
from tests.e2e.site import Site
from tests.real.labs import Lab

# The first waits for the site to start; on a busy machine that takes its time.
pytestmark = [pytest.mark.e2e, pytest.mark.real, pytest.mark.timeout(300)]

OURS = re.compile(r"vm6[1-9]\.lab2\.ganeti\.test")  # the lab itself has no machine of such a name
GROUP, NETWORK, PROJECT = "rack9", "shopnet", "Salvage"
NODE4, NODE5 = "node4.lab2.ganeti.test", "node5.lab2.ganeti.test"
HOMES = {"vm3": NODE4, "vm8": NODE4, "vm9": NODE5}  # of the machines that are moved here
LABELS: dict[str, str | re.Pattern[str]] = {
    "address": "Address",
    "port": "Port",
    "name": re.compile("^Name"),
    "user": "RAPI user",
    "password": re.compile("^Password"),
    "pin": re.compile("^Fingerprint"),
}
HELD = ("--no-master", "-n", NODE5, "40")  # seconds
MADE = (
    "-t",
    "diskless",
    "-o",
    "noop",
    "--no-install",
    "--no-start",
    "--no-nics",
    "--no-name-check",
    "--no-ip-check",
)


def restore(lab: Lab) -> None:
    """Nodes, machines, groups, networks, rules and settings as the lab was made with."""
    for (uuid,) in lab.table("gnt-filter", "list", "-o", "uuid"):
        lab.command("gnt-filter", "delete", uuid)
    for (name,) in lab.table("gnt-instance", "list", "-o", "name"):
        if OURS.fullmatch(name):
            lab.command("gnt-instance", "remove", "--force", "--shutdown-timeout=1", name)
    for role, change in (("O", "--offline=no"), ("D", "--drained=no"), ("R", "--master-candidate=yes")):
        if [NODE5, role] in nodes(lab, "role"):  # Ganeti refuses what changes nothing
            lab.command("gnt-node", "modify", change, NODE5)
    for word, home in HOMES.items():
        name = f"{word}.{lab.domain}"
        here, status = shown(lab, name, "pnode", "status")
        if here != home:
            move = "migrate" if status == "running" else "failover"
            lab.command("gnt-instance", move, "--force", "-n", home, name)
    if [GROUP] in lab.table("gnt-group", "list", "-o", "name"):
        if [NODE5, GROUP] in nodes(lab, "group"):
            lab.command("gnt-group", "assign-nodes", "rack2", NODE5)
        lab.command("gnt-group", "remove", GROUP)
    if [NETWORK] in lab.table("gnt-network", "list", "-o", "name"):
        lab.command("gnt-network", "disconnect", NETWORK)
        lab.command("gnt-network", "remove", NETWORK)
    if candidates(lab) != "10":
        lab.command("gnt-cluster", "modify", "--candidate-pool-size=10")


@pytest.fixture(scope="module", autouse=True)
def as_it_was(site: Site, lab2: Lab) -> Iterator[None]:
    """The lab is as it was made before, and afterwards, whatever became of the tests."""
    restore(lab2)
    site.manage("synccluster", "lab2")
    yield
    restore(lab2)


def nodes(lab: Lab, field: str) -> list[list[str]]:
    """What the cluster's own command line says of each node."""
    return lab.table("gnt-node", "list", "-o", f"name,{field}")


def candidates(lab: Lab) -> str:
    found = re.search(r"candidate pool size: (\d+)", lab.command("gnt-cluster", "info"))
    assert found
    return found[1]


def head(page: Page) -> Locator:
    return page.locator("main header.head")


def asked(page: Page, label: str, *, button: str = "") -> None:
    """The form is sent; the page of its job, the object's latest, is open then."""
    page.get_by_role("button", name=button or label, exact=True).click()
    page.get_by_role("region", name="Jobs").get_by_role("link", name=label, exact=True).first.click()


def carried_out(page: Page, lab: Lab, label: str, *opcodes: str, back: str, button: str = "") -> None:
    """What the form asked for ends well; the page of its object comes back."""
    asked(page, label, button=button)
    done(page, lab, *opcodes)
    head(page).get_by_role("link", name=back).click()


def delete(page: Page, name: str) -> None:
    """Asked for on the page of the object, whose name is typed; the page of the job is open then."""
    open_form(page, "Delete")
    page.get_by_label(f"Type {name}").fill(name)
    page.get_by_role("button", name="Delete", exact=True).click()


def test_a_node_is_drained_set_offline_and_brought_back(site: Site, lab2: Lab, page: Page) -> None:
    site.sign_in(page, path=f"/clusters/lab2/nodes/{NODE5}/")
    head(page).get_by_role("link", name="Drain").click()
    expect(page.locator("main")).to_contain_text("Its machines stay and run on.")
    carried_out(page, lab2, "Drain", "OP_NODE_SET_PARAMS", back="The node")
    expect(head(page)).to_contain_text("Drained", timeout=JOB_MS)
    assert [NODE5, "D"] in nodes(lab2, "role")

    open_form(page, "Set offline")
    touched = page.get_by_role("region", name="Machines")
    expect(touched.get_by_role("row").filter(has_text="vm4.")).to_contain_text("Out of reach")
    expect(touched.get_by_role("row").filter(has_text="vm9.")).to_contain_text("Can be failed over")
    carried_out(page, lab2, "Set offline", "OP_NODE_SET_PARAMS", back="The node")
    expect(head(page)).to_contain_text("Offline", timeout=JOB_MS)
    expect(page.locator("main")).to_contain_text("2 machines stand on this node.")
    assert [NODE5, "O"] in nodes(lab2, "role")

    head(page).get_by_role("link", name="Bring back").click()
    page.get_by_label("Master candidate", exact=True).check()
    carried_out(page, lab2, "Bring back", "OP_NODE_SET_PARAMS", back="The node")
    expect(head(page)).to_contain_text("Online", timeout=JOB_MS)
    assert [NODE5, "C"] in nodes(lab2, "role")


def test_machines_are_migrated_away_and_a_node_is_evacuated(site: Site, lab2: Lab, page: Page) -> None:
    vm4, vm9 = f"vm4.{lab2.domain}", f"vm9.{lab2.domain}"
    site.sign_in(page, path=f"/clusters/lab2/nodes/{NODE5}/")
    touched = page.get_by_role("region", name="Machines")
    beside = page.context.new_page()  # a browser counts the refusal itself as an error
    beside.goto(f"{page.url}-/evacuate-primaries/")
    beside.get_by_role("button", name="Evacuate primaries").click()
    expect(beside.locator("main")).to_contain_text("1 cannot move and 1 moves: Ganeti would move none.")
    assert [NODE5, "2"] in nodes(lab2, "pinst_cnt")

    open_form(page, "Migrate machines away")
    expect(touched.get_by_role("row").filter(has_text=vm4)).to_contain_text("which only one node has")
    expect(touched.get_by_role("row").filter(has_text=vm9)).to_contain_text("Migrates")
    asked(page, "Migrate machines away")
    expect(head(page)).to_contain_text("1 of 2 done, 1 failed", timeout=JOB_MS)
    on_the_cluster(page, lab2, "OP_NODE_MIGRATE", status="success")
    began = page.get_by_role("region", name="Jobs that it began")
    expect(began).to_contain_text("disk layout 'file' does not allow migrations")
    assert shown(lab2, vm9, "pnode", "status") == [NODE4, "running"]
    assert shown(lab2, vm4, "pnode", "status") == [NODE5, "running"]

    page.goto(f"{site.url}/clusters/lab2/nodes/{NODE4}/")
    open_form(page, "Evacuate primaries")
    expect(touched).to_contain_text("3 move")
    asked(page, "Evacuate primaries")
    expect(began).to_contain_text("3 of 3 done", timeout=JOB_MS)
    done(page, lab2, "OP_NODE_EVACUATE")
    head(page).get_by_role("link", name="The node").click()
    expect(page.get_by_role("region", name="Primary of")).to_contain_text("None", timeout=JOB_MS)
    assert [NODE4, "0"] in nodes(lab2, "pinst_cnt")
    assert [shown(lab2, f"{word}.{lab2.domain}", "pnode") for word in HOMES] == [[NODE5]] * 3


def test_a_group_is_made_a_node_moved_there_and_back_and_it_is_removed(
    site: Site, lab2: Lab, page: Page
) -> None:
    site.sign_in(page, path="/clusters/lab2/")
    groups = page.get_by_role("region", name="Node groups")
    groups.get_by_role("link", name="Create group").click()
    page.get_by_label("Name", exact=True).fill(GROUP)
    page.get_by_role("button", name="Create group").click()
    done(page, lab2, "OP_GROUP_ADD")
    page.goto(f"{site.url}/clusters/lab2/")
    groups.get_by_role("link", name=GROUP).click()
    expect(page.locator("main")).to_contain_text("No nodes yet")

    for group, node_count in ((GROUP, "1"), ("rack2", "2")):
        page.goto(f"{site.url}/clusters/lab2/groups/{group}/")
        head(page).get_by_role("link", name="Assign nodes").click()
        page.get_by_label(re.compile(f"^{NODE5}")).check()
        carried_out(page, lab2, "Assign nodes", "OP_GROUP_ASSIGN_NODES", back="The group")
        expect(page.get_by_role("region", name="Nodes")).to_contain_text(NODE5, timeout=JOB_MS)
        assert [group, node_count] in lab2.table("gnt-group", "list", "-o", "name,node_cnt")
        assert [NODE5, group] in nodes(lab2, "group")

    page.goto(f"{site.url}/clusters/lab2/groups/{GROUP}/")
    expect(page.locator("main")).to_contain_text("No nodes yet", timeout=JOB_MS)
    delete(page, GROUP)
    done(page, lab2, "OP_GROUP_REMOVE")
    assert [GROUP] not in lab2.table("gnt-group", "list", "-o", "name")
    page.goto(f"{site.url}/clusters/lab2/")
    expect(groups).not_to_contain_text(GROUP, timeout=JOB_MS)


def test_a_network_is_made_connected_used_and_removed(site: Site, lab2: Lab, page: Page) -> None:
    machine = f"vm61.{lab2.domain}"
    lab2.command("gnt-instance", "add", *MADE, "-B", "memory=64M", "-n", f"node3.{lab2.domain}", machine)
    site.sign_in(page, path="/clusters/lab2/")
    page.get_by_role("link", name="Create network").click()
    page.get_by_label("Name", exact=True).fill(NETWORK)
    page.get_by_label("Addresses", exact=True).fill("10.78.9.0/28")
    page.get_by_label(re.compile("^Gateway")).fill("10.78.9.1")
    page.get_by_role("button", name="Create network").click()
    done(page, lab2, "OP_NETWORK_ADD")

    page.goto(f"{site.url}/networks/?q={NETWORK}")
    page.get_by_role("link", name=NETWORK, exact=True).click()
    groups = page.get_by_role("region", name="Connected groups")
    groups.get_by_role("listitem").filter(has_text="default").get_by_role("link", name="Connect").click()
    page.get_by_label("Link").fill("gntbr0")
    carried_out(page, lab2, "Connect", "OP_NETWORK_CONNECT", back="The network")
    expect(groups).to_contain_text("gntbr0", timeout=JOB_MS)
    assert "default (bridged, gntbr0, )" in lab2.table("gnt-network", "list", "-o", "name,group_list")[1][1]

    head(page).get_by_role("link", name="Reserve addresses").click()
    page.get_by_label("Addresses", exact=True).fill("10.78.9.5")
    carried_out(page, lab2, "Reserve addresses", "OP_NETWORK_SET_PARAMS", back="The network")
    addresses = page.get_by_role("region", name="Addresses")
    reserved = addresses.get_by_role("row").filter(has_text="10.78.9.5")
    expect(reserved).to_contain_text("Reserved", timeout=JOB_MS)

    lab2.command("gnt-instance", "modify", "--net", f"add:network={NETWORK},ip=10.78.9.9", machine)
    used = addresses.get_by_role("row").filter(has_text="10.78.9.9")
    expect(used).to_contain_text("In use", timeout=JOB_MS)
    expect(used.get_by_role("link", name=machine)).to_be_visible()
    expect(page.locator('.ips i[title^="10.78.9.9"]')).to_have_attribute("title", re.compile(machine))
    expect(page.locator('.ips i[title^="10.78.9.5"]')).to_have_attribute("title", re.compile("eserved"))
    told = lab2.command("gnt-network", "info", NETWORK)
    assert "10.78.9.5" in told
    assert f"{machine}: 0:10.78.9.9" in told
    expect(groups.get_by_role("button", name="Disconnect")).to_have_attribute("aria-disabled", "true")

    lab2.command("gnt-instance", "modify", "--net", "0:remove", machine)
    expect(used).to_have_count(0, timeout=JOB_MS)
    groups.get_by_role("link", name="Disconnect").click()
    carried_out(page, lab2, "Disconnect", "OP_NETWORK_DISCONNECT", back="The network")
    expect(groups).not_to_contain_text("gntbr0", timeout=JOB_MS)
    delete(page, NETWORK)
    done(page, lab2, "OP_NETWORK_REMOVE")
    assert [NETWORK] not in lab2.table("gnt-network", "list", "-o", "name")


def test_a_rule_is_added_and_the_job_that_it_holds_back_says_so_and_is_cancelled(
    site: Site, lab2: Lab, page: Page
) -> None:
    machine = f"vm3.{lab2.domain}"
    administration = f"{site.url}/clusters/lab2/-/administration/"
    site.sign_in(page, path="/clusters/lab2/-/administration/")
    page.get_by_role("link", name="Add rule").click()
    page.get_by_label("What for").fill("Work on the switch")
    page.get_by_label(re.compile("^Which jobs")).select_option("OP_INSTANCE_STARTUP")
    page.get_by_role("button", name="Save rule").click()
    rules = page.get_by_role("region", name="Rules of the job queue")
    expect(rules).to_contain_text("Work on the switch", timeout=JOB_MS)
    assert len(lab2.table("gnt-filter", "list", "-o", "uuid")) == 1

    page.goto(f"{site.url}/vms/lab2/{machine}/")
    head(page).get_by_role("button", name="Start").click()
    page.get_by_role("region", name="Jobs").get_by_role("link", name="Start", exact=True).first.click()
    why = page.get_by_role("region", name="Why it waits")
    expect(why).to_contain_text("A rule of the queue holds it back: Work on the switch.", timeout=JOB_MS)
    on_the_cluster(page, lab2, "OP_INSTANCE_STARTUP", status="queued")
    head(page).get_by_role("button", name="Cancel").click()
    expect(head(page)).to_contain_text("Cancelled", timeout=JOB_MS)
    on_the_cluster(page, lab2, "OP_INSTANCE_STARTUP", status="canceled")
    assert shown(lab2, machine, "status") == ["ADMIN_down"]

    page.goto(administration)
    rules.get_by_role("link", name="Remove Work on the switch").click()
    page.get_by_role("button", name="Remove rule").click()
    expect(rules).to_contain_text("No rules", timeout=JOB_MS)
    assert lab2.table("gnt-filter", "list", "-o", "uuid") == []


def test_a_waiting_job_names_the_job_that_holds_its_lock(site: Site, lab2: Lab, page: Page) -> None:
    site.sign_in(page, path=f"/clusters/lab2/nodes/{NODE5}/")
    number = lab2.command("gnt-debug", "delay", "--submit", "--print-jobid", *HELD).split()[0]
    head(page).get_by_role("link", name="Drain").click()
    asked(page, "Drain")
    why = page.get_by_role("region", name="Why it waits")
    # To make another node a master candidate in its place, Ganeti wants them all.
    expect(why).to_contain_text("It needs all nodes.", timeout=JOB_MS)
    expect(why).to_contain_text(f"In the way: Job {number}")
    why.get_by_role("link", name=f"Job {number}").click()
    expect(head(page)).to_contain_text("command line")
    page.go_back()
    head(page).get_by_role("button", name="Cancel").click()
    expect(head(page)).to_contain_text("Cancelled", timeout=JOB_MS)
    on_the_cluster(page, lab2, "OP_NODE_SET_PARAMS", status="canceled")
    assert [NODE5, "C"] in nodes(lab2, "role")
    lab2.command("gnt-job", "watch", number)


def test_a_setting_of_the_cluster_is_changed_and_its_configuration_sent_round(
    site: Site, lab2: Lab, page: Page
) -> None:
    site.sign_in(page, path="/clusters/lab2/-/administration/")
    for now, then in (("10", "9"), ("9", "10")):
        page.get_by_role("region", name="The whole cluster").get_by_role(
            "link", name="Change settings"
        ).click()
        field = page.get_by_label("Master candidates")
        page.locator("details").filter(has=field).locator("summary").click()
        field.fill(then)
        page.get_by_role("button", name="Review changes").click()
        row = (
            page.get_by_role("region", name="Changes").get_by_role("row").filter(has_text="Master candidates")
        )
        expect(row.locator("del")).to_have_text(now)
        expect(row.locator("ins")).to_have_text(then)
        assert candidates(lab2) == now
        asked(page, "Change settings", button="Save changes")
        done(page, lab2, "OP_CLUSTER_SET_PARAMS")
        assert candidates(lab2) == then
        page.goto(f"{site.url}/clusters/lab2/-/administration/")

    page.get_by_role("link", name="Redistribute the configuration").click()
    page.get_by_role("button", name="Redistribute the configuration").click()
    page.goto(f"{site.url}/clusters/lab2/-/administration/")
    jobs = page.get_by_role("region", name="Jobs")
    jobs.get_by_role("link", name="Redistribute the configuration").first.click()
    done(page, lab2, "OP_CLUSTER_REDIST_CONF")


def test_a_machine_of_the_command_line_is_adopted_and_forgotten_once_it_is_gone(
    site: Site, lab2: Lab, page: Page
) -> None:
    machine = f"vm62.{lab2.domain}"
    lab2.command("gnt-instance", "add", *MADE, "-B", "memory=64M", "-n", f"node3.{lab2.domain}", machine)
    site.manage("synccluster", "lab2")
    site.sign_in(page, path="/projects/new/")
    page.get_by_label("Name", exact=True).fill(PROJECT)
    page.locator("main").get_by_role("button").last.click()

    page.goto(f"{site.url}/reconcile/nobodys/?q=vm62")
    page.get_by_label(f"Choose {machine}").check()
    page.get_by_role("button", name="Dry run").click()
    page.get_by_label("To the project").fill(PROJECT)
    page.get_by_role("button", name="Look what would happen").click()
    expect(page.get_by_role("region", name="What happens", exact=True)).to_contain_text("Will be done")
    assert lab2.command("gnt-instance", "list-tags", machine) == ""
    page.get_by_role("button", name="Adopt: 1 machine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adopt: 1 of 1 done", timeout=JOB_MS)
    page.get_by_role("link", name=machine).click()
    expect(page.locator("main")).to_contain_text(PROJECT)
    page.get_by_role("region", name="Jobs").get_by_role("link", name="Note owner").first.click()
    done(page, lab2, "OP_TAGS_SET")
    assert lab2.command("gnt-instance", "list-tags", machine).split() == ["gwm:owner:salvage"]

    lab2.command("gnt-instance", "remove", "--force", machine)
    page.goto(f"{site.url}/vms/lab2/{machine}/")
    expect(head(page)).to_contain_text("Not on the cluster", timeout=JOB_MS)
    page.goto(f"{site.url}/reconcile/gone/?q=vm62")
    page.get_by_label(f"Choose {machine}").check()
    page.get_by_role("button", name="Dry run").click()
    page.get_by_label(re.compile("^Type")).fill("1")
    page.get_by_role("button", name="Forget: 1 machine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forget: 1 of 1 done", timeout=JOB_MS)
    page.goto(f"{site.url}/reconcile/gone/?q=vm62")
    expect(page.locator("main")).to_contain_text("Nothing matches")


def test_a_cluster_is_added_by_the_doctor_with_its_certificate_pinned(empty_site: Site, page: Page) -> None:
    lab = Lab("lab1")
    address = urlsplit(lab.url)
    reader, readers_password = lab.reader
    empty_site.sign_in(page, path="/clusters/add/")

    def tried(told: str, **typed: str) -> None:
        for label, text in typed.items():
            page.get_by_label(LABELS[label]).fill(text)
        page.get_by_role("button", name=re.compile("^Check")).click()
        expect(page.get_by_role("region", name="Checks")).to_contain_text(told, timeout=JOB_MS)

    tried(
        "Nothing answers at port 5999",
        address=str(address.hostname),
        port="5999",
        name="lab1",
        user=lab.user,
        password="not-the-password",
    )
    tried("The certificate is not signed by an authority that is trusted", port=str(address.port))
    page.locator("summary").filter(has_text="Certificate").click()
    page.get_by_label("Who answers is verified by").select_option("pinned")
    tried("It shows another certificate than the pinned one", pin=":".join(["00"] * 32))
    page.get_by_role("button", name="It is the same: trust this certificate").click()
    checks = page.get_by_role("region", name="Checks")
    expect(checks).to_contain_text(f"The cluster does not know {lab.user} with this password", timeout=JOB_MS)
    tried("may read and not write", user=reader, password=readers_password)
    expect(page.locator("main")).to_contain_text("It will be read-only.", timeout=JOB_MS)
    tried("may read and write", user=lab.user, password=lab.password)
    expect(checks).to_contain_text("The certificate is the pinned one")

    page.get_by_role("button", name="Add cluster lab1").click(timeout=JOB_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("lab1")
    expect(page.get_by_role("region", name="Node groups")).to_contain_text("default", timeout=JOB_MS)
    page.goto(f"{empty_site.url}/vms/?cluster=lab1")
    expect(page.get_by_role("link", name="vm1.lab1.ganeti.test")).to_be_visible(timeout=JOB_MS)

    page.goto(f"{empty_site.url}/clusters/lab1/-/remove/")
    page.get_by_label("Type the cluster's name").fill("lab1")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("main")).to_contain_text("No clusters yet")
    assert "vm1.lab1.ganeti.test" in lab.command("gnt-instance", "list")
