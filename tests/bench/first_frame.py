"""From the click on "Console" to the first picture of a simulated machine, in a real browser."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.table import show
from tests.e2e.conftest import CHROMIUM
from tests.e2e.site import Site
from tests.run.scene import Tree

CLICKS = 10
DRAWN = """() => {
  const canvas = document.querySelector('[data-screen] canvas');
  if (!canvas || canvas.width < 100) return false;
  const { data } = canvas.getContext('2d').getImageData(30, 30, 200, 40);
  return data.some((value) => value > 150 && value < 255);
}"""


def first_frames() -> None:
    """Says how long it takes; or that there is no browser."""
    if not shutil.which("chromium"):
        print("\n  No chromium: the time to the first frame was not measured.")
        return
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with tempfile.TemporaryDirectory() as state, Tree(Path(state)) as tree, sync_playwright() as playwright:
        site = Site(tree.address(), Path(state), tree.waits_for(r"with password +(\S+)")[1])
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        site.sign_in(page, path="/vms/?status=running")
        machine = page.locator("table a.name").first.get_attribute("href")
        took = [_clicked(page, f"{site.url}{machine}") for _ in range(CLICKS)]
        browser.close()
        tree.stop()
    head = ("click to first frame", "first", "median of the others")
    show([("Chromium, simulator", f"{took[0]:.0f} ms", f"{statistics.median(took[1:]):.0f} ms")], head=head)


def _clicked(page: Page, machine: str) -> float:
    page.goto(machine)
    began = time.perf_counter()
    page.locator("header.head").get_by_role("link", name="Console", exact=True).click()
    page.wait_for_function(DRAWN, polling=20)
    return (time.perf_counter() - began) * 1000
