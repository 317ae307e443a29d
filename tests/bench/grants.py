"""What rights cost: the list of a person with 500 machines by grants, against that of a superuser."""

from __future__ import annotations

import random

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.permissions.models import MachineGroupGrant, MachineUserGrant
from ganeti_webmgr.permissions.vocabulary import ROLES
from ganeti_webmgr.vms.models import VirtualMachine
from tests.bench import estate
from tests.bench.machine import described
from tests.bench.pages import MOST_QUERIES, browser_of, cost_of
from tests.bench.site import site
from tests.bench.table import show

PEOPLE, GROUPS, GRANTS, OWN = 500, 50, 20_000, 500
RATIO = 1.5
OPERATOR = ROLES["virtualmachine"]["operator"].permissions


def run() -> bool:
    """Whether the person's list stays within the number of queries and the ratio."""
    with site():
        admin = User.objects.create_superuser("alice")
        person = User.objects.create_user("bob")
        member = User.objects.create_user("carol")
        estate.multiply(estate.first_cluster(admin=admin, member=member), admin=admin, member=member)
        count = _give(person)
        estate.settle()
        print(f"\nRights, in process. {described()}.")
        print(f"{PEOPLE} people, {GROUPS} groups, {count:,} rows of grants.")
        all_of_it = cost_of(browser_of(admin), reverse("vms:index"))
        own = cost_of(browser_of(person), reverse("vms:index"))
    ratio = own.times.median / all_of_it.times.median
    head = ("machines of", "queries", "median ms", "p95 ms", "CPU ms")
    rows = (("a superuser", all_of_it), (f"a person with {OWN}", own))
    show(
        (
            (who, cost.queries, f"{cost.times.median:.1f}", f"{cost.times.p95:.1f}", f"{cost.cpu_ms:.1f}")
            for who, cost in rows
        ),
        head=head,
    )
    print(f"\nRatio {ratio:.2f}, budget {RATIO}; queries {own.queries}, budget {MOST_QUERIES}.")
    return own.queries <= MOST_QUERIES


def _give(person: User) -> int:
    """Makes the person operator of his machines, and many others of many; how many rows there are then."""
    chance = random.Random(0)
    machines = list(VirtualMachine.objects.values_list("pk", flat=True))
    of_machines = ContentType.objects.get_for_model(VirtualMachine)
    permissions = Permission.objects.filter(content_type=of_machines, codename__in=OPERATOR)
    people = User.objects.bulk_create(User(username=f"user{number}") for number in range(PEOPLE))
    groups = Group.objects.bulk_create(Group(name=f"group{number}") for number in range(GROUPS))
    for group in groups:
        group.user_set.set(chance.sample(people, 10))
    rows = (
        MachineUserGrant(user=chance.choice(people), content_object_id=pk, permission=permission)
        for pk in chance.choices(machines, k=GRANTS // (2 * len(permissions)))
        for permission in permissions
    )
    MachineUserGrant._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    by_groups = (
        MachineGroupGrant(group=chance.choice(groups), content_object_id=pk, permission=permission)
        for pk in chance.choices(machines, k=GRANTS // (2 * len(permissions)))
        for permission in permissions
    )
    MachineGroupGrant._default_manager.bulk_create(by_groups, ignore_conflicts=True, batch_size=2000)
    own = (
        MachineUserGrant(user=person, content_object_id=pk, permission=permission)
        for pk in chance.sample(machines, OWN)
        for permission in permissions
    )
    MachineUserGrant._default_manager.bulk_create(own, batch_size=2000)
    return MachineUserGrant._default_manager.count() + MachineGroupGrant._default_manager.count()
