#!/usr/bin/env python3
"""Takes the pictures of the documentation from the demonstration. For developers; needs Chromium.

.venv/bin/python scripts/shots.py    all of docs/_static/shots, after the pages have changed
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "docs" / "_static" / "shots"
CHROMIUM = "/usr/bin/chromium"
SCREEN = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = {
    "machines": "/vms/",
    "machine": "/vms/sim1-example-org/db1.sim1.example.org/",
    "job": "/jobs/?status=warned",  # leads to the first of them
    "clusters": "/clusters/",
    "new-machine": "/vms/new/",
    "console": "/vms/sim1-example-org/app1.sim1.example.org/-/console/",
}
STOPS_WITHIN_S = 30
DRAWN = """() => {
  const canvas = document.querySelector("[data-screen] canvas");
  if (!canvas || canvas.width < 100) return false;
  const { data } = canvas.getContext("2d").getImageData(30, 30, 200, 40);
  return data.some((value) => value > 150 && value < 255);
}"""


def main() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as state,
        demonstration(state) as (url, password),
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        cookies = sign_in(chromium, url, password)
        for theme in ("light", "dark"):
            with window(chromium, url, cookies, theme, SCREEN) as page:
                for name, path in PAGES.items():
                    shoot(page, f"{url}{path}", f"{name}-{theme}")
        with window(chromium, url, cookies, "light", PHONE) as page:
            shoot(page, f"{url}{PAGES['machines']}", "machines-phone")
        chromium.close()


@contextmanager
def demonstration(state: str) -> Iterator[tuple[str, str]]:
    """The product with its demonstration in that directory: its address and the one-time password."""
    own = {"GWM_STATE_DIR": state, "HOST": "127.0.0.1", "PORT": "0", "DEMO": "1"}
    shared = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    product = subprocess.Popen(
        [sys.executable, "-m", "ganeti_webmgr.run"],
        cwd=ROOT,
        env=shared | own,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield said(product, r"runs at\s+(http://\S+)"), said(product, r"with password\s+(\S+)")
    finally:
        product.terminate()
        product.communicate(timeout=STOPS_WITHIN_S)


def said(product: subprocess.Popen[str], pattern: str) -> str:
    """What the pattern finds in the first line of the product that it fits."""
    for line in product.stdout or ():
        if found := re.search(pattern, line):
            return found[1]
    raise SystemExit(f"The product ended before it said {pattern!r}.")


def sign_in(chromium: Browser, url: str, password: str) -> list[dict[str, object]]:
    """The cookies of the administrator, who replaces the one-time password by the way."""
    page = chromium.new_page()
    page.goto(f"{url}/sign-in/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    chosen = secrets.token_urlsafe()
    for label, value in (
        ("Old password", password),
        ("New password", chosen),
        ("New password confirmation", chosen),
    ):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Change password").click()
    page.wait_for_url(f"{url}/")
    cookies = page.context.cookies()
    page.context.close()
    return [dict(cookie) for cookie in cookies]


@contextmanager
def window(
    chromium: Browser, url: str, cookies: list[dict[str, object]], theme: str, size: dict[str, int]
) -> Iterator[Page]:
    context = chromium.new_context(viewport=size, reduced_motion="reduce")
    context.add_cookies([*cookies, {"name": "theme", "value": theme, "url": url}])
    yield context.new_page()
    context.close()


def shoot(page: Page, address: str, name: str) -> None:
    page.goto(address)
    if "?" in address:
        page.locator("main tbody th a").first.click()
        page.wait_for_load_state()
    if page.locator("[data-console]").count():
        page.wait_for_function(DRAWN)
    page.evaluate("document.fonts.ready")
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
