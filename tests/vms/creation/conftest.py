from __future__ import annotations

import pytest

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import add_member, create_project


@pytest.fixture
def web(alice: User, charlie: User, cluster: Cluster) -> Project:
    """A project that may deploy on the cluster, with Charlie as a member."""
    project = create_project("Web", by=alice)
    add_member(project, "charlie", by=alice)
    grant(project.group, cluster, by=alice, role="deployer")
    return project
