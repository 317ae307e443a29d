"""Resources about the cluster as a whole."""

from __future__ import annotations

from typing import Any

from ..model.info import cluster_info
from ..server.errors import HttpError, internal
from .call import Call
from .table import resource

_FEATURES = ["instance-create-reqv1", "instance-reinstall-reqv1", "node-migrate-reqv1", "node-evac-res1"]
OS_DIAGNOSE_S = 180.0


@resource("GET", "/")
def root(call: Call) -> Any:
    return None


@resource("GET", "/2")
def version_root(call: Call) -> Any:
    return None


@resource("GET", "/version")
def version(call: Call) -> Any:
    return 2


@resource("GET", "/2/features")
def features(call: Call) -> Any:
    return _FEATURES


@resource("GET", "/2/info")
def info(call: Call) -> Any:
    return cluster_info(call.cluster.config)


@resource("GET", "/2/os")
def operating_systems(call: Call) -> Any:
    """Runs a job and waits for it."""
    diagnose = call.opcode(
        "OP_OS_DIAGNOSE", {"output_fields": ["name", "variants"], "names": []}, trail=False
    )
    job_id = call.submit_all([diagnose])
    job = call.cluster.queue.wait(job_id, until=lambda job: job.is_final, timeout_s=OS_DIAGNOSE_S)
    if job is None or job.status != "success":
        raise internal("Job failed")
    return [
        f"{name}+{variant}" if variant else name
        for name, variants in job.ops[0].result
        for variant in variants or [""]
    ]


@resource("PUT", "/2/redistribute-config")
def redistribute(call: Call) -> Any:
    return call.submit("OP_CLUSTER_REDIST_CONF", body=call.body)


@resource("PUT", "/2/modify")
def modify(call: Call) -> Any:
    if call.body is None:
        raise internal("'NoneType' object is not iterable")
    if "compression_tools" in call.body:
        raise HttpError(403, "Parameter 'compression_tools' is forbidden")
    return call.submit("OP_CLUSTER_SET_PARAMS", body=call.body)
