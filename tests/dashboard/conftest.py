"""Bob leads the project Web, Dana is in it, Erin administers the cluster; Charlie was given nothing."""

from __future__ import annotations

import pytest

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import LEAD, add_member, create_project
from ganeti_webmgr.vms.models import VirtualMachine


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password="bobs-password")


@pytest.fixture
def dana(db: None) -> User:
    return User.objects.create_user("dana", password="danas-password")


@pytest.fixture
def erin(alice: User, cluster: Cluster) -> User:
    person = User.objects.create_user("erin", password="erins-password")
    grant(person, cluster, by=alice, role="admin")
    return person


@pytest.fixture
def web(alice: User, bob: User, dana: User) -> Project:
    project = create_project("Web", by=alice)
    add_member(project, "bob", by=alice, role=LEAD)
    add_member(project, "dana", by=alice)
    return project


@pytest.fixture
def mine(web: Project, running: VirtualMachine) -> VirtualMachine:
    """A machine of the project that runs."""
    running.owner = web
    running.save(update_fields=["owner"])
    return running
