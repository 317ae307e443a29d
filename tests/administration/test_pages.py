"""A cluster as a whole: changed, and its queue ruled, by those who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters import cycle
from ganeti_webmgr.clusters.connect import connect
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs import naming, runner
from ganeti_webmgr.jobs.models import Job, Status
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.simulator import SimulatedCluster
from tests.estate import signed_in

pytestmark = pytest.mark.django_db

Work = Callable[[Cluster], None]


def at(cluster: Cluster, page: str) -> str:
    return f"{cluster.get_absolute_url()}-/{page}/"


def typed(by: Client, cluster: Cluster, **changed: str) -> dict[str, str]:
    """The form of settings as a browser would send it, with some fields written over."""
    form = by.get(at(cluster, "modify")).context["form"]
    return {name: str(form.fields[name].initial) for name in form.fields} | changed


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"')


def test_settings_are_changed_in_two_steps_and_so_they_are_on_the_cluster(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster, work: Work
) -> None:
    data = typed(by_alice, cluster, **{"candidate_pool_size": "7", "hvparams/kvm/acpi": "false"})
    page = by_alice.post(at(cluster, "modify"), data).content.decode()
    assert "gnt-cluster modify" in page
    assert not Job.objects.filter(command="modify-cluster").exists()
    answer = by_alice.post(at(cluster, "modify/review"), {"changes": hidden(page, "changes")})
    assert answer.status_code == 302
    work(cluster)
    assert Job.objects.get(command="modify-cluster").status == Status.DONE
    params = ganeti.config.params
    assert (params["candidate_pool_size"], params["hvparams"]["kvm"]["acpi"]) == (7, False)
    cluster.refresh_from_db()
    assert cluster.info["candidate_pool_size"] == 7


def test_what_is_typed_or_looked_at_is_not_taken_away_by_news(by_alice: Client, cluster: Cluster) -> None:
    for page in ("modify", "rules/add", "redistribute"):
        assert not by_alice.get(at(cluster, page)).context.get("topics")
    data = typed(by_alice, cluster, candidate_pool_size="7")
    assert not by_alice.post(at(cluster, "modify"), data).context.get("topics")
    assert by_alice.get(at(cluster, "administration")).context["topics"] == f"cluster:{cluster.pk}"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"candidate_pool_size": "many"}, "Enter a whole number."),
        ({"enabled_hypervisors": ""}, "Choose at least one."),
        ({"enabled_hypervisors": "vmware"}, "There is no “vmware” here"),
        ({"ipolicy/vcpu-ratio": "nan"}, "Enter a number above 0."),
        ({"hvparams/kvm/acpi": "perhaps"}, "Choose on or off."),
        ({}, "Nothing was changed."),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_sent(
    by_alice: Client, cluster: Cluster, changed: dict[str, str], words: str
) -> None:
    data = typed(by_alice, cluster, **changed)
    answer = by_alice.post(at(cluster, "modify"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert all(escape(value) in page for name, value in changed.items() if "acpi" not in name)
    assert not Job.objects.filter(command="modify-cluster").exists()


def test_what_was_looked_at_is_shown_again_where_the_cluster_has_changed(
    by_alice: Client, cluster: Cluster
) -> None:
    page = by_alice.post(
        at(cluster, "modify"), typed(by_alice, cluster, candidate_pool_size="7")
    ).content.decode()
    cluster.info["candidate_pool_size"] = 9
    cluster.save()
    answer = by_alice.post(
        at(cluster, "modify/review"),
        {"changes": hidden(page, "changes"), "typed": hidden(page, "typed")},
    )
    assert answer.status_code == 409
    assert "The cluster has changed meanwhile." in answer.content.decode()
    assert not Job.objects.filter(command="modify-cluster").exists()
    back = by_alice.post(at(cluster, "modify"), {"back": "1", "typed": hidden(page, "typed")})
    assert 'value="7"' in back.content.decode()


def test_a_review_cannot_be_made_up_or_taken_from_another(
    alice: User, by_alice: Client, cluster: Cluster, charlie: User
) -> None:
    page = by_alice.post(at(cluster, "modify"), typed(by_alice, cluster, candidate_pool_size="7"))
    word = hidden(page.content.decode(), "changes")
    grant(charlie, cluster, by=alice, role="admin")
    for by, changes in ((by_alice, "made up"), (signed_in(charlie), word)):
        assert by.post(at(cluster, "modify/review"), {"changes": changes}).status_code == 409
    assert not Job.objects.filter(command="modify-cluster").exists()


def test_the_configuration_is_redistributed(by_alice: Client, cluster: Cluster, work: Work) -> None:
    home = at(cluster, "administration")
    assert f'href="{home}">Cancel' in by_alice.get(at(cluster, "redistribute")).content.decode()
    assert by_alice.post(at(cluster, "redistribute")).headers["Location"] == home
    work(cluster)
    assert Job.objects.get(command="redistribute-config").status == Status.DONE


def test_tags_are_changed(by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster, work: Work) -> None:
    (old, *rest) = cluster.tags
    assert by_alice.post(at(cluster, "tags"), {"tags": " ".join(["blue", *rest])}).status_code == 302
    work(cluster)
    work(cluster)
    cluster.refresh_from_db()
    assert set(cluster.tags) == {"blue", *rest}
    assert old not in ganeti.config.tags
    assert naming.line(Job.objects.get(command="tag-cluster")) == "gnt-cluster add-tags blue"


RULE = {"said": "Moving racks", "action": "PAUSE", "priority": "5", "only_new": "on"}


def test_a_rule_is_added_changed_and_removed_at_once(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster, work: Work
) -> None:
    data = {**RULE, "operations": ["OP_INSTANCE_MIGRATE", "OP_NODE_MIGRATE"], "reason": "^night"}
    assert by_alice.post(at(cluster, "rules/add"), data).status_code == 302
    work(cluster)
    (rule,) = cluster.queue_rules.all()
    assert (rule.said, rule.kind, rule.priority) == ("Moving racks", "PAUSE", 5)
    page = by_alice.get(at(cluster, "administration")).content.decode()
    assert "Holds back jobs that do: Migrate and Migrate node, whose reason matches ^night" in page
    form = by_alice.get(at(cluster, f"rules/{rule.uuid}")).context["form"]
    assert form.initial["operations"] == data["operations"]
    changed = {**RULE, "action": "RATE_LIMIT", "limit": "2"}
    assert by_alice.post(at(cluster, f"rules/{rule.uuid}"), changed).status_code == 302
    work(cluster)
    rule.refresh_from_db()
    assert rule.action == ["RATE_LIMIT", 2]
    assert by_alice.post(at(cluster, f"rules/{rule.uuid}/remove")).status_code == 302
    work(cluster)
    assert not cluster.queue_rules.exists()
    assert not ganeti.config.filters
    assert set(Job.objects.filter(command__contains="rule").values_list("status", flat=True)) == {"done"}


def test_a_rule_that_is_gone_is_removed_without_an_error(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster, work: Work
) -> None:
    by_alice.post(at(cluster, "rules/add"), RULE)
    work(cluster)
    by_alice.post(at(cluster, f"rules/{cluster.queue_rules.get().uuid}/remove"))
    ganeti.config.filters.clear()
    work(cluster)
    assert Job.objects.get(command="remove-rule").status == Status.DONE


def test_conditions_from_elsewhere_are_kept_as_they_are(
    by_alice: Client, cluster: Cluster, work: Work
) -> None:
    predicates: list[Any] = [["opcode", ["==", "instance_name", "web1"]]]
    uuid = "11111111-1111-4111-8111-111111111111"
    with connect(cluster) as client:
        client.filters.replace(uuid, action="PAUSE", predicates=predicates)
    cycle.run(cluster, everything=True)
    page = by_alice.get(at(cluster, f"rules/{uuid}")).content.decode()
    assert "Its conditions stay as they are." in page
    assert 'name="operations"' not in page
    by_alice.post(at(cluster, f"rules/{uuid}"), {**RULE, "action": "ACCEPT"})
    work(cluster)
    rule = cluster.queue_rules.get()
    assert (rule.predicates, rule.kind) == (predicates, "ACCEPT")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"said": ""}, "This field is required."),
        ({"action": "FORBID"}, "Select a valid choice"),
        ({"action": "RATE_LIMIT"}, "Say how many may run at once."),
        ({"action": "RATE_LIMIT", "limit": "0"}, "greater than or equal to 1"),
        ({"reason": "("}, "This is no regular expression"),
        ({"operations": "OP_NONE"}, "Select a valid choice"),
        ({"priority": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_at_its_field(
    by_alice: Client, cluster: Cluster, changed: dict[str, str], words: str
) -> None:
    answer = by_alice.post(at(cluster, "rules/add"), {**RULE, **changed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Job.objects.filter(command="add-rule").exists()


def test_who_only_sees_the_cluster_is_told_why_he_may_not(
    alice: User, charlie: User, cluster: Cluster
) -> None:
    by = signed_in(charlie)
    assert by.get(at(cluster, "administration")).status_code == 404
    grant(charlie, cluster, by=alice, role="viewer")
    page = by.get(at(cluster, "administration")).content.decode()
    assert "gnt-cluster verify" in page
    assert 'aria-disabled="true"' in page
    for address in ("modify", "rules/add", "redistribute"):
        assert by.get(at(cluster, address)).status_code == 403
    assert by.post(at(cluster, "modify"), {"candidate_pool_size": "7"}).status_code == 403


def test_an_answer_that_was_lost_leaves_one_rule(
    by_alice: Client, cluster: Cluster, ganeti: SimulatedCluster
) -> None:
    by_alice.post(at(cluster, "rules/add"), RULE)
    ganeti.fault("lose_answer", path="^/2/filters", times=1)
    job = Job.objects.get(command="add-rule")
    for _ in range(2):
        runner.send(job)
        job.refresh_from_db()
    assert job.status == Status.DONE
    assert len(ganeti.config.filters) == 1
