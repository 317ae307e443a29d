"""The settings of a cluster, and what becomes of those that are changed."""

from __future__ import annotations

from typing import Any

import pytest

from ganeti_webmgr.administration.changes import body, line, table
from ganeti_webmgr.administration.settings import settings
from ganeti_webmgr.clusters.models import Cluster

pytestmark = pytest.mark.django_db


@pytest.fixture
def info(cluster: Cluster) -> dict[str, Any]:
    found: dict[str, Any] = cluster.info
    return found


def test_every_setting_has_a_key_of_its_own_and_a_value(info: dict[str, Any]) -> None:
    found = settings(info)
    keys = [each.key for each in found]
    assert len(keys) == len(set(keys)) > 100
    assert {"enabled_hypervisors", "beparams/vcpus", "hvparams/kvm/acpi", "ipolicy/min/cpu-count"} <= {*keys}
    assert all(each.title and each.section for each in found)


@pytest.mark.parametrize(
    ("wanted", "sent", "words"),
    [
        ({"candidate_pool_size": 7}, {"candidate_pool_size": 7}, "--candidate-pool-size=7"),
        ({"prealloc_wipe_disks": True}, {"prealloc_wipe_disks": True}, "--prealloc-wipe-disks=yes"),
        ({"default_iallocator": "hail"}, {"default_iallocator": "hail"}, "-I=hail"),
        ({"beparams/vcpus": 2}, {"beparams": {"vcpus": 2}}, "-B vcpus=2"),
        ({"hvparams/kvm/acpi": False}, {"hvparams": {"kvm": {"acpi": False}}}, "-H kvm:acpi=false"),
        (
            {"ipolicy/std/cpu-count": 2},
            {"ipolicy": {"std": {"cpu-count": 2}}},
            "--ipolicy-std-specs cpu-count=2",
        ),
        ({"ipolicy/vcpu-ratio": 2.5}, {"ipolicy": {"vcpu-ratio": 2.5}}, "--ipolicy-vcpu-ratio=2.5"),
        ({"hidden_os": ["a"]}, {"hidden_os": [["add", "a"]]}, "--hidden-os=+a"),
        (
            {"enabled_disk_templates": ["plain", "file"]},
            {"enabled_disk_templates": ["plain", "file"]},
            "--enabled-disk-templates=plain,file",
        ),
    ],
)
def test_what_is_sent_is_what_the_reference_has(
    info: dict[str, Any], wanted: dict[str, Any], sent: dict[str, Any], words: str
) -> None:
    assert body(info, wanted) == sent
    assert line(sent) == f"gnt-cluster modify {words}"


def test_bounds_of_the_policy_are_sent_as_a_whole(info: dict[str, Any]) -> None:
    sent = body(info, {"ipolicy/max/cpu-count": 12})
    (before,), (after,) = info["ipolicy"]["minmax"], sent["ipolicy"]["minmax"]
    assert after["max"] == {**before["max"], "cpu-count": 12}
    assert after["min"] == before["min"]
    assert before["max"]["cpu-count"] != 12


def test_the_table_says_what_is_and_what_will_be(info: dict[str, Any]) -> None:
    info["hidden_os"] = ["old"]
    lines = table(info, {"hidden_os": [], "beparams/always_failover": True})
    told = {(each.title, each.now, each.then) for each in lines}
    assert told == {("Hidden systems", "old", "none"), ("Never migrate, always fail over", "off", "on")}
