"""What is vendored is what the lock says, and has every icon that is used."""

from __future__ import annotations

import importlib.util
import json
import re
from types import ModuleType

import pytest
from django.conf import settings

VENDOR = settings.BASE_DIR / "static" / "vendor"


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", settings.BASE_DIR / "scripts" / "vendor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_is_as_the_lock_says(vendor: ModuleType) -> None:
    assert vendor.digests() == json.loads(vendor.LOCK.read_text())["sha256"]


def test_every_package_shows_its_version_and_its_licence() -> None:
    for package in json.loads((VENDOR / "vendor.lock.json").read_text())["packages"]:
        folder = VENDOR / package["folder"]
        assert package["version"] in (folder / "VERSION").read_text()
        assert (folder / "LICENSE").read_text().strip()


def test_every_icon_that_is_used_is_in_the_sprite(vendor: ModuleType) -> None:
    sprite = set(re.findall(r'id="i-([a-z0-9-]+)"', (VENDOR / "icons" / "sprite.svg").read_text()))
    assert vendor.used_icons() - sprite == set(), "run scripts/vendor.py --icons"


def test_icons_are_found_wherever_they_are_named(vendor: ModuleType) -> None:
    used = vendor.used_icons()
    assert "menu-2" in used  # {% icon "menu-2" %}
    assert "filter-off" in used  # {% include … with icon="filter-off" %}
    assert "player-play-filled" in used  # State("good", "player-play-filled", …)
    assert "rotate-clockwise" in used  # icon = "rotate-clockwise" in a class


def test_no_script_asks_for_a_source_map() -> None:
    for path in [*VENDOR.rglob("*.js"), *VENDOR.rglob("*.css")]:
        assert "sourceMappingURL" not in path.read_text()
