"""Every page in both themes, wide and narrow: no serious finding of axe, no sideways scrolling."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site

pytestmark = pytest.mark.e2e

WIDTHS = (1440, 390, 320)
AXE = {"preload": False}  # else it asks for the imports of the style sheet at addresses beside the page
PAGES = {
    "overview": "/",
    "search": "/search/?q=sim1",
    "rights that end": "/access/ending/",
    "machines": "/vms/",
    "machines, none found": "/vms/?q=nothing-is-called-this",
    "machines, a filter that makes no sense": "/vms/?status=happy&page=-1",
    "new machine": "/vms/new/",
    "templates": "/templates/",
    "template of a machine": "/templates/new/?vm=1",
    "images": "/images/",
    "an image": "{image}",
    "a machine": "{running}",
    "shut down": "{running}-/shut-down/",
    "restart": "{running}-/restart/",
    "force stop": "{running}-/force-stop/",
    "settings of a machine": "{running}-/settings/",
    "disks of a machine": "{running}-/disks/",
    "network of a machine": "{running}-/network/",
    "change a machine": "{running}-/edit/",
    "migrate": "{running}-/migrate/",
    "fail over": "{running}-/fail-over/",
    "export": "{running}-/export/",
    "reinstall": "{running}-/reinstall/",
    "grow disk": "{running}-/grow-disk/?disk=0",
    "change tags": "{running}-/tags/",
    "delete": "{running}-/remove/",
    "notes": "{running}-/notes/",
    "lock": "{running}-/lock/",
    "machines that wait for a restart": "/vms/?restart=waiting",
    "a console": "{running}-/console/",
    "a console to watch": "{running}-/console/?mode=watch",
    "consoles": "/consoles/",
    "consoles of a cluster": "{cluster}-/consoles/",
    "jobs": "/jobs/",
    "a job": "{job}",
    "clusters": "/clusters/",
    "a cluster": "{cluster}",
    "nodes": "/nodes/",
    "a node": "{node}",
    "set a node offline": "{node}-/offline/",
    "migrate machines away": "{node}-/migrate/",
    "a group": "{group}",
    "assign nodes": "{group}-/assign/",
    "new group of nodes": "{cluster}-/new-group/",
    "networks": "/networks/",
    "a network": "{network}",
    "reserve addresses": "{network}-/reserve/",
    "new network": "{cluster}-/create-network/",
    "map of a cluster": "{cluster}map/",
    "administration": "{cluster}-/administration/",
    "change the settings of a cluster": "{cluster}-/modify/",
    "new rule of the queue": "{cluster}-/rules/add/",
    "reconcile": "/reconcile/",
    "reconcile, gone machines": "/reconcile/gone/",
    "add a cluster": "/clusters/add/",
    "connection to a cluster": "{cluster}-/connection/",
    "settings of a cluster here": "{cluster}-/settings/",
    "remove a cluster": "{cluster}-/remove/",
    "access to a machine": "{running}-/access/?who=lena&permission=power",
    "owner of a machine": "{running}-/owner/",
    "access to a cluster": "{cluster}-/access/",
    "quotas": "{cluster}-/quotas/",
    "quota of a project": "{cluster}-/quotas/web-shop/",
    "projects": "/projects/",
    "a project": "/projects/web-shop/",
    "groups of a project": "/projects/web-shop/-/access/",
    "change a project": "/projects/web-shop/-/edit/",
    "new project": "/projects/new/",
    "explain access": "/access/explain/?who=lena&on={running}",
    "explain access, nothing found": "/access/explain/?on=nothing-is-called-this",
    "record": "/record/",
    "own profile": "/me/",
    "own keys": "/me/keys/",
    "own sessions": "/me/sessions/",
    "people": "/people/",
    "a person": "/people/1/",
    "new person": "/people/new/",
    "change a person": "/people/1/-/edit/",
    "set a password": "/people/1/-/password/",
    "groups": "/groups/",
    "new group": "/groups/new/",
    "own password": "/me/password/",
    "sign out": "/sign-out/",
    "not found": "/vms/sim1/nobody/",
}


@pytest.fixture(scope="module")
def places(demo: Site, browser: Browser) -> dict[str, str]:
    """Addresses of a machine, a job, a cluster, a node, a network and a group of the demonstration."""
    page = browser.new_page()
    demo.sign_in(page, path="/vms/?status=running")
    found = {}
    for name, path in (
        ("running", ""),
        ("image", "/images/"),
        ("job", "/jobs/"),
        ("cluster", "/clusters/"),
        ("node", "/nodes/"),
        ("network", "/networks/"),
    ):
        if path:
            page.goto(demo.url + path)
        found[name] = page.locator("table a.name").first.get_attribute("href") or ""
    page.goto(demo.url + found["cluster"])
    groups = page.get_by_role("region", name="Node groups")
    found["group"] = groups.locator("a.name").first.get_attribute("href") or ""
    page.context.close()
    return found


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def examined(demo: Site, browser: Browser, theme: str) -> Iterator[Page]:
    """A signed-in window in which axe, which sets styles, may work; the policy has a test of its own."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    demo.sign_in(page)
    context.add_cookies([{"name": "theme", "value": theme, "url": demo.url}])
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_finding_and_fits(
    demo: Site, places: dict[str, str], examined: Page, theme: str, name: str
) -> None:
    for width in WIDTHS:
        examined.set_viewport_size({"width": width, "height": 900})
        examined.goto(demo.url + PAGES[name].format(**places))
        expect(examined.locator("html")).to_have_attribute("data-theme", theme)
        serious = [
            f"{found['id']}: {node['html'][:160]}"
            for found in Axe().run(examined, options=AXE).response["violations"]
            if found["impact"] in {"serious", "critical"}
            for node in found["nodes"]
        ]
        assert serious == [], f"at {width} px"
        overflow = examined.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{overflow} px too wide at {width} px"


def test_no_page_breaks_the_policy_or_its_script(demo: Site, places: dict[str, str], page: Page) -> None:
    demo.sign_in(page)
    for name, path in PAGES.items():
        if name != "not found":  # a browser counts the status itself as an error
            page.goto(demo.url + path.format(**places))
            expect(page.locator("h1")).to_be_visible()


def test_the_door_is_open_to_everybody(demo: Site, page: Page) -> None:
    page.goto(f"{demo.url}/vms/")
    page.wait_for_url("**/sign-in/**")
    assert page.locator("input").count() > 0
