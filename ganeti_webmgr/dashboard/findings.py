"""What needs a person: each with what to do about it and the way there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from ganeti_webmgr.clusters.models import Cluster, Trouble
from ganeti_webmgr.clusters.status import TROUBLE
from ganeti_webmgr.dashboard.estate import Estate
from ganeti_webmgr.ui.wording import words

STALE = timedelta(minutes=10)
MOST_CLUSTERS = 5  # are told one by one
MOST_PLACES = 3

WHAT_TO_DO = {
    Trouble.UNREACHABLE: "Look whether its master and its remote API run, and how the network leads there.",
    Trouble.CERTIFICATE: "No password is sent there. Find out who changed the certificate first.",
    Trouble.CREDENTIALS: "Its user or password was changed in Ganeti: give it the right ones again.",
    Trouble.ANSWER: "Look at what listens at its address.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that somebody should look at."""

    tone: str
    icon: str
    what: str
    to_do: str
    url: str
    label: str
    since: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """Something that is counted: its name among the figures of machines, nodes or jobs, and its words."""

    of: str
    name: str
    tone: str
    icon: str
    one: str
    many: str
    to_do: str
    query: dict[str, str]
    settled: str = ""  # under Reconcile, by those who administer the clusters


LISTS = {"machines": "vms", "nodes": "nodes", "jobs": "jobs"}
KINDS = (
    Kind(
        of="machines",
        name="wrong",
        tone="bad",
        icon="alert-triangle-filled",
        one="machine is not as it should be",
        many="machines are not as they should be",
        to_do="Each says on its page what is wrong and what can be done.",
        query={"status": "problem"},
    ),
    Kind(
        of="nodes",
        name="offline",
        tone="bad",
        icon="plug-connected-x",
        one="node is offline",
        many="nodes are offline",
        to_do="Machines whose primary node it was can be failed over to their other node.",
        query={"role": "O"},
    ),
    Kind(
        of="jobs",
        name="failed",
        tone="bad",
        icon="circle-x-filled",
        one="job failed in the last day",
        many="jobs failed in the last day",
        to_do="Read why, and ask again for what is still wanted.",
        query={"status": "failed", "ended": "day"},
    ),
    Kind(
        of="jobs",
        name="stuck",
        tone="warn",
        icon="clock",
        one="job has not ended for over an hour",
        many="jobs have not ended for over an hour",
        to_do="A long copy may take so long. Else its page says what it waits for.",
        query={"status": "stuck"},
    ),
    Kind(
        of="machines",
        name="gone",
        tone="warn",
        icon="help-circle",
        one="machine is not on its cluster any more",
        many="machines are not on their clusters any more",
        to_do="Somebody removed or moved it there, and not from here. Nothing is forgotten.",
        query={"status": "missing"},
        settled="gone",
    ),
    Kind(
        of="nodes",
        name="gone",
        tone="warn",
        icon="help-circle",
        one="node is not in its cluster any more",
        many="nodes are not in their clusters any more",
        to_do="Somebody removed it there. It is forgotten when you say so.",
        query={},
        settled="gone-nodes",
    ),
    Kind(
        of="machines",
        name="waiting",
        tone="warn",
        icon="rotate-clockwise-2",
        one="machine runs with older settings",
        many="machines run with older settings",
        to_do="What was changed takes effect after a restart.",
        query={"restart": "waiting"},
    ),
    Kind(
        of="machines",
        name="nobodys",
        tone="warn",
        icon="user",
        one="machine belongs to nobody",
        many="machines belong to nobody",
        to_do="Give each to a project, so that somebody answers for it.",
        query={"project": "null"},
        settled="nobodys",
    ),
)


def of_clusters(estate: Estate) -> list[Finding]:
    """Clusters that give no news, or not all: the first few one by one, the rest as one line."""
    found = [finding for cluster in estate.clusters.values() for finding in _of(cluster, estate)]
    rest = len(found) - MOST_CLUSTERS
    if rest <= 0:
        return found
    url = f"{reverse('clusters:index')}?sort=-state"
    more = Finding(
        "warn", "topology-star-3", f"{rest} more of the clusters", "They are in trouble too.", url, "Clusters"
    )
    return [*found[:MOST_CLUSTERS], more]


def _of(cluster: Cluster, estate: Estate) -> Iterator[Finding]:
    moment = estate.moments[cluster.pk]
    late = cluster.uuid and (moment is None or moment < timezone.now() - STALE)
    if cluster.paused or not (cluster.trouble or late or cluster.part_fails):  # type: ignore[attr-defined]
        return
    url, label = cluster.get_absolute_url(), "The cluster"
    if cluster.trouble:
        trouble = Trouble(cluster.trouble)
        icon, what = TROUBLE[trouble].icon, cluster.lasting_trouble
        yield Finding("bad", icon, what, WHAT_TO_DO[trouble], url, label, cluster.trouble_since)
    elif late:
        to_do = "Nothing says why. Look whether the worker and the clock of this site run."
        yield Finding("bad", "clock-exclamation", f"{cluster} gave no news", to_do, url, label, moment)
    else:
        to_do = "It answers, but not to everything that is asked. Its page says what failed."
        yield Finding("warn", "alert-triangle", f"A part of {cluster} cannot be read", to_do, url, label)


def of_counts(estate: Estate, **counts: Mapping[int, Counter[str]]) -> list[Finding]:
    """What there are some of, worst first; each leads to the list of just these.

    `counts` has, for machines, nodes and jobs, the figures of each cluster.
    """
    found = [_some(kind, estate, counts[kind.of]) for kind in KINDS]
    return [finding for finding in found if finding]


def over_quota(cluster: Cluster, projects: list[str]) -> Finding:
    """Projects that have more on the cluster than they may."""
    shown = projects[:MOST_PLACES]
    rest = len(projects) - len(shown)
    names = words([*shown, f"{rest} more"] if rest else shown)
    what = f"{names} {'has' if len(projects) == 1 else 'have'} more on {cluster} than the quota allows"
    to_do = "Give a larger quota, or agree with its leads on what goes."
    return Finding("warn", "gauge", what, to_do, reverse("clusters:quotas", args=[cluster.slug]), "Quotas")


def ending_soon(number: int, days: int) -> Finding:
    """Rights that end soon."""
    what = f"{number:,} {'right ends' if number == 1 else 'rights end'} within {days} days"
    to_do = "Give those again that are still needed; the others end by themselves."
    return Finding("warn", "key", what, to_do, reverse("dashboard:ending"), "Rights")


def _some(kind: Kind, estate: Estate, counts: Mapping[int, Counter[str]]) -> Finding | None:
    by_cluster = Counter({pk: figures[kind.name] for pk, figures in counts.items() if figures[kind.name]})
    total = by_cluster.total()
    if not total:
        return None
    known = [
        (estate.clusters[pk], number) for pk, number in by_cluster.most_common() if pk in estate.clusters
    ]
    only = {"cluster": known[0][0].slug} if len(by_cluster) == len(known) == 1 else {}
    what = f"{total:,} {kind.one if total == 1 else kind.many}: {_places(known, total)}"
    if kind.settled and estate.administered >= by_cluster.keys():
        url = f"{reverse('reconcile:kind', args=[kind.settled])}?{urlencode(only)}"
        return Finding(kind.tone, kind.icon, what, kind.to_do, url, "Reconcile")
    url = f"{reverse(f'{LISTS[kind.of]}:index')}?{urlencode(kind.query | only)}"
    return Finding(kind.tone, kind.icon, what, kind.to_do, url, kind.of.capitalize())


def _places(known: list[tuple[Cluster, int]], total: int) -> str:
    """ "3 on osgeo, 2 on prod and 4 elsewhere" """
    if len(known) == 1 and known[0][1] == total:
        return f"on {known[0][0]}"
    shown = known[:MOST_PLACES]
    rest = total - sum(number for _, number in shown)
    parts = [f"{number:,} on {cluster}" for cluster, number in shown]
    return words([*parts, f"{rest:,} elsewhere"] if rest else parts)
