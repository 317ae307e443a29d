from __future__ import annotations

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.vms.models import VirtualMachine
from ganeti_webmgr.vms.parameters import OF_CLUSTER, OF_SYSTEM, OWN, Parameter, parameters


def test_each_value_says_where_it_comes_from_and_what_it_hides() -> None:
    cluster = Cluster(
        info={
            "hvparams": {"kvm": {"acpi": True, "boot_order": "disk", "vga": ""}},
            "os_hvp": {"debian": {"kvm": {"vga": "std"}}},
        }
    )
    vm = VirtualMachine(
        cluster=cluster,
        hypervisor="kvm",
        os="debian",
        details={
            "hvparams": {"acpi": True, "boot_order": "network", "vga": "std"},
            "custom_hvparams": {"boot_order": "network"},
        },
    )
    (group,) = parameters(vm)
    assert group.parameters == [
        Parameter("acpi", True, OF_CLUSTER),
        Parameter("boot_order", "network", OWN, inherited="disk"),
        Parameter("vga", "std", OF_SYSTEM),
    ]
