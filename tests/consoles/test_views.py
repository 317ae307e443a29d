"""Pages of consoles."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.secrets import unseal
from ganeti_webmgr.consoles.models import ClusterConsoles, Console, Ticket
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in

pytestmark = pytest.mark.django_db


def of(vm: VirtualMachine) -> str:
    return f"{vm.get_absolute_url()}-/console/"


def opened(user: User, vm: VirtualMachine, **more: Any) -> Console:
    now = timezone.now()
    values = {
        "kind": "screen",
        "mode": "control",
        "started_at": now,
        "opened_at": now,
        "seen_at": now,
        **more,
    }
    return Console.objects.create(user=user, vm=vm, place="node1, port 11000", **values)


def test_the_page_may_connect_to_the_proxy_and_nowhere_else(
    by_alice: Client, running: VirtualMachine
) -> None:
    answer = by_alice.get(of(running))
    policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://testserver/console/ws" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_behind_tls_the_socket_is_encrypted_and_a_port_can_be_set(
    by_alice: Client, running: VirtualMachine, settings: Any
) -> None:
    settings.CONSOLE_PORT = 6080
    assert 'data-address="ws://testserver:6080/console/ws"' in by_alice.get(of(running)).content.decode()
    page = by_alice.get(of(running), secure=True).content.decode()
    assert 'data-address="wss://testserver:6080/console/ws"' in page


def test_a_ticket_is_given_once_and_kept_nowhere(by_alice: Client, running: VirtualMachine) -> None:
    answer = by_alice.post(of(running), {"kind": "screen", "mode": "control"})
    secret = answer.json()["ticket"]
    assert len(secret) >= 43
    assert answer.headers["Cache-Control"] == "no-store"
    ticket = Ticket.objects.get()
    assert ticket.origin == "http://testserver"
    assert secret not in str(vars(ticket))


def test_asking_too_often_is_told(by_alice: Client, running: VirtualMachine) -> None:
    for _ in range(20):
        assert by_alice.post(of(running), {"kind": "screen", "mode": "control"}).status_code == 200
    answer = by_alice.post(of(running), {"kind": "screen", "mode": "control"})
    assert answer.status_code == 429
    assert "Wait a moment" in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"kind": "screen"}, {"kind": "x", "mode": "control"}])
def test_a_forged_request_gets_nothing(
    by_alice: Client, running: VirtualMachine, data: dict[str, str]
) -> None:
    assert by_alice.post(of(running), data).status_code == 404
    assert not Ticket.objects.exists()


def test_a_ticket_needs_a_token_of_the_page(alice: User, running: VirtualMachine) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(of(running), {"kind": "screen", "mode": "control"}).status_code == 403


def test_who_only_watches_gets_the_page_for_it(charlie: User, alice: User, running: VirtualMachine) -> None:
    grant(charlie, running, by=alice, role="watcher")
    browser = signed_in(charlie)
    page = browser.get(of(running)).content.decode()
    assert 'data-mode="watch"' in page
    assert "Paste text" not in page
    assert browser.post(of(running), {"kind": "screen", "mode": "control"}).status_code == 403
    assert browser.post(of(running), {"kind": "screen", "mode": "watch"}).status_code == 200


def test_a_machine_that_is_off_offers_start(by_alice: Client, stopped: VirtualMachine) -> None:
    page = by_alice.get(of(stopped)).content.decode()
    assert "<span>Start</span>" in page
    assert 'data-running="no"' in page


def test_a_machine_without_any_console_says_so(by_alice: Client, running: VirtualMachine) -> None:
    running.details["hvparams"].update(vnc_bind_address="", serial_console=False, spice_bind="")
    running.save()
    assert "This machine has no console here" in by_alice.get(of(running)).content.decode()


def test_a_serial_line_that_is_not_reached_comes_with_the_command(
    by_alice: Client, running: VirtualMachine
) -> None:
    running.details["hvparams"].update(serial_console=True)
    running.save()
    line = f"ssh -t root@{running.cluster.master} gnt-instance console {running.name}"
    assert line in by_alice.get(of(running)).content.decode()


def test_the_machines_page_shows_who_is_on_it_to_those_who_may_look(
    by_alice: Client, alice: User, charlie: User, running: VirtualMachine
) -> None:
    opened(alice, running)
    assert "alice is on its console" in by_alice.get(running.get_absolute_url()).content.decode()
    grant(charlie, running, by=alice, role="viewer")
    assert "on its console" not in signed_in(charlie).get(running.get_absolute_url()).content.decode()


def test_one_ends_a_console_with_a_reason(by_alice: Client, charlie: User, running: VirtualMachine) -> None:
    row = opened(charlie, running)
    answer = by_alice.post("/consoles/", {"console": [row.pk], "reason": "wrong machine"}, follow=True)
    assert "1 console will end within seconds." in answer.content.decode()
    row.refresh_from_db()
    assert (row.end_asked_by, row.end_reason) == ("alice", "wrong machine")


def test_nothing_chosen_is_told_and_what_was_typed_is_kept(
    by_alice: Client, charlie: User, running: VirtualMachine
) -> None:
    opened(charlie, running)
    answer = by_alice.post("/consoles/", {"reason": "because"})
    assert answer.status_code == 422
    assert "Choose those that are to end" in answer.content.decode()
    assert 'value="because"' in answer.content.decode()


def test_somebody_elses_console_cannot_be_ended_or_seen(
    by_charlie: Client, alice: User, running: VirtualMachine
) -> None:
    row = opened(alice, running)
    assert "alice" not in by_charlie.get("/consoles/").content.decode()
    assert by_charlie.post("/consoles/", {"console": [row.pk]}).status_code == 422
    row.refresh_from_db()
    assert row.end_asked_by == ""


def test_own_consoles_are_seen_and_ended(charlie: User, alice: User, running: VirtualMachine) -> None:
    grant(charlie, running, by=alice, role="console")
    row = opened(charlie, running)
    browser = signed_in(charlie)
    assert running.name.split(".")[0] in browser.get("/consoles/").content.decode()
    browser.post("/consoles/", {"console": [row.pk]})
    row.refresh_from_db()
    assert row.end_asked_by == "you, on another page"


def test_a_stored_password_is_sealed_kept_and_never_shown(by_alice: Client, cluster: Cluster) -> None:
    page = f"/clusters/{cluster.slug}/-/consoles/"
    by_alice.post(page, {"password": "hush4242", "ca_pem": ""})
    row = ClusterConsoles.objects.get()
    assert "hush4242" not in row.password
    assert unseal(row.password) == "hush4242"
    assert "hush4242" not in by_alice.get(page).content.decode()
    by_alice.post(page, {"password": "", "ca_pem": "", "reached_directly": "on"})
    row.refresh_from_db()
    assert unseal(row.password) == "hush4242"
    assert all("hush4242" not in str(event.after) for event in Event.objects.all())
    by_alice.post(page, {"forget_password": "on", "ca_pem": ""})
    row.refresh_from_db()
    assert row.password == ""


def test_a_certificate_that_is_none_is_told_at_its_field(by_alice: Client, cluster: Cluster) -> None:
    answer = by_alice.post(f"/clusters/{cluster.slug}/-/consoles/", {"ca_pem": "-----BEGIN NOTHING"})
    assert answer.status_code == 422
    assert "This is no certificate in PEM." in answer.content.decode()
    assert "-----BEGIN NOTHING" in answer.content.decode()


def test_a_file_for_a_desktop_viewer_where_nodes_are_reached_directly(
    by_alice: Client, cluster: Cluster, running: VirtualMachine
) -> None:
    running.details["hvparams"]["vnc_bind_address"] = "0.0.0.0"  # noqa: S104
    running.save()
    refused = by_alice.post(f"{of(running)}vnc.vv")
    assert refused.status_code == 409
    assert "Use the console in the browser." in refused.content.decode()
    ClusterConsoles.objects.create(cluster=cluster, reached_directly=True)
    file = by_alice.post(f"{of(running)}vnc.vv")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{running.name}.vv"'
    text = file.content.decode()
    assert "type=vnc" in text
    assert f"port={running.details['network_port']}" in text
    assert "host=127." in text
    assert b"[connection]" in by_alice.post(f"{of(running)}vnc.vnc").content
    assert Event.objects.filter(action="console.file-given").count() == 2


def test_a_spice_file_asks_for_tls_where_the_machine_does(
    by_alice: Client, cluster: Cluster, running: VirtualMachine
) -> None:
    ClusterConsoles.objects.create(cluster=cluster, reached_directly=True)
    assert b"has no SPICE screen" in by_alice.post(f"{of(running)}spice.vv").content
    running.details["hvparams"].update(spice_bind="0.0.0.0", spice_use_tls=True)  # noqa: S104
    running.save()
    assert b"tls-port=" in by_alice.post(f"{of(running)}spice.vv").content
