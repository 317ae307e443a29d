"""The page Explain access, and that what it says is what is decided."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.permissions.explain import explain, explain_all
from ganeti_webmgr.permissions.granting import grant
from ganeti_webmgr.permissions.models import Project
from ganeti_webmgr.permissions.projects import create_project
from ganeti_webmgr.permissions.vocabulary import WORDS
from ganeti_webmgr.vms.models import VirtualMachine
from tests.estate import signed_in
from tests.matrix.people import gather

pytestmark = pytest.mark.django_db

ASK = "/access/explain/"


def page(client: Client, on: str, who: str = "") -> str:
    answer = client.get(ASK, {"who": who, "on": on})
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'")


def main(text: str) -> str:
    """What stands on the page inside the frame."""
    (found,) = re.findall(r"<main.*?</main>", text, re.DOTALL)
    return str(found)


def told(text: str) -> dict[str, str]:
    """By what is asked, what stands beside it: "May start, …" and the lines below."""
    lines = re.findall(r'<div class="what">(May(?: not)?) (.*?)</div>(.*?)</div>\s*</li>', text, re.DOTALL)
    plain = re.compile(r"(<[^>]*>|\s)+")
    return {what: f"{may}: {plain.sub(' ', rest).strip()}" for may, what, rest in lines}


def test_what_is_explained_is_what_is_decided_for_everybody_and_everything(
    alice: User, web: Project, mine: VirtualMachine, cluster: Cluster
) -> None:
    node = cluster.nodes.earliest("pk")
    people = gather(by=alice, vm=mine, cluster=cluster, project=web)
    for person in filter(None, people.values()):
        for target in (mine, cluster, web, node):
            for name, found in zip(
                WORDS[policy.kind_of(type(target))], explain_all(person, target), strict=True
            ):
                said = (person, name, target)
                assert found == explain(person, name, target), said
                assert found.allowed == policy.may(person, name, target) == bool(found.links), said
                assert bool(found.missing) != found.allowed, said


def test_the_lead_of_a_project_asks_about_somebody_on_its_machine(
    bob: User, dana: User, mine: VirtualMachine
) -> None:
    grant(dana, mine, by=bob, permissions={"remove"}, until=timezone.now() + timedelta(days=9), note="a test")
    found = told(page(signed_in(bob), mine.name, "dana"))
    assert found["start, stop and restart it"] == (
        "May: Has a part in Web, which owns it and makes its members operator"
    )
    assert found["delete it"].startswith("May: May delete it on")
    assert found["delete it"].endswith(": a test")
    assert "until" in found["delete it"]
    assert found["reinstall it"] == f"May not: Maintainer on {mine} would be enough."
    assert set(found) == {WORDS["virtualmachine"][name].format(it="it") for name in WORDS["virtualmachine"]}
    assert "The leads of Web and the administrators of its cluster can give rights here." in page(
        signed_in(bob), mine.name, "dana"
    )


@pytest.mark.parametrize(
    "typed",
    ["{name}", "{first}", "{url}", "{url}-/access/", "http://gwm.example.org{url}?page=2", " {upper} "],
)
def test_a_machine_is_found_by_its_name_and_by_any_address_of_it(
    typed: str, by_alice: Client, mine: VirtualMachine
) -> None:
    ways = {"name": mine.name, "url": mine.get_absolute_url(), "first": mine.name.partition(".")[0]}
    assert f">{mine}</a></h2>" in page(by_alice, typed.format(**ways, upper=mine.name.upper()))


@pytest.mark.parametrize("typed", ["sim1", "SIM1", "/clusters/sim1/", "/clusters/sim1/-/quotas/"])
def test_a_cluster_is_found_by_its_name_and_address(typed: str, by_alice: Client, cluster: Cluster) -> None:
    assert '<a href="/clusters/sim1/">' in page(by_alice, typed)


@pytest.mark.parametrize("typed", ["web", "Web", "/projects/web/"])
def test_a_project_is_found_by_its_name_and_address(typed: str, by_alice: Client, web: Project) -> None:
    found = told(page(by_alice, typed, "dana"))
    assert found["see it and its machines"] == "May: Member of Web, added by bob"
    assert found["lead it: its people, its machines and their rights"] == (
        "May not: Lead of Web would be enough."
    )


def test_where_several_are_called_so_each_is_offered(
    alice: User, by_alice: Client, mine: VirtualMachine, cluster: Cluster
) -> None:
    create_project("sim1", by=alice)
    text = page(by_alice, "sim1", "charlie")
    assert "Several are called so" in text
    for path in ("%2Fclusters%2Fsim1%2F", "%2Fprojects%2Fsim1%2F"):
        assert f'href="?who=charlie&amp;on={path}"' in text


def test_everybody_may_ask_about_himself_on_what_he_sees(
    dana: User, mine: VirtualMachine, web: Project
) -> None:
    browser = signed_in(dana)
    for who in ("", "dana", "DANA@example.org", " dana "):
        assert told(page(browser, mine.name, who))["see it"].startswith("May: Has a part in Web")


def test_who_does_not_administer_it_is_told_why_he_may_not_ask_about_others(
    dana: User, charlie: User, mine: VirtualMachine
) -> None:
    answers = [
        signed_in(dana).get(ASK, {"on": mine.name, "who": who}) for who in ("bob", "charlie", "nobody-here")
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    texts = {main(answer.content.decode()) for answer in answers}
    assert len(texts) == 1, "whether there is such a person must not show"
    assert "The leads of Web" in texts.pop()


def test_what_is_unknown_and_what_is_hidden_get_the_same_answer(
    charlie: User, mine: VirtualMachine, web: Project, cluster: Cluster
) -> None:
    browser = signed_in(charlie)
    hidden = [
        mine.name,
        mine.get_absolute_url(),
        mine.name.partition(".")[0],
        "sim1",
        "/clusters/sim1/",
        "Web",
        "/projects/web/",
    ]
    unknown = ["no-such-thing", "/vms/a/b/", "/clusters/nowhere/", "/people/1/", "/nothing/at/all", "//", "%"]
    answers = {
        main(page(browser, typed, "bob")).replace(f"“{typed}”", "“TYPED”").replace(f'"{typed}"', '"TYPED"')
        for typed in [*hidden, *unknown]
    }
    assert len(answers) == 1
    assert "Nothing that you may see is called “TYPED”" in answers.pop()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on": ""}, "This field is required"),
        ({"on": "web", "who": "nobody-we-know"}, "Nobody here is called “nobody-we-know”"),
        ({"on": "x" * 501}, "at most 500 characters"),
        ({"on": "<script>"}, "“&lt;script&gt;”"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(
    typed: dict[str, str], words: str, by_alice: Client, web: Project
) -> None:
    answer = by_alice.get(ASK, typed)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_of_an_account_that_is_switched_off_that_is_told_first(
    by_alice: Client, dana: User, mine: VirtualMachine
) -> None:
    dana.is_active = False
    dana.save()
    text = page(by_alice, mine.name, "dana")
    assert "The account of dana is switched off" in text
    assert {answer.partition(":")[0] for answer in told(text).values()} == {"May not"}


def test_the_page_is_in_the_navigation_and_on_each_access_card(
    by_charlie: Client, by_alice: Client, mine: VirtualMachine, web: Project
) -> None:
    assert f'href="{ASK}"' in by_charlie.get(ASK).content.decode()
    for target in (mine, mine.cluster, web):
        card = by_alice.get(f"{target.get_absolute_url()}-/access/").content.decode()
        (link,) = re.findall(r'href="(/access/explain/\?[^"]*)"', card)
        assert f'<a href="{target.get_absolute_url()}">' in by_alice.get(link).content.decode()


def test_it_costs_the_same_however_many_were_given_something(
    alice: User, by_alice: Client, dana: User, web: Project, mine: VirtualMachine
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(by_alice, mine.name, "dana")
        return len(asked)

    grant(web.group, mine, by=alice, role="viewer")
    questions()
    few = questions()
    for number in range(15):
        group = Group.objects.create(name=f"g{number}")
        group.user_set.add(dana)
        grant(group, mine, by=alice, role="operator")
        grant(User.objects.create_user(f"u{number}"), mine.cluster, by=alice, role="viewer")
    assert questions() == few
    assert few < 30
