"""A running product as tests use it: its pages, and its command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from ganeti_webmgr.environment import BASE_DIR
from tests.run.scene import NOT_INHERITED

PASSWORD = "chosen-by-the-administrator"


@dataclass
class Site:
    """Where it answers, where it keeps its things, and the password of `admin`."""

    url: str
    state: Path
    one_time_password: str
    env: dict[str, str] = field(default_factory=dict)
    process: Callable[[str], int] = field(
        default=lambda _: 0
    )  # the id of the one whose command has this part

    def manage(self, *words: str, stdin: str = "") -> str:
        """What the management command prints; the database is the site's."""
        env = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE_DIR,
            env={**env, **self.env, "GWM_STATE_DIR": str(self.state)},
            input=stdin,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sign_in(self, page: Page, *, path: str = "/vms/") -> None:
        """Signs the administrator in, who chooses a password of his own the first time."""
        page.goto(f"{self.url}/sign-in/?next={path}")
        page.get_by_label("User name").fill("admin")
        page.get_by_label("Password").fill(self.one_time_password or PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        if self.one_time_password:
            page.get_by_label("Old password").fill(self.one_time_password)
            page.get_by_label("New password", exact=True).fill(PASSWORD)
            page.get_by_label("New password confirmation").fill(PASSWORD)
            page.get_by_role("button", name="Change password").click()
            expect(page.get_by_text("Password changed")).to_be_visible()
            self.one_time_password = ""
            page.goto(f"{self.url}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
