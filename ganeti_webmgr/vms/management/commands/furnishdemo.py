"""People and projects for the demonstration, so that a newcomer sees what they are for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.limiting import set_quota
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import LEAD, MEMBER, add_member, create_project
from ganeti_webmgr.vms.models import VirtualMachine

PEOPLE = {"lena": "Lena Brandt", "omar": "Omar Haddad", "mia": "Mia Costa", "jonas": "Jonas Weber"}
# Name and first letters of its machines; who leads it, who is in it; machines it may have on each cluster.
PROJECTS = [
    ("Web shop", ("app", "web", "cache"), "lena", ("omar", "mia"), 20),
    ("Databases", ("db",), "jonas", ("lena",), 12),
    ("Build farm", ("build", "ci"), "mia", (), None),
]


class Command(BaseCommand):
    help = (
        "Makes some people and projects and shares machines out. The people have no password: admins "
        "set one on their page. Does nothing where there is a project already."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        admin = User.objects.filter(is_superuser=True).order_by("pk").first()
        if admin is None or Project.objects.exists():
            return
        people = {name: _person(name, full) for name, full in PEOPLE.items()}
        for name, prefixes, lead, members, limit in PROJECTS:
            project = create_project(name, by=admin)
            add_member(project, lead, by=admin, role=LEAD)
            for member in members:
                add_member(project, member, by=people[lead], role=MEMBER)
            self._share_out(project, prefixes, limit, admin)
        self.stdout.write(f"{len(people)} people and {len(PROJECTS)} projects were made")

    def _share_out(self, project: Project, prefixes: tuple[str, ...], limit: int | None, admin: User) -> None:
        for cluster in Cluster.objects.all():
            for prefix in prefixes:
                VirtualMachine.objects.filter(cluster=cluster, name__startswith=prefix, owner=None).update(
                    owner=project
                )
            grant(project.group, cluster, by=admin, role="deployer")
            if limit is not None:
                set_quota(project, cluster, by=admin, machines=limit)


def _person(name: str, full: str) -> User:
    first, last = full.split()
    person = User(username=name, first_name=first, last_name=last, email=f"{name}@example.org")
    person.set_unusable_password()
    person.save()
    return person
