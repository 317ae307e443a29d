"""The database of the original is brought over, told line by line, and not twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from ganeti_webmgr.accounts.models import SSHKey, User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import DefaultQuota, Membership, Project, Quota
from ganeti_webmgr.permissions.projects import create_project, personal_project
from ganeti_webmgr.reconcile.claims import claims_of
from ganeti_webmgr.reconcile.models import FormerGroup, FormerOwner
from ganeti_webmgr.vms.models import MachineTemplate, VirtualMachine
from tests.reconcile.original import SCHEMA, dumped, insert, original, saved

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]

TABLES = (User, Group, Project, Membership, Cluster, Quota, SSHKey, MachineTemplate, FormerOwner, FormerGroup)


def names(cluster: Cluster) -> list[str]:
    return list(cluster.vms.order_by("sort_name").values_list("name", flat=True)[:3])


@pytest.fixture
def file(cluster: Cluster, alice: User, tmp_path: Path) -> Path:
    """The original's database, which knows our cluster and another one."""
    address = urlsplit(cluster.url)
    assert address.hostname
    assert address.port
    return saved(original(address.hostname, address.port, names(cluster)), tmp_path / "gwm.sqlite")


def brought(file: Path, capsys: Captured, *options: str) -> str:
    call_command("import-gwm", str(file), *options)
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def as_in_the_product(settings: Any) -> None:
    """Passwords are checked as the product does, and not as is quick in tests."""
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


def test_people_come_with_what_can_be_read_of_their_passwords(
    file: Path, capsys: Captured, alice: User
) -> None:
    said = brought(file, capsys)
    dora, ed, root, off = (User.objects.get(username=name) for name in ("dora", "ed", "root", "off"))
    assert dora.check_password("doras-password")
    assert (dora.email, dora.is_superuser) == ("dora@example.org", False)
    assert (ed.has_usable_password(), ed.email) == (False, "")
    assert (root.is_superuser, off.is_active) == (True, False)
    assert "! ed: its password cannot be read here: set one" in said
    assert "! ed: without the address DORA@example.org" in said
    assert "+ root: an administrator of everything" in said
    assert "= alice: left as the account is here" in said
    assert "! not a name!: " in said
    alice.refresh_from_db()
    assert alice.check_password("alices-password")
    assert [key.name for key in dora.ssh_keys.all()] == ["dora@desk"]
    assert not ed.ssh_keys.exists()
    assert "DSA keys are no longer safe" in said
    event = Event.objects.get(action="person.created", target_name="dora")
    assert "on the command line" in event.actor_name


def test_clusters_come_held_still_and_without_passwords(
    file: Path, capsys: Captured, cluster: Cluster
) -> None:
    said = brought(file, capsys)
    two = Cluster.objects.get(name="ganeti2.example.org")
    assert (two.url, two.slug) == ("https://ganeti2.example.org:5080", "old-two")
    assert (two.paused, two.read_only, two.password) == (True, True, "")
    assert "! ganeti2.example.org: its password is not carried over" in said
    assert "clusters have no description here: “In the cellar”" in said
    assert "its address here is old-two, not Old_Two" in said
    cluster.refresh_from_db()
    assert (cluster.paused, cluster.slug) == (False, "sim1")
    assert f"{cluster}, left as it is here" in said
    assert "! The default of sim1 is left to you: no limit, for running machines" in said
    assert not DefaultQuota.objects.filter(cluster=cluster).exists()
    default = DefaultQuota.objects.get(cluster=two)
    assert (default.memory_mib, default.vcpus, default.disk_mib, default.running_only) == (
        4096,
        None,
        102400,
        True,
    )


def test_groups_that_own_become_projects_and_the_others_stay_groups(file: Path, capsys: Captured) -> None:
    said = brought(file, capsys)
    web = Project.objects.get(name="Web team")
    assert (web.slug, web.member_role) == ("web-team", "viewer")
    roles = dict(Membership.objects.filter(project=web).values_list("user__username", "role"))
    assert roles == {"dora": "lead", "ed": "member"}
    assert not Project.objects.filter(name="Watchers").exists()
    watchers = Group.objects.get(name="Watchers")
    assert [user.username for user in watchers.user_set.all()] == ["ed"]
    assert "+ Watchers: a group, as it owns nothing" in said
    two = Cluster.objects.get(name="ganeti2.example.org")
    quota = Quota.objects.get(project=web, cluster=two)
    assert (quota.memory_mib, quota.disk_mib, quota.vcpus) == (2048, None, 0)
    assert "0 is nothing at all here; there it could be no limit" in said


def test_a_group_whose_word_somebody_has_gets_another(file: Path, capsys: Captured) -> None:
    personal_project(User.objects.create_user("web-team"))
    said = brought(file, capsys)
    assert Project.objects.get(name="Web team").slug == "web-team-2"
    assert "+ Web team: a project" in said


def test_a_project_of_the_same_name_is_not_taken_for_the_group(
    file: Path, capsys: Captured, charlie: User, cluster: Cluster
) -> None:
    charlie.may_create_projects = True
    his = create_project("Web team", by=charlie)
    said = brought(file, capsys)
    theirs = Project.objects.get(slug="web-team-2")
    assert "! Web team: another project of that name is here" in said
    assert "The one brought over is web-team-2" in said
    assert not his.vms.exists()
    assert [user.username for user in his.group.user_set.all()] == ["charlie"]
    assert cluster.vms.filter(owner=theirs).count() == 1
    # The one that was made is known again, whatever it is called by now.
    Project.objects.filter(pk=theirs.pk).update(name="The web")
    assert "= Web team: a project, web-team-2, brought over before" in brought(file, capsys)
    assert Project.objects.filter(name="Web team").get() == his


@pytest.mark.parametrize(
    ("there", "here"),
    [("Watchers", "Watchers (2)"), ("WATCHERS", "WATCHERS (2)"), ("project:mail", "mail")],
)
def test_nobody_is_put_into_a_group_that_was_here_before(
    there: str, here: str, cluster: Cluster, alice: User, tmp_path: Path, capsys: Captured
) -> None:
    mail = create_project("Mail", by=alice)
    Group.objects.create(name="Watchers")
    before = {group.name: group for group in Group.objects.all()}
    database = original("ganeti2.example.org", 5080, names(cluster))
    database.execute("UPDATE auth_group SET name = ? WHERE id = 2", [there])
    database.commit()
    file = saved(database, tmp_path / "taken.sqlite")
    said = brought(file, capsys)
    assert f"! {there}: that name is not free here" in said
    assert f"The one brought over is {here}" in said
    assert [user.username for user in before["Watchers"].user_set.all()] == []
    assert [user.username for user in mail.group.user_set.all()] == ["alice"]
    group = Group.objects.get(name=here)
    assert [user.username for user in group.user_set.all()] == ["ed"]
    two = Cluster.objects.get(name="ganeti2.example.org")
    holders = {grant.group for grant in two.group_grants.all()}
    assert holders & {group, *before.values()} == {group}
    # The one that was made is known again, whatever it is called by now.
    Group.objects.filter(pk=group.pk).update(name="The watch")
    number = Group.objects.count()
    assert f"= {there}: a group, The watch, brought over before" in brought(file, capsys)
    assert Group.objects.count() == number


def test_rights_become_what_they_let_one_do(file: Path, capsys: Captured, cluster: Cluster) -> None:
    said = brought(file, capsys)
    two = Cluster.objects.get(name="ganeti2.example.org")
    first, second, third = cluster.vms.order_by("sort_name")[:3]
    dora, ed = User.objects.get(username="dora"), User.objects.get(username="ed")
    assert policy.may(dora, "admin", two)
    assert policy.held(ed, two) == {"create_vm", "view", "migrate"}  # by his project, and by the watchers
    assert policy.held(ed, first) == {"view", "watch", "console", "power"}
    assert policy.may(ed, "admin", second)  # what the group was given there
    assert policy.held(ed, third) == frozenset()
    assert two.user_grants.get(user=dora).role == "admin"
    assert first.user_grants.filter(user=ed, role="operator").count() == 3
    assert "! Watchers on ganeti2.example.org: export let nobody do anything there" in said
    assert "here that is Operator" in said


def test_owners_and_notes_of_machines_that_are_known_and_of_the_others_later(
    file: Path, capsys: Captured, cluster: Cluster
) -> None:
    said = brought(file, capsys)
    first, second, third = cluster.vms.order_by("sort_name")[:3]
    assert str(first.owner) == "dora"
    assert first.owner
    assert str(first.owner.personal_of) == "dora"
    assert first.notes == "Mind the queue"
    assert str(second.owner) == "Web team"
    assert third.owner is None
    assert "! later.example.org on ganeti2.example.org: not seen on its cluster so far" in said
    # What the original wrote on machines is understood from now on.
    third.tag_lines = "\ngwm:owner:17\n"
    assert [claim.owner for claim in claims_of([third])[third.pk]] == [second.owner]
    two = Cluster.objects.get(name="ganeti2.example.org")
    VirtualMachine.objects.create(
        cluster=two,
        uuid="later",
        name="later.example.org",
        sort_name="later",
        status="running",
        admin_state="up",
        memory_mib=512,
        memory_min_mib=512,
        vcpus=1,
        disk_mib=1024,
        disk_template="drbd",
        hypervisor="kvm",
    )
    brought(file, capsys)
    later = two.vms.get()
    assert str(later.owner) == "dora"
    ed = User.objects.get(username="ed")
    assert policy.held(ed, later) == {"view", "remove", "reinstall", "migrate"}  # the last by the watchers


def test_templates_are_published_and_nothing_in_them_is_run(file: Path, capsys: Captured) -> None:
    said = brought(file, capsys)
    template = MachineTemplate.objects.get()
    assert (template.name, str(template.cluster), template.owner) == ("small", "ganeti2.example.org", None)
    plan = template.blueprint
    assert (plan["vcpus"], plan["memory_mib"], plan["disk_template"]) == (2, 512, "drbd")
    assert [disk["size_mib"] for disk in plan["disks"]] == [2048]
    assert [(nic["mode"], nic["link"]) for nic in plan["nics"]] == [("bridged", "br0")]
    assert plan["hvparams"] == {"root_path": "/dev/vda1"}
    assert "! broken on ganeti2.example.org: its disks or interfaces cannot be read" in said
    assert "1380000000.5" not in said


def test_done_twice_it_doubles_nothing(file: Path, capsys: Captured) -> None:
    brought(file, capsys)
    before = [model.objects.count() for model in TABLES]
    events = Event.objects.count()
    said = brought(file, capsys)
    assert [model.objects.count() for model in TABLES] == before
    assert Event.objects.count() == events
    assert "\n  + " not in said
    assert said.splitlines()[-1].startswith("0 brought over, ")


def test_a_dry_run_says_the_same_and_changes_nothing(file: Path, capsys: Captured) -> None:
    before = [model.objects.count() for model in TABLES]
    dry = brought(file, capsys, "--dry-run").splitlines()
    assert [model.objects.count() for model in TABLES] == before
    assert not Event.objects.filter(action="person.created").exists()
    assert dry[-1] == "Nothing was changed: a dry run."
    assert brought(file, capsys).splitlines() == dry[:-1]


def test_the_text_that_sqlite_writes_is_read_as_well(
    capsys: Captured, cluster: Cluster, alice: User, tmp_path: Path
) -> None:
    database = original("ganeti.example.org", 5080, names(cluster))
    brought(dumped(database, tmp_path / "gwm.sql"), capsys)
    assert User.objects.filter(username="dora").exists()
    assert Cluster.objects.filter(url="https://ganeti.example.org:5080", paused=True).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"-- MySQL dump 10.13\nCREATE TABLE `auth_user` ...", "a dump of MySQL, which is not read. Make an"),
        (b"-- MariaDB dump 10.19\n", "a dump of MySQL"),
        (b"--\n-- PostgreSQL database dump\n--\nSET statement_timeout = 0;", "a dump of PostgreSQL"),
        (b"PGDMP\x01\x0e", "a dump of PostgreSQL"),
        (b"hello\0world", "neither an SQLite file nor"),
        (b"", "no database of Ganeti Web Manager 0.11: it has no table auth_user"),
        (b"CREATE TABLE auth_user (id integer);", "it has no table authentication_clusteruser"),
        (b"SQLite format 3\0 and then something else", "SQLite cannot read it"),
        (b"ATTACH DATABASE '/tmp/elsewhere.sqlite' AS other;", "not authorized"),
    ],
)
def test_what_is_no_such_database_is_told_from_one(
    db: None, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "gwm"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("import-gwm", str(file))
    with pytest.raises(CommandError, match="The file cannot be read"):
        call_command("import-gwm", str(tmp_path / "nothing"))


def test_odd_values_stop_nothing(db: None, tmp_path: Path, capsys: Captured) -> None:
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    insert(database, "auth_user", {"id": 1, "username": "zoe", "password": None, "is_active": 1})
    insert(
        database,
        "clusters_cluster",
        {"id": 1, "hostname": "bad host name", "port": 5080, "slug": ""},
        {"id": 2, "hostname": "fine.example.org", "port": None, "slug": ""},
        {"id": 3, "hostname": "fine.example.org", "port": 99999999, "slug": ""},
    )
    database.execute("UPDATE clusters_cluster SET ram = 'much' WHERE id = 2")
    insert(database, "utils_quota", {"id": 1, "user_id": 77, "cluster_id": 2, "ram": -5})
    insert(database, "virtualmachines_virtualmachine", {"id": 1, "cluster_id": 7, "hostname": "lost"})
    database.commit()
    said = brought(saved(database, tmp_path / "odd.sqlite"), capsys)
    assert User.objects.filter(username="zoe").exists()
    assert Cluster.objects.get().url == "https://fine.example.org:5080"
    assert "! bad host name: " in said
    assert "! fine.example.org: invalid literal" in said
    assert "! lost: its cluster was not brought over" in said


def test_a_table_of_another_shape_changes_nothing(db: None, tmp_path: Path) -> None:
    database = original("ganeti.example.org", 5080, ["a", "b", "c"])
    database.execute("ALTER TABLE utils_sshkey RENAME COLUMN user_id TO person_id")
    database.commit()
    with pytest.raises(CommandError, match="a table has no column 'user_id'"):
        call_command("import-gwm", str(saved(database, tmp_path / "other.sqlite")))
    assert not User.objects.filter(username="dora").exists()
