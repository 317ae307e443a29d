"""What every test may ask for, and what those that need more than this machine has come to."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from xdist.scheduler import LoadScopeScheduling

from ganeti_webmgr.run.redis import private_redis

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

pytest_plugins = ["tests.estate"]

LAB = Path(__file__).parent / "real" / "lab"


@functools.cache
def why_not_real() -> str:
    """Why there is no real Ganeti to test against; empty where there is."""
    status = subprocess.run([LAB / "status"], capture_output=True, text=True, check=False)
    if status.returncode == 0:
        return ""
    if os.geteuid() != 0:
        return "real Ganeti: its lab can be asked and brought up by root only (tests/real/lab/up)"
    return "real Ganeti: the lab is not up (tests/real/lab/up brings it up)"


@functools.cache
def why_not_e2e() -> str:
    """Why there is no browser to drive; empty where there is."""
    return "" if shutil.which("chromium") else "real browser: no chromium on PATH (apt-get install chromium)"


NEEDS = {"real": (why_not_real, "GWM_REQUIRE_LAB"), "e2e": (why_not_e2e, "GWM_REQUIRE_BROWSER")}


class OneLab(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Of several test processes, one has all that needs the lab, or the site for browsers.

    xdist's own groups do not work with this pytest: it writes them into an attribute that is gone.
    """

    def _split_scope(self, nodeid: str) -> str:
        needs = "[lab" in nodeid or nodeid.startswith(("tests/e2e/", "tests/real/"))
        return "lab" if needs else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneLab:
    return OneLab(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (why_not, _) in NEEDS.items():
        if item.get_closest_marker(marker) and (reason := why_not()):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the lab or the browser was promised, a test that is skipped for want of it has failed."""
    report = yield
    promised = [
        variable
        for marker, (_, variable) in NEEDS.items()
        if item.get_closest_marker(marker) and os.environ.get(variable) == "1"
    ]
    if report.skipped and promised and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{promised[0]}=1, but it was skipped: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of this test run's own, running at the very place where the settings look for it."""
    child = private_redis(Path(settings.REDIS_URL.removeprefix("unix://")))
    ends_with_us = ["setpriv", "--pdeathsig", "KILL"]
    server = subprocess.Popen([*ends_with_us, *child.argv], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    assert child.ready
    with server.stdout as lines:  # closed from then on: Redis does not mind
        assert any(child.ready([line]) for line in lines), "Redis ended before it was ready"
    yield settings.REDIS_URL
    server.terminate()
    server.wait()
