"""What the documentation lists is complete."""

from __future__ import annotations

import inspect
import re

from pydantic import AliasChoices

from ganeti_webmgr.environment import BASE_DIR
from ganeti_webmgr.jobs.commands import Command
from ganeti_webmgr.run.options import Options

DOCS = BASE_DIR / "docs"


def test_every_setting_is_documented() -> None:
    page = (DOCS / "admin" / "settings.md").read_text()
    for name, field in Options.model_fields.items():
        alias = field.validation_alias
        variable = alias.choices[0] if isinstance(alias, AliasChoices) else f"GWM_{name.upper()}"
        assert f"`{variable}`" in page, f"{variable} is missing"


def test_every_dependency_has_its_reason() -> None:
    page = (DOCS / "decisions" / "dependencies.md").read_text()
    reasons = {name for row in re.findall(r"^\| (\S.*?) \| ", page, re.MULTILINE) for name in row.split(", ")}
    pinned = {
        name
        for file in ("requirements.txt", "requirements-dev.txt")
        for name in re.findall(r"^([\w-]+)[\[=]", (BASE_DIR / file).read_text(), re.MULTILINE)
    }
    assert pinned == reasons - {"package", "---"}


def test_every_verb_of_the_makefile_is_listed_by_help() -> None:
    makefile = (BASE_DIR / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(phony.split()) == set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE))


def test_all_that_a_command_may_say_is_explained() -> None:
    page = (DOCS / "developer" / "jobs.md").read_text()
    said = {*vars(Command), *inspect.get_annotations(Command)}
    missing = {name for name in said if not name.startswith("_") and not re.search(rf"\b{name}\b", page)}
    assert missing == {"do_not_call_in_templates", "params", "asked_of"}  # not for those who write one
