"""What a cluster that has a directory still knows after a restart."""

from __future__ import annotations

import shutil
import socket
import stat
from pathlib import Path
from typing import Any

from ganeti_webmgr.rapi import Dependency
from ganeti_webmgr.simulator import Shape, SimulatedCluster, Simulator
from tests.estate import HASTE
from tests.simulator.asking import FOR_EVER_S, client_of, ended, spec, wait_for
from tests.waiting import until


def simulator(directory: Path, **more: Any) -> Simulator:
    return Simulator([Shape(machines=4, past_jobs=3, **more)], speed=HASTE, state_dir=directory)


def told(ganeti: SimulatedCluster) -> object:
    """Everything that the cluster tells about itself."""
    with client_of(ganeti) as client:
        jobs = client.jobs.ids()
        return (
            client.cluster.info(),
            client.instances.list(),
            client.nodes.list(),
            client.groups.list(),
            client.networks.list(),
            client.filters.list(),
            [client.jobs.get(number) for number in jobs],
        )


def test_a_cluster_goes_on_where_it_was(tmp_path: Path) -> None:
    with simulator(tmp_path) as first:
        ganeti = first.clusters[0]
        with client_of(ganeti) as client:
            client.filters.create(action="REJECT", predicates=[["reason", ["=", "reason", "no"]]])
            ended(ganeti, client, client.instances.shutdown("web1"))
            ended(ganeti, client, client.instances.create(spec(ganeti, "new", tags=("kept",))))
            last = ended(ganeti, client, client.groups.create("rack9")).id
        before = told(ganeti)
    with simulator(tmp_path) as second:
        again = second.clusters[0]
        assert (again.url, again.fingerprint) == (ganeti.url, ganeti.fingerprint)
        assert told(again) == before
        with client_of(again) as client:
            assert ended(again, client, client.instances.start("web1")).id == last + 1
        assert again.status("web1") == "running"


def test_after_a_crash_what_ran_has_failed_what_waited_goes_on_and_no_id_comes_twice(tmp_path: Path) -> None:
    with simulator(tmp_path / "live") as first:
        ganeti = first.clusters[0]
        with client_of(ganeti) as client:
            ran = client.instances.create(spec(ganeti, "new", install_s=FOR_EVER_S))
            wait_for(ganeti, lambda: ganeti.queue.jobs[ran].status == "running")
            waited = client.instances.shutdown("web1", depends=[Dependency(ran, ["error"])])
        written = tmp_path / "live" / "sim1.json"
        until(lambda: f"INSTANCE_CREATE(new.{ganeti.name})" in written.read_text())
        until(lambda: '"summary": "INSTANCE_SHUTDOWN(web1)", "status": "queued"' in written.read_text())
        shutil.copytree(tmp_path / "live", tmp_path / "left behind")
    with simulator(tmp_path / "left behind") as second:
        again = second.clusters[0]
        with client_of(again) as client:
            job = ended(again, client, ran)
            assert (job.status, job.opresult) == ("error", ("Job process died",))
            assert ended(again, client, waited).status == "success"
            assert client.instances.shutdown("db1") > waited + 1


def test_another_shape_is_another_cluster_of_the_same_certificate(tmp_path: Path) -> None:
    with simulator(tmp_path) as first:
        first.clusters[0].instances["web1"].crash()
    with simulator(tmp_path, nodes=4) as second:
        assert len(second.clusters[0].nodes) == 4
        assert second.clusters[0].status("web1") == "running"
        assert second.clusters[0].fingerprint == first.clusters[0].fingerprint


def test_passwords_and_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    with simulator(tmp_path / "state"):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
        assert modes == {"sim1.json": 0o600, "sim1.pem": 0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_where_somebody_else_has_its_port_it_takes_another(tmp_path: Path) -> None:
    with simulator(tmp_path) as first:
        port = first.clusters[0].port
    with socket.create_server(("127.0.0.1", port)), simulator(tmp_path) as second:
        assert second.clusters[0].port != port
        with client_of(second.clusters[0]) as client:
            assert len(client.instances.list()) == 4


def test_a_machine_that_crashed_by_itself_is_written_down_too(tmp_path: Path) -> None:
    with simulator(tmp_path) as first:
        first.clusters[0].instances["web1"].crash()
    with simulator(tmp_path) as second:
        assert second.clusters[0].status("web1") == "ERROR_down"


def test_without_a_directory_nothing_is_kept_not_even_where_the_port_is_the_same() -> None:
    with Simulator() as first:
        first.clusters[0].instances["web1"].crash()
        port = first.clusters[0].port
    with Simulator(base_port=port) as second:
        assert second.clusters[0].port == port
        assert second.clusters[0].status("web1") == "running"
        assert second.clusters[0].fingerprint != first.clusters[0].fingerprint
