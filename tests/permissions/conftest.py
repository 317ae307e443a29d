"""People with a story: Alice administers, Bob leads a project, Dana is on his team, Charlie is a stranger."""

from __future__ import annotations

import pytest

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import LEAD, add_member, create_project
from ganeti_webmgr.vms.models import VirtualMachine


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", email="bob@example.org", password="bobs-password")


@pytest.fixture
def dana(db: None) -> User:
    return User.objects.create_user("dana", email="dana@example.org", password="danas-password")


@pytest.fixture
def web(alice: User, bob: User, dana: User) -> Project:
    """A project that Bob leads and in which Dana is a member."""
    project = create_project("Web", by=alice)
    add_member(project, "bob", by=alice, role=LEAD)
    add_member(project, "dana@example.org", by=bob)
    return project


@pytest.fixture
def mine(web: Project, cluster: Cluster) -> VirtualMachine:
    """A stopped machine of the project."""
    vm = cluster.vms.filter(status="ADMIN_down").earliest("sort_name")
    vm.owner = web
    vm.save(update_fields=["owner"])
    return vm


@pytest.fixture
def others(mine: VirtualMachine, cluster: Cluster) -> VirtualMachine:
    """A machine that is nobody's."""
    return cluster.vms.filter(owner=None).earliest("sort_name")
