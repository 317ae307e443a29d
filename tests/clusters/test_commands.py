from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster, Trouble
from ganeti_webmgr.clusters.secrets import unseal
from ganeti_webmgr.simulator import SimulatedCluster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def addcluster(ganeti: SimulatedCluster, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> tuple[str, str]:
    """What the command says: to standard output, and to standard error."""
    typed = {
        "name": "sim1",
        "url": ganeti.url,
        "user": ganeti.user,
        "fingerprint": ganeti.fingerprint,
        "password": ganeti.password,
        **changes,
    }
    monkeypatch.setattr("sys.stdin", io.StringIO(typed.pop("password") + "\n"))
    out, err = io.StringIO(), io.StringIO()
    call_command(
        "addcluster",
        typed.pop("name"),
        typed.pop("url"),
        password_stdin=True,
        stdout=out,
        stderr=err,
        **{name: value for name, value in typed.items() if value is not None},
    )
    return out.getvalue(), err.getvalue()


def test_a_cluster_is_added_and_read(ganeti: SimulatedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    said, _ = addcluster(ganeti, monkeypatch)
    assert said == "sim1 was added: Ganeti 3.0.2, 12 machines.\n"
    cluster = Cluster.objects.get(slug="sim1")
    assert ganeti.password not in cluster.password
    assert unseal(cluster.password) == ganeti.password


def test_the_record_keeps_who_added_a_cluster_and_no_password(
    ganeti: SimulatedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    addcluster(ganeti, monkeypatch)
    event = Event.objects.get(action="cluster.added")
    assert (event.actor_name, event.actor_id) == ("root on the command line", None)
    assert (event.target_kind, event.cluster_name) == ("cluster", "sim1")
    assert event.after == {"url": ganeti.url, "username": ganeti.user, "verified_by": "a pinned fingerprint"}


@pytest.mark.parametrize(
    ("changes", "trouble", "words"),
    [
        ({"password": "wrong"}, Trouble.CREDENTIALS, "refuses the password"),
        ({"fingerprint": "AB" * 32}, Trouble.CERTIFICATE, "shows another certificate"),
        ({"url": "https://127.0.0.1:9"}, Trouble.UNREACHABLE, "does not answer"),
    ],
)
def test_a_cluster_that_cannot_be_read_is_kept_and_the_reason_told(
    ganeti: SimulatedCluster,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, str],
    trouble: Trouble,
    words: str,
) -> None:
    _, complaint = addcluster(ganeti, monkeypatch, **changes)
    assert words in complaint
    assert "Traceback" not in complaint
    assert Cluster.objects.get().trouble == trouble


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "https://127.0.0.1:5080/2/info"}, "is not an address of a RAPI"),
        ({"url": "ftp://127.0.0.1"}, "is not an address of a RAPI"),
        ({"url": "https://127.0.0.1:port"}, "is not an address"),
        ({"fingerprint": "AB:CD"}, "64 hexadecimal digits"),
        ({"user": "bärbel"}, "ASCII"),
        ({"name": "!!!"}, "has no letter or digit"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_written(
    ganeti: SimulatedCluster, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        addcluster(ganeti, monkeypatch, **changes)
    assert not Cluster.objects.exists()


def test_the_same_cluster_is_not_added_twice(
    ganeti: SimulatedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    addcluster(ganeti, monkeypatch)
    with pytest.raises(CommandError, match="There is a cluster of that name already"):
        addcluster(ganeti, monkeypatch)


def test_reading_a_cluster_that_is_not_there_says_so() -> None:
    with pytest.raises(CommandError, match="There is no cluster “nobody”"):
        call_command("synccluster", "nobody")


def test_reading_a_silent_cluster_says_what_is_wrong(cluster: Cluster, ganeti: SimulatedCluster) -> None:
    ganeti.fault("refuse")
    with pytest.raises(CommandError, match="sim1 does not answer"):
        call_command("synccluster", "sim1")
