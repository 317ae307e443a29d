from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import Undecipherable, seal, unseal


@pytest.fixture
def keys() -> list[str]:
    return [Fernet.generate_key().decode() for _ in range(2)]


def test_what_is_sealed_is_not_readable_and_comes_back() -> None:
    sealed = seal("swordfish")
    assert "swordfish" not in sealed
    assert unseal(sealed) == "swordfish"


def test_an_older_key_still_opens_while_the_first_one_seals(settings: Settings, keys: list[str]) -> None:
    old, new = keys
    settings.FIELD_KEYS = [old]
    sealed = seal("swordfish")
    settings.FIELD_KEYS = [new, old]
    assert unseal(sealed) == "swordfish"
    fresh = seal("swordfish")
    settings.FIELD_KEYS = [new]
    assert unseal(fresh) == "swordfish"
    with pytest.raises(Undecipherable):
        unseal(sealed)


@pytest.mark.django_db
def test_a_password_never_reaches_the_database_unsealed() -> None:
    with pytest.raises(ValueError, match="must be sealed"):
        Cluster.objects.create(slug="a", name="a", url="https://a:5080", password="swordfish")


@pytest.mark.django_db
def test_rotating_makes_older_keys_unnecessary(settings: Settings, keys: list[str]) -> None:
    old, new = keys
    settings.FIELD_KEYS = [old]
    cluster = Cluster.objects.create(slug="a", name="a", url="https://a:5080", password=seal("swordfish"))
    settings.FIELD_KEYS = [new, old]
    call_command("rotatekeys")
    settings.FIELD_KEYS = [new]
    cluster.refresh_from_db()
    assert unseal(cluster.password) == "swordfish"
    event = Event.objects.get()
    assert (event.action, event.after) == ("keys.rotated", {"passwords": 1})
    assert event.actor_name.endswith(" on the command line")


@pytest.mark.django_db
def test_rotating_without_the_right_key_changes_nothing(settings: Settings, keys: list[str]) -> None:
    old, new = keys
    settings.FIELD_KEYS = [old]
    cluster = Cluster.objects.create(slug="a", name="a", url="https://a:5080", password=seal("swordfish"))
    settings.FIELD_KEYS = [new]
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotatekeys")
    before = cluster.password
    cluster.refresh_from_db()
    assert cluster.password == before
