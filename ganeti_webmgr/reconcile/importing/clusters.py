"""Clusters, held still and without passwords; what their owners' numbers in tags mean; quotas."""

from __future__ import annotations

from django.utils.text import slugify

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.record import Subject, record
from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.clusters.onboarding import add_cluster, whole_url
from ganeti_webmgr.permissions.limiting import PARTS
from ganeti_webmgr.permissions.models import DefaultQuota, Quota
from ganeti_webmgr.reconcile.importing.known import Known, limit, text
from ganeti_webmgr.reconcile.importing.report import Report
from ganeti_webmgr.reconcile.importing.source import Row, Source
from ganeti_webmgr.reconcile.models import FormerGroup, FormerOwner
from ganeti_webmgr.ui.wording import mib, words

CHUNK = 500


def bring_clusters(source: Source, known: Known, report: Report) -> None:
    """Clusters that are not here yet, by their address."""
    report.part("Clusters")
    for row in source.rows("clusters"):
        name = text(row, "hostname")
        with report.one(name):
            url = address(row)
            existing = Cluster.objects.filter(url=url).first()
            if existing:
                report.same(f"{name}: {existing}, left as it is here")
            known.clusters[row["id"]] = existing or _added(row, name, url, known, report)
    _remember_owners(known)
    _remember_groups(known)


def address(row: Row) -> str:
    """Where the cluster answers; ValidationError where that is no address."""
    return whole_url(f"https://{text(row, 'hostname')}:{row.get('port') or 5080}")


def bring_quotas(source: Source, known: Known, report: Report) -> None:
    """What each project may have on a cluster where no default or quota of its own says so yet."""
    report.part("Quotas")
    limited = {row["cluster_id"] for row in source.rows("quotas")}
    for row in source.rows("clusters"):
        if cluster := known.clusters.get(row["id"]):
            with report.one(str(cluster)):
                limits = _limits(row)
                if row["id"] in limited or any(value is not None for value in limits.values()):
                    _bring_default(cluster, limits, known, report)
    for row in source.rows("quotas"):
        cluster = known.clusters.get(row["cluster_id"])
        if cluster and row["user_id"] in known.owners:
            with report.one(f"{known.owners[row['user_id']]} on {cluster}"):
                _bring_quota(row, cluster, known, report)


# Stands for the user where there was none: read-only clusters were asked without one.
NO_USER = "gwm"


def _added(row: Row, name: str, url: str, known: Known, report: Report) -> Cluster:
    cluster = add_cluster(
        name,
        by=known.by,
        url=url,
        username=text(row, "username", 100) or NO_USER,
        password="",
        tls=Cluster.Tls.SYSTEM,
        slug=_slug(text(row, "slug"), name),
        read_only=not text(row, "username"),
        paused=True,
    )
    read_only = ", read-only" if cluster.read_only else ""
    report.did(f"{name}: paused{read_only}. Nothing is asked of it before you give its connection")
    known.new.add(cluster.pk)
    if cluster.read_only:
        report.could_not(
            f"{name}: it had no user there. {NO_USER} stands for one until you give its connection"
        )
    if text(row, "password"):
        report.could_not(f"{name}: its password is not carried over, and its certificate was never verified")
    if text(row, "slug") and cluster.slug != text(row, "slug"):
        report.could_not(f"{name}: its address here is {cluster.slug}, not {text(row, 'slug')}")
    if text(row, "description"):
        report.could_not(f"{name}: clusters have no description here: “{text(row, 'description')}”")
    return cluster


def _slug(there: str, name: str) -> str:
    """Its word in addresses, in small letters and with single hyphens; another where that is taken."""
    wanted = slugify(there.replace("_", "-")) or slugify(name.replace(".", "-")) or "cluster"
    taken = set(Cluster.objects.values_list("slug", flat=True)) | {"add"}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)


def _remember_owners(known: Known) -> None:
    """What `gwm:owner:12` and `GANETI_WEB_MANAGER:admin:U:5` mean on each cluster."""
    keys = {f"owner:{number}": owner for number, owner in known.owners.items()}
    keys |= {f"U:{number}": person for number, person in known.people.items()}
    keys |= {f"G:{number}": project for number, project in known.projects.items()}
    FormerOwner.objects.bulk_create(
        (
            FormerOwner(cluster=cluster, key=key, **{"user" if isinstance(owner, User) else "project": owner})
            for cluster in known.clusters.values()
            for key, owner in keys.items()
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def _remember_groups(known: Known) -> None:
    """Which groups are those of the file, so that none is taken for one by its name."""
    groups = {number: group for number, group in known.groups.items() if number not in known.projects}
    FormerGroup.objects.bulk_create(
        (
            FormerGroup(cluster=cluster, number=number, group=group)
            for cluster in known.clusters.values()
            for number, group in groups.items()
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def _limits(row: Row) -> dict[str, int | None]:
    return {
        "memory_mib": limit(row, "ram"),
        "vcpus": limit(row, "virtual_cpus"),
        "disk_mib": limit(row, "disk"),
        "machines": None,
    }


def _bring_default(cluster: Cluster, limits: dict[str, int | None], known: Known, report: Report) -> None:
    if DefaultQuota.objects.filter(cluster=cluster).exists():
        report.same(f"The default of {cluster}")
        return
    if cluster.pk not in known.new:
        report.could_not(f"The default of {cluster} is left to you: {_said(limits)}, for running machines")
        return
    # There, memory and vCPUs counted for machines that run.
    quota = DefaultQuota(cluster=cluster, running_only=True, **limits)
    quota.full_clean()
    quota.save()
    record("quota.default-set", cluster, by=known.by, after={**limits, "running_only": True})
    report.did(f"The default of {cluster}: {_said(limits)}; memory and vCPUs of running machines count")


def _bring_quota(row: Row, cluster: Cluster, known: Known, report: Report) -> None:
    project = known.project_of(row["user_id"])
    if project is None:
        return
    if Quota.objects.filter(project=project, cluster=cluster).exists():
        report.same(f"{project} on {cluster}")
        return
    limits = _limits(row)
    quota = Quota(project=project, cluster=cluster, **limits)
    quota.full_clean()
    quota.save()
    record("quota.set", Subject.of(project).there(cluster), by=known.by, after=limits)
    report.did(f"{project} on {cluster}: {_said(limits)}")
    if 0 in limits.values():
        report.could_not(f"{project} on {cluster}: 0 is nothing at all here; there it could be no limit")


def _said(limits: dict[str, int | None]) -> str:
    known = [(name, limits[name]) for name in PARTS if limits[name] is not None]
    said = {"memory_mib": "memory", "disk_mib": "disk", "vcpus": "vCPUs"}
    return (
        words(f"{mib(value) if name.endswith('_mib') else value} {said[name]}" for name, value in known)
        or "no limit"
    )
