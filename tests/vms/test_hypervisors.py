from __future__ import annotations

import json
from pathlib import Path

import pytest

from ganeti_webmgr import simulator
from ganeti_webmgr.vms.hypervisors import PARAMETERS, Parameter, offered, told

# What real clusters answer with.
ANSWERED = json.loads((Path(simulator.__file__).parent / "data" / "cluster.json").read_text())["hvparams"]
EVERY = {
    f"{hypervisor}-{parameter.name}": parameter
    for hypervisor, parameters in PARAMETERS.items()
    for parameter in parameters
}
NOT_TEXT = {name: parameter for name, parameter in EVERY.items() if parameter.kind != "text"}


def of(hypervisor: str, name: str) -> Parameter:
    return next(parameter for parameter in PARAMETERS[hypervisor] if parameter.name == name)


@pytest.mark.parametrize("hypervisor", ANSWERED)
def test_everything_that_a_cluster_answers_with_is_in_the_table(hypervisor: str) -> None:
    assert set(ANSWERED[hypervisor]) <= {parameter.name for parameter in PARAMETERS[hypervisor]}


def test_no_parameter_is_there_twice() -> None:
    for parameters in PARAMETERS.values():
        names = [parameter.name for parameter in parameters]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("parameter", EVERY.values(), ids=EVERY)
def test_each_has_a_title_and_a_section_and_takes_its_own_default(parameter: Parameter) -> None:
    assert parameter.title
    assert parameter.section
    assert bool(parameter.choices) == (parameter.kind == "choice")
    read = parameter.read(told(parameter.default))
    assert (type(read), read) == (type(parameter.default), parameter.default)


@pytest.mark.parametrize("parameter", NOT_TEXT.values(), ids=NOT_TEXT)
def test_what_cannot_be_a_value_is_refused_in_words(parameter: Parameter) -> None:
    for typed in ("perhaps", "-1", "1.5", "none of these", "³"):
        with pytest.raises(ValueError, match=r"^(Choose|Enter) .*\.$"):
            parameter.read(typed)


@pytest.mark.parametrize(
    ("hypervisor", "name", "typed", "words"),
    [
        ("kvm", "virtio_net_queues", "9", "Enter 8 or less."),
        ("kvm", "virtio_net_queues", "0", "Enter 1 or more."),
        ("kvm", "kvm_pci_reservations", "33", "Enter 32 or less."),
        ("kvm", "serial_speed", "12345", "Choose one of: 75, 110"),
        ("kvm", "acpi", "", "Choose on or off."),
        ("kvm", "boot_order", " ", "This may not be empty."),
        ("xen-hvm", "cpu_weight", "65536", "Enter 65535 or less."),
        ("chroot", "init_script", "", "This may not be empty."),
    ],
)
def test_limits_are_named(hypervisor: str, name: str, typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        of(hypervisor, name).read(typed)


def test_a_cluster_is_offered_what_its_version_knows() -> None:
    assert [
        parameter.name for parameter in offered("kvm", {"acpi": True, "vga": "", "of_the_future": 1})
    ] == [
        "acpi",
        "vga",
    ]
    assert offered("of-the-future", {"acpi": True}) == []


@pytest.mark.parametrize(
    ("hypervisor", "name"),
    [
        ("kvm", "kvm_extra"),
        ("kvm", "kvm_path"),
        ("kvm", "cdrom_image_path"),  # /dev/sda is a path too
        ("kvm", "vnc_password_file"),
        ("xen-pvm", "bootloader_path"),
        ("lxc", "extra_config"),
        ("chroot", "init_script"),
    ],
)
def test_what_reaches_into_the_nodes_is_for_administrators(hypervisor: str, name: str) -> None:
    assert of(hypervisor, name).admin_only
