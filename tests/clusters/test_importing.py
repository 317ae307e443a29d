"""Many clusters come from a file: all that fit, or none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import unseal

pytestmark = pytest.mark.django_db

TWO = """
clusters:
  - {name: West, url: west.example.org, user: gwm, password: secret, read_only: true}
  - name: East
    slug: east-1
    url: https://east.example.org:5081
    user: gwm
    password_file: east.password
    fingerprint: %s
""" % ("AB:" * 31 + "AB")


def imported(path: Path, text: str, *words: str) -> str:
    (path / "clusters.yaml").write_text(text)
    (path / "east.password").write_text("from a file\n")
    out = io.StringIO()
    call_command("importclusters", str(path / "clusters.yaml"), *words, stdout=out)
    return out.getvalue()


def test_the_clusters_of_a_file_are_added(tmp_path: Path) -> None:
    said = imported(tmp_path, TWO)
    assert said == "West: added as west.\nEast: added as east-1.\nThe worker reads them.\n"
    west, east = Cluster.objects.order_by("pk")
    assert (west.url, west.tls, west.read_only) == ("https://west.example.org:5080", "system", True)
    assert (east.url, east.tls, unseal(east.password)) == (
        "https://east.example.org:5081",
        "pinned",
        "from a file",
    )
    assert Event.objects.filter(action="cluster.added").count() == 2


def test_what_is_here_already_stays_as_it_is(tmp_path: Path) -> None:
    imported(tmp_path, TWO)
    assert "West: is here already." in imported(tmp_path, TWO.replace("secret", "other"))
    assert unseal(Cluster.objects.get(slug="west").password) == "secret"


def test_a_dry_run_adds_nothing(tmp_path: Path) -> None:
    assert "a dry run" in imported(tmp_path, TWO, "--dry-run")
    assert not Cluster.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (TWO.replace("password: secret", "pasword: secret"), "1, West: Nobody knows pasword"),
        (TWO.replace("AB:AB", "zz"), "2, East: A SHA-256 fingerprint"),
        (TWO.replace("https:", "http:"), "2, East: .* is not an address of a RAPI"),
        (TWO.replace("east.password", "none"), "2, East: .*No such file"),
        (TWO + "  - seven\n", "3, not a cluster: A cluster has a name"),
        ("clusters: {", "not YAML"),
        ("a: b", "no list of clusters"),
        ("!!python/object/apply:os.getcwd []", "not YAML"),
    ],
)
def test_where_one_does_not_fit_none_is_added(tmp_path: Path, broken: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        imported(tmp_path, broken)
    assert not Cluster.objects.exists()
