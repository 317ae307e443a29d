"""A whole product that runs, and a browser that looks at it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.site import Site
from tests.real.labs import Lab
from tests.run.scene import Tree

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django would not touch the database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@contextmanager
def started(state: Path) -> Iterator[Site]:
    """The product, started as a newcomer starts it, without the demonstration."""
    # Where the lab keeps the serial lines of its machines.
    sockets = {"lab1": "/run/ganeti-lab/lab1/ganeti/kvm-hypervisor/ctrl/{machine}.serial"}
    # Its nodes have addresses of their own world; their console ports are relayed to this one.
    routes = {"lab1": {"node1.lab1.ganeti.test": "127.77.1.1"}}
    consoles = {"GWM_SERIAL_SOCKETS": json.dumps(sockets), "GWM_CONSOLE_ROUTES": json.dumps(routes)}
    with Tree(state, DEMO="0", **consoles) as tree:
        url = tree.address()
        yield Site(url, state, tree.waits_for(r"with password +(\S+)")[1], consoles, tree.find)
        assert tree.stop() == 0


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product for all tests, each of which may leave something there."""
    with started(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product for one test, without any cluster."""
    with started(tmp_path_factory.mktemp("empty")) as running:
        yield running


def added(site: Site, name: str) -> Lab:
    """A real cluster, added to the site from the command line."""
    lab = Lab(name)
    said = site.manage(
        "addcluster",
        name,
        lab.url,
        *("--user", lab.user, "--password-stdin", "--fingerprint", lab.fingerprint),
        stdin=lab.password,
    )
    assert f"{name} was added: Ganeti 3.0" in said
    return lab


@pytest.fixture(scope="session")
def lab1(site: Site) -> Lab:
    """One node, on which machines really run, in emulation."""
    return added(site, "lab1")


@pytest.fixture(scope="session")
def lab2(site: Site) -> Lab:
    """Five nodes, between which machines move that only pretend to run."""
    return added(site, "lab2")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product with its demonstration, as `make run` shows it to a newcomer."""
    state = tmp_path_factory.mktemp("demo")
    with Tree(state) as tree:
        url = tree.address()
        yield Site(url, state, tree.waits_for(r"with password +(\S+)")[1])
        assert tree.stop() == 0


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser window in which nothing may go wrong unseen."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    window = context.new_page()
    wrong: list[str] = []
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield window
    context.close()
    assert wrong == []
