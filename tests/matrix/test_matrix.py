"""Every address and every command as every kind of person, on an object of theirs and on another one."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event
from ganeti_webmgr.bulk.review import looked_at
from ganeti_webmgr.bulk.services import choose
from ganeti_webmgr.clusters.checkups import request_checkup
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import review
from ganeti_webmgr.jobs.commands import REGISTRY, MachineCommand, restore
from ganeti_webmgr.jobs.creating import request_creation
from ganeti_webmgr.jobs.models import Job, QueueRule
from ganeti_webmgr.jobs.services import Conflict, request_job
from ganeti_webmgr.lists.saving import save_filter
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.models import Membership, Project
from ganeti_webmgr.permissions.projects import create_project, personal_project
from ganeti_webmgr.reconcile.services import choose as settle
from ganeti_webmgr.vms.commands import Modify
from ganeti_webmgr.vms.creation.blueprint import Blueprint
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.saved.services import save_template
from ganeti_webmgr.vms.table import MACHINES
from tests.estate import signed_in
from tests.matrix.people import EVERYBODY, gather
from tests.matrix.table import (
    COMMANDS,
    CREATING,
    FOR_ALL,
    MAKE_FOR_WEB,
    MAKE_OWN,
    OF_ONESELF,
    ON_OWN_OBJECT,
    PARAMS,
    Row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.matrix, pytest.mark.timeout(400)]

MISSING = 404


class World:
    """A machine, its project and its cluster, and another of each; and everybody."""

    def __init__(self, alice: User, cluster: Cluster) -> None:
        self.web = create_project("Web", by=alice)
        create_project("Mail", by=alice)
        self.vm = self._of(self.web, cluster.vms.filter(status="ADMIN_down").earliest("sort_name"))
        self.people = gather(by=alice, vm=self.vm, cluster=cluster, project=self.web)
        helper = User.objects.create_user("helper")
        self.group = Group.objects.create(name="staff")
        self.group.user_set.add(helper)
        self.part = Membership.objects.create(project=self.web, user=helper)
        self.job = Job.objects.create(
            cluster=cluster, vm=self.vm, command="start", origin="somebody", requested_by=alice
        )
        Job.objects.filter(pk=self.job.pk).update(status="failed")
        self.bulk = choose([self.vm], verb="start", by=alice)
        self.settlement = settle([self.vm], verb="adopt", by=alice)
        self.filter = save_filter(by=alice, table=MACHINES, name="Up", query="status=running", owner=self.web)
        self.template = save_template(by=alice, name="Server", plan=Blueprint(), owner=self.web, cluster=None)
        self.check, self.made = (
            Job.objects.create(
                cluster=cluster,
                owner=self.web,
                target_name="made.example.org",
                command=command,
                batch="together",
                origin="somebody",
                requested_by=alice,
                status="failed",
            )
            for command in ("check-creation", "create")
        )
        self.checkup, self.recheck = (
            request_checkup(
                by=alice,
                cluster=of,
                url="https://other.example.org:5080",
                username="gwm",
                password="secret",
                tls=Cluster.Tls.SYSTEM,
                slug="other",
                name="Other",
            )
            for of in (None, cluster)
        )

        self.rule = QueueRule.objects.create(
            cluster=cluster, uuid="11111111-1111-4111-8111-111111111111", action="PAUSE"
        )

    def _of(self, project: Project, vm: VirtualMachine) -> VirtualMachine:
        vm.owner = project
        vm.save(update_fields=["owner"])
        return vm

    @cached_property
    def browsers(self) -> dict[str, Client]:
        """Everybody's, signed in."""
        return {name: signed_in(person) if person else Client() for name, person in self.people.items()}

    def address(self, row: Row) -> str:
        known = {
            "cluster": self.vm.cluster.slug,
            "machine": self.vm.name,
            "project": self.web.slug,
            "part": self.part.pk,
            "person": self.part.user_id,
            "group": self.group.pk,
            "job": self.job.pk,
            "bulk": self.bulk.token,
            "settlement": self.settlement.token,
            "filter": self.filter.pk,
            "template": self.template.pk,
            "rule": self.rule.uuid,
            "check": self.check.pk,
            "batch": self.made.batch,
            "checkup": self.checkup.token,
            "recheck": self.recheck.token,
            "system": self.vm.cluster.systems.earliest("pk").pk,
            "node": str(self.target("node")),
            "nodegroup": str(self.target("group")),
            "network": str(self.target("network")),
        }
        return reverse(row.name, args=[known.get(part, part) for part in row.args])

    def target(self, part: str) -> Model:
        """What commands are done to, as the address has it."""
        cluster = self.vm.cluster
        found: dict[str, Model] = {
            "machine": self.vm,
            "cluster": cluster,
            "node": cluster.nodes.earliest("pk"),
            "group": cluster.nodegroups.earliest("pk"),
            "network": cluster.networks.earliest("pk"),
        }
        return found[part]

    def data(self, row: Row, name: str) -> dict[str, str]:
        stranger, person = self.people["stranger"], self.people[name]
        assert stranger
        known = {"user:stranger": f"user:{stranger.pk}", "the machine": self.vm.name}
        typed = {field: known.get(value, value) for field, value in row.data.items()}
        if typed.get("vm") == "machine":
            typed["vm"] = str(self.vm.pk)
        if typed.get("seen") == "looked at" and self.bulk.requested_by:
            typed["seen"] = looked_at(self.bulk, by=self.bulk.requested_by).seen
        if typed.get("changes") == "sealed" and person:
            params = Modify(beparams={"vcpus": 3}).params
            typed["changes"] = review.sealed(params, self.vm, self.vm.serial_no, person)
        if typed.get("changes") == "of the cluster" and person:
            now = [str(self.vm.cluster.info["candidate_pool_size"])]
            changed = {"candidate_pool_size": 7}
            typed["changes"] = review.sealed(changed, self.vm.cluster, now, person)
        return typed


@pytest.fixture
def world(alice: User, cluster: Cluster) -> World:
    found = World(alice, cluster)
    assert set(found.browsers) == set(EVERYBODY)
    return found


def ask(world: World, row: Row, name: str) -> Any:
    """The answer, with everything that it changed taken back."""
    with transaction.atomic():
        if row.name == "jobs:cancel":
            Job.objects.filter(pk=world.job.pk).update(status="running", ganeti_id=7, ganeti_status="queued")
        browser = world.browsers[name]
        method = browser.get if row.method == "GET" else browser.post
        answer = method(world.address(row), world.data(row, name))
        transaction.set_rollback(True)
    return answer


def outcome(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/"):
        return "sign in"
    return {200: "allowed", 302: "allowed", 403: "refused", 404: "not there"}.get(
        answer.status_code, str(answer.status_code)
    )


def expected(row: Row, name: str) -> str:
    if name == "anonymous":
        return "sign in"
    if name in row.unfit:
        return "422"
    if name in row.not_now:
        return "409"
    if name in row.allowed:
        return "allowed"
    return "refused" if name in row.refused else "not there"


def test_every_address_answers_everybody_as_the_table_says(world: World) -> None:
    surprises: dict[Any, Any] = {}
    for row in ON_OWN_OBJECT:
        for name in EVERYBODY:
            answer = ask(world, row, name)
            if outcome(answer) != expected(row, name):
                surprises[row.method, row.name, row.args, name] = outcome(answer), expected(row, name)
            page = answer.content.decode() if answer.status_code in {403, 404} else ""
            if outcome(answer) == "refused" and "can give you the right" not in page:
                surprises[row.method, row.name, row.args, name] = "no reason is told"
            if world.vm.name in page.replace(world.address(row), "") and outcome(answer) == "not there":
                surprises[row.method, row.name, row.args, name] = "the name of the machine is told"
    assert surprises == {}


def test_every_command_is_asked_for_by_those_alone_who_may(world: World) -> None:
    asked = {on: {name: asked_by(world, name, on) for name in names} for on, names in COMMANDS.items()}
    assert asked == COMMANDS


def asked_by(world: World, name: str, on: str) -> set[str]:
    """Those whom the door lets through with the command; of the others nothing is left behind."""
    target = world.target(on)
    allowed = set()
    for who, person in world.people.items():
        if person is None:
            continue
        with transaction.atomic():
            try:
                request_job(by=person, command=restore(name, PARAMS.get(name, {})), on=target)
                allowed.add(who)
            except Conflict:  # who may is told why it makes no sense now
                allowed.add(who)
            except policy.Denied:
                assert not Event.objects.filter(action="job.requested", actor_name=who).exists()
            transaction.set_rollback(True)
    return allowed


@pytest.mark.parametrize("name", sorted(CREATING))
def test_machines_are_made_by_those_alone_who_may(world: World, name: str) -> None:
    assert made_by(world, name, personal_project) == MAKE_OWN
    assert made_by(world, name, lambda _: world.web) == MAKE_FOR_WEB


def made_by(world: World, name: str, owner: Callable[[User], Project]) -> set[str]:
    made = restore(name, {})
    assert isinstance(made, MachineCommand)
    allowed = set()
    for who, person in world.people.items():
        if person is None:
            continue
        with transaction.atomic():
            try:
                request_creation(
                    by=person,
                    command=made,
                    cluster=world.vm.cluster,
                    name="new.example.org",
                    owner=owner(person),
                )
                allowed.add(who)
            except policy.Denied:
                assert not Event.objects.filter(action="job.requested", actor_name=who).exists()
            transaction.set_rollback(True)
    return allowed


def test_another_machine_is_not_there_for_those_who_were_given_one(world: World, cluster: Cluster) -> None:
    own = world.vm
    world.vm = cluster.vms.exclude(pk=own.pk).earliest("sort_name")
    on_cluster = {"cluster-viewer", "cluster-operator", "cluster-admin", "superuser"}
    for row in ON_OWN_OBJECT:
        if "machine" in row.args:
            for name in set(EVERYBODY) - on_cluster - {"anonymous"}:
                assert ask(world, row, name).status_code == MISSING, (row.name, name)


def test_no_list_shows_what_is_not_there(world: World, cluster: Cluster) -> None:
    for name in ("stranger", "viewer", "member", "lead", "cluster-deployer"):
        browser = world.browsers[name]
        visible = {world.vm.name} if name not in {"stranger", "cluster-deployer"} else set()
        for path in (
            "/vms/",
            "/vms/?q=example",
            "/vms/?cluster=sim1",
            "/jobs/",
            "/nodes/",
            "/networks/",
            "/clusters/",
        ):
            page = browser.get(path).content.decode()
            shown = {vm.name for vm in cluster.vms.all() if vm.name in page}
            assert shown <= visible, (name, path)
            own_node = world.vm.primary_node.name if visible and world.vm.primary_node else ""
            assert {node.name for node in cluster.nodes.all() if node.name in page} <= {own_node}, (
                name,
                path,
            )


def test_no_page_leads_to_what_is_not_there(world: World) -> None:
    for name in set(EVERYBODY) - {"anonymous"}:
        browser = world.browsers[name]
        pages = [world.address(row) for row in ON_OWN_OBJECT if row.method == "GET" and name in row.allowed]
        seen = {link: page for page in pages for link in links(browser.get(page, follow=True))}
        dead = {link: page for link, page in seen.items() if browser.get(link).status_code in {403, 404}}
        assert dead == {}, name


def links(answer: Any) -> set[str]:
    """The addresses on our own site to which the page leads."""
    found = re.findall(r'<a [^>]*href="(/[^"#]*)', answer.content.decode())
    return {html.unescape(link) for link in found}


def test_the_table_knows_every_address_and_every_command() -> None:
    named = {row.name for row in ON_OWN_OBJECT} | FOR_ALL | OF_ONESELF
    assert set(addresses()) - named == set(), "in the table of tests/matrix/table.py nothing is said of these"
    assert named - set(addresses()) == set()
    ours = {name for name, command in REGISTRY.items() if command.__module__.startswith("ganeti_webmgr.")}
    assert ours == set().union(*COMMANDS.values()) | CREATING


def addresses(patterns: list[Any] | None = None, space: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
