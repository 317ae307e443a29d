"""What a cluster lets this user do, and what it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.doctor.findings import Finding, Stop, good, know
from ganeti_webmgr.clusters.models import Checkup, Cluster

KNOWN_VERSIONS = ((2, 16), (3, 0), (3, 1))
EXPECTED = {"instance-create-reqv1", "instance-reinstall-reqv1", "node-migrate-reqv1", "node-evac-res1"}
AT_ONCE = 4


def credentials(checkup: Checkup, client: rapi.Client) -> rapi.ClusterInfo:
    """What the cluster says of itself, which it says to those whom it knows."""
    try:
        return client.cluster.info()
    except rapi.Unauthorized:
        raise Stop(
            f"The cluster does not know {checkup.username} with this password",
            "Look at the user's line in Ganeti's users file on the master, or make a new one on this page.",
            command="cut -d' ' -f1,3 /var/lib/ganeti/rapi/users",
        ) from None
    except rapi.BadAnswer as error:
        raise Stop(f"What answers is not Ganeti: {error.message}", "Look at the port.") from None
    except rapi.RapiError as error:
        raise Stop(
            f"The remote API answers and the master daemon does not: {error.message}",
            "Look whether the daemons run on the master.",
            command="gnt-cluster info\nsystemctl status ganeti-luxid ganeti-wconfd",
        ) from None


def identity(checkup: Checkup, info: rapi.ClusterInfo) -> Finding:
    """Stop where it is one that is here already, or not the one that it should be."""
    if checkup.cluster is not None and checkup.cluster.uuid not in {"", info.uuid}:
        raise Stop(
            f"At this address is another cluster: {info.name}",
            f"It is not {checkup.cluster}, whose machines would be taken for gone. Add it as a new cluster.",
        )
    twin = Cluster.objects.filter(uuid=info.uuid).first()
    if twin is not None and twin != checkup.cluster:
        raise Stop(f"This cluster is here already, as {twin}", "Change the connection of that one instead.")
    return good(info.name, f"master {info.master}")


def version(client: rapi.Client, info: rapi.ClusterInfo) -> Finding:
    number = rapi.Version.of(info.software_version)
    missing = sorted(EXPECTED - set(client.cluster.features()))
    if number not in KNOWN_VERSIONS:
        return know(
            f"Ganeti {info.software_version} was never tried with this site",
            "2.16, 3.0 and 3.1 were. What it does otherwise may be shown wrongly.",
        )
    if missing:
        return know(f"Ganeti {info.software_version} lacks {', '.join(missing)}", "Some actions will fail.")
    return good(f"Ganeti {info.software_version}", "with all that is needed")


def rights(checkup: Checkup, client: rapi.Client) -> tuple[Finding, bool]:
    """What the user may, and whether that includes writing."""
    if not client.cluster.may_read():
        raise Stop(
            f"{checkup.username} may not read",
            "Write its rights at the end of its line in Ganeti's users file on the master:",
            command=f"{checkup.username} … write",
        )
    if client.cluster.may_write():
        return good(f"Signed in as {checkup.username}, may read and write"), True
    return know(
        f"Signed in as {checkup.username}, may read and not write",
        "The cluster will be read-only here. For more, write “write” at the end of the user's line in "
        "Ganeti's users file.",
    ), False


def room(checkup: Checkup, connect: Callable[[], rapi.Client]) -> Finding:
    """Whether so many questions as this site asks at most are answered at once."""

    def ask(_: int) -> bool:
        try:
            with connect() as client:
                return client.cluster.api_version() == 2
        except rapi.RapiError:
            return False

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answered = sum(pool.map(ask, range(AT_ONCE)))
    if answered == AT_ONCE:
        return good(f"Answers {AT_ONCE} questions at once", "more are never asked")
    return know(
        f"Answers {answered} of {AT_ONCE} questions at once",
        "Others use all its connections. Let ganeti-rapi take more, or find out who holds them:",
        command="ss -tnp state established '( sport = :5080 )'",
    )
