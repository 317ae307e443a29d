"""Every parameter of every hypervisor: what it is called, what it may be, and who may set it.

The defaults are those of Ganeti 3.1. What a cluster really inherits stands in its own answer; a parameter
that is not in it is one that its version does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = bool | int | str

ON_WORDS, OFF_WORDS = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Parameter:
    """One parameter. Empty is a value too: the feature is off, or left to the hypervisor."""

    name: str
    kind: Literal["bool", "int", "text", "choice"]
    default: Value
    choices: tuple[str, ...] = ()
    section: str = "Behaviour"
    help: str = ""
    title: str = ""
    minimum: int = 0
    maximum: int | None = None
    cluster_wide: bool = False  # has one value for the whole cluster; Ganeti refuses it on a machine
    admin_only: bool = False  # reaches beyond the machine: into files, devices or processes of its node
    needed: bool = False  # may not be empty

    def read(self, typed: str) -> Value:
        """The value that was typed; ValueError with words for the person where it is none."""
        typed = typed.strip()
        if self.kind == "bool":
            return self._switch(typed)
        if self.kind == "choice":
            return self._chosen(typed)
        if self.kind == "int":
            return self._number(typed)
        if not typed and self.needed:
            raise ValueError("This may not be empty.")
        return typed

    def _switch(self, typed: str) -> bool:
        if typed.lower() not in ON_WORDS + OFF_WORDS:
            raise ValueError("Choose on or off.")
        return typed.lower() in ON_WORDS

    def _chosen(self, typed: str) -> Value:
        if typed not in self.choices:
            named = [choice for choice in self.choices if choice]
            raise ValueError(f"Choose one of: {', '.join(named)}.")
        return int(typed) if isinstance(self.default, int) else typed

    def _number(self, typed: str) -> int:
        if not typed.isascii() or not typed.isdecimal():
            raise ValueError("Enter a whole number.")
        number = int(typed[:18])
        if number < self.minimum:
            raise ValueError(f"Enter {self.minimum} or more.")
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"Enter {self.maximum} or less.")
        return number


def offered(hypervisor: str, inherited: Mapping[str, Any]) -> list[Parameter]:
    """The hypervisor's parameters that a cluster knows which answers with these."""
    return [parameter for parameter in PARAMETERS.get(hypervisor, ()) if parameter.name in inherited]


def told(value: Any) -> str:
    """The value as a field holds it: "true", "4", "none"."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


PROCESSOR, DISKS, NICS = "Processor", "Disks", "Network cards"
BOOT, SCREEN, SPICE = "Boot and machine", "Console and screen", "SPICE"
USB, KERNEL, MIGRATION = "USB and sound", "Kernel from the node", "Migration"
SECURITY, BEHAVIOUR = "Process and security", "Behaviour"

NODE_FILE = "A file on every node that may run it."
WHOLE_CLUSTER = "One value for the whole cluster."


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SERIAL_SPEEDS = _words(
    "75 110 300 600 1200 1800 2400 4800 9600 14400 19200 28800 38400 57600 115200 230400 345600 460800"
)
DISK_TYPES = _words("ide mtd paravirtual pflash scsi sd scsi-generic scsi-block scsi-hd scsi-cd")
KVM_NICS = _words("e1000 i82551 i82557b i82559er ne2k_isa ne2k_pci paravirtual pcnet rtl8139")
WAN = ("", "always", "auto", "never")
P = Parameter


def _switch(name: str, default: bool, section: str, title: str, about: str = "", **more: Any) -> Parameter:
    return P(name, "bool", default, (), section, about, title, **more)


def _number(name: str, default: int, section: str, title: str, about: str = "", **more: Any) -> Parameter:
    return P(name, "int", default, (), section, about, title, **more)


def _text(name: str, default: str, section: str, title: str, about: str = "", **more: Any) -> Parameter:
    return P(name, "text", default, (), section, about, title, **more)


def _choice(
    name: str, default: Value, choices: tuple[str, ...], section: str, title: str, **more: Any
) -> Parameter:
    return P(name, "choice", default, choices, section, title=title, **more)


def _file(
    name: str, default: str, section: str, title: str, about: str = NODE_FILE, **more: Any
) -> Parameter:
    return P(name, "text", default, (), section, about, title, admin_only=True, **more)


def _migration(mode: str, port: int) -> tuple[Parameter, ...]:
    return (
        _choice(
            "migration_mode",
            mode,
            ("live", "non-live"),
            MIGRATION,
            "Mode",
            help=WHOLE_CLUSTER,
            cluster_wide=True,
        ),
        _number("migration_port", port, MIGRATION, "Port", WHOLE_CLUSTER, cluster_wide=True),
    )


REBOOT = _choice(
    "reboot_behavior",
    "reboot",
    ("reboot", "exit"),
    BEHAVIOUR,
    "Restart from inside",
    help="Restarts, or stops it.",
)
LOCAL_TIME = _switch("use_localtime", False, BEHAVIOUR, "Clock in local time", "Off: the clock is in UTC.")
SOUND = _text("soundhw", "", USB, "Sound card")
CPU_MASK = _text("cpu_mask", "all", PROCESSOR, "Pinned to", "all, 0-2,5 or for each vCPU: 0:1:2", needed=True)
XEN = (
    _number("cpu_cap", 0, PROCESSOR, "Most of the processors", "Percent of one; 0: no limit."),
    _number("cpu_weight", 256, PROCESSOR, "Weight", "Against other machines.", minimum=1, maximum=65535),
    _text("cpuid", "", PROCESSOR, "CPUID"),
    _file("vif_script", "", NICS, "Script for interfaces", "Run as root on the node."),
    _choice(
        "xen_cmd", "xl", ("xl", "xm"), BEHAVIOUR, "Command of Xen", help=WHOLE_CLUSTER, cluster_wide=True
    ),
)

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "kvm": (
        _text("boot_order", "disk", BOOT, "Boots from", "disk, cdrom, floppy or network", needed=True),
        _file("cdrom_image_path", "", BOOT, "CD image", "An absolute path on the nodes, or an address."),
        _file(
            "cdrom2_image_path", "", BOOT, "Second CD image", "As the first; the machine cannot boot from it."
        ),
        _file("floppy_image_path", "", BOOT, "Floppy image", "An absolute path on the nodes."),
        _text("machine_version", "", BOOT, "Machine type", "As qemu names it: pc-i440fx-9.2"),
        _switch("acpi", True, BOOT, "ACPI", "Needed to shut it down in order."),
        _text("cpu_type", "", PROCESSOR, "Processor type", "“host” hinders migration between unequal nodes."),
        _number("cpu_cores", 0, PROCESSOR, "Cores per socket", "0: not set"),
        _number("cpu_threads", 0, PROCESSOR, "Threads per core", "0: not set"),
        _number("cpu_sockets", 0, PROCESSOR, "Sockets", "0: not set"),
        CPU_MASK,
        _choice("disk_type", "paravirtual", DISK_TYPES, DISKS, "Disk type"),
        _choice(
            "cdrom_disk_type", "", ("", *DISK_TYPES), DISKS, "CD drive type", help="Empty: as the disks."
        ),
        _choice(
            "scsi_controller_type", "lsi", ("lsi", "virtio-scsi-pci", "megasas"), DISKS, "SCSI controller"
        ),
        _choice("disk_cache", "default", ("default", "none", "writeback", "writethrough"), DISKS, "Cache"),
        _choice(
            "disk_aio",
            "threads",
            ("threads", "native", "io_uring"),
            DISKS,
            "Asynchronous I/O",
            help="“native” needs the cache “none”; “io_uring” needs Ganeti 3.1.",
        ),
        _choice(
            "disk_discard",
            "ignore",
            ("ignore", "unmap", "default"),
            DISKS,
            "Discard",
            help="“default” is for Ganeti before 3.1.",
        ),
        _choice("nic_type", "paravirtual", KVM_NICS, NICS, "Card type"),
        _switch("vhost_net", True, NICS, "vhost-net", "Needs /dev/vhost-net on the node."),
        _switch("vnet_hdr", True, NICS, "Offload headers"),
        _number("virtio_net_queues", 1, NICS, "Queues per card", minimum=1, maximum=8),
        _switch("serial_console", True, SCREEN, "Serial console"),
        _choice("serial_speed", 38400, SERIAL_SPEEDS, SCREEN, "Serial speed"),
        _text("vnc_bind_address", "", SCREEN, "VNC listens on", "An address or interface; empty: no VNC."),
        _switch("vnc_tls", False, SCREEN, "VNC with TLS"),
        _switch(
            "vnc_x509_verify", False, SCREEN, "VNC checks certificates", "Needs a place of certificates."
        ),
        _file("vnc_x509_path", "", SCREEN, "VNC certificates in", "A directory on the nodes."),
        _file("vnc_password_file", "", SCREEN, "VNC password file"),
        _text("vga", "", SCREEN, "Graphics card", "As qemu names it: std, virtio"),
        _text("keymap", "", SCREEN, "Keyboard", "de, en-us; empty: the viewer's own."),
        _choice("usb_mouse", "", ("", "mouse", "tablet"), USB, "Pointer", help="VNC brings a tablet."),
        _file("usb_devices", "", USB, "USB devices", "Of the node, with commas between."),
        SOUND,
        _text("spice_bind", "", SPICE, "SPICE listens on", "An address or interface; not together with VNC."),
        _choice("spice_ip_version", 0, ("0", "4", "6"), SPICE, "IP version", help="0: any"),
        _file("spice_password_file", "", SPICE, "SPICE password file"),
        _choice(
            "spice_image_compression",
            "",
            ("", "auto_glz", "auto_lz", "glz", "lz", "off", "quic"),
            SPICE,
            "Image compression",
        ),
        _choice("spice_jpeg_wan_compression", "", WAN, SPICE, "JPEG over slow lines"),
        _choice("spice_zlib_glz_wan_compression", "", WAN, SPICE, "GLZ over slow lines"),
        _choice("spice_streaming_video", "", ("", "all", "filter", "off"), SPICE, "Video streams"),
        _switch("spice_playback_compression", True, SPICE, "Sound compression"),
        _switch("spice_use_tls", False, SPICE, "SPICE with TLS"),
        _text("spice_tls_ciphers", "HIGH:-DES:-3DES:-EXPORT:-DH", SPICE, "TLS ciphers"),
        _switch("spice_use_vdagent", True, SPICE, "Agent in the guest"),
        _file("kernel_path", "", KERNEL, "Kernel", "Empty: the machine boots its own from its disk."),
        _file("initrd_path", "", KERNEL, "Initial ramdisk"),
        _text("kernel_args", "ro", KERNEL, "Kernel arguments", "Only with a kernel from the node."),
        _text("root_path", "/dev/vda1", KERNEL, "Root device", "As the machine sees it."),
        *_migration("live", 8102),
        _number(
            "migration_bandwidth", 32, MIGRATION, "Bandwidth", f"MiB/s. {WHOLE_CLUSTER}", cluster_wide=True
        ),
        _number("migration_downtime", 30, MIGRATION, "Longest pause", "Milliseconds."),
        _text("migration_caps", "", MIGRATION, "Capabilities", "With colons between: xbzrle:auto-converge"),
        _choice("security_model", "none", ("none", "user", "pool"), SECURITY, "Runs as", admin_only=True),
        _file("security_domain", "", SECURITY, "User", "Only where it runs as a user."),
        _switch("use_chroot", False, SECURITY, "In a chroot", admin_only=True),
        _choice("kvm_flag", "", ("", "enabled", "disabled"), SECURITY, "KVM"),
        _file("kvm_path", "/usr/bin/kvm", SECURITY, "Path of qemu", "Run on the node.", needed=True),
        _file("kvm_extra", "", SECURITY, "More qemu arguments", "As powerful as root on the nodes."),
        _number("kvm_pci_reservations", 12, SECURITY, "PCI slots kept for qemu", maximum=32),
        _file("mem_path", "", SECURITY, "Huge pages in", "A directory on the nodes."),
        REBOOT,
        _switch("user_shutdown", False, BEHAVIOUR, "May stop itself", "A stop from inside is kept as one."),
        _switch("use_guest_agent", False, BEHAVIOUR, "Guest agent"),
        LOCAL_TIME,
    ),
    "xen-pvm": (
        _switch(
            "use_bootloader",
            False,
            BOOT,
            "Boot loader",
            "Off: boots a kernel from the node.",
            admin_only=True,
        ),
        _file("bootloader_path", "", BOOT, "Path of the boot loader", "Run as root on the node."),
        _file("bootloader_args", "", BOOT, "Arguments of the boot loader", "Given to it on the node."),
        _file("kernel_path", "/boot/vmlinuz-3-xenU", KERNEL, "Kernel", needed=True),
        _file("initrd_path", "", KERNEL, "Initial ramdisk"),
        _text("kernel_args", "ro", KERNEL, "Kernel arguments"),
        _text("root_path", "/dev/xvda1", KERNEL, "Root device", "As the machine sees it."),
        CPU_MASK,
        *XEN,
        _text("blockdev_prefix", "sd", DISKS, "Names of disks", "sd, xvd", needed=True),
        SOUND,
        *_migration("live", 8002),
        REBOOT,
    ),
    "xen-hvm": (
        _text(
            "boot_order",
            "cd",
            BOOT,
            "Boots from",
            "Letters in order: a floppy, c disk, d CD, n network",
            needed=True,
        ),
        _file("cdrom_image_path", "", BOOT, "CD image", "An absolute path on the nodes."),
        _switch("acpi", True, BOOT, "ACPI", "Needed to shut it down in order."),
        _switch("pae", True, PROCESSOR, "PAE"),
        _switch("viridian", False, PROCESSOR, "Viridian", "For guests that are made for Hyper-V."),
        _file("kernel_path", "/usr/lib/xen/boot/hvmloader", KERNEL, "Loader", needed=True),
        _file(
            "device_model",
            "/usr/lib/xen/bin/qemu-dm",
            SECURITY,
            "Device model",
            "Run on the node.",
            needed=True,
        ),
        CPU_MASK,
        *XEN,
        _choice("disk_type", "paravirtual", ("ioemu", "paravirtual"), DISKS, "Disk type"),
        _text("blockdev_prefix", "hd", DISKS, "Names of disks", "hd, xvd", needed=True),
        _choice(
            "nic_type",
            "rtl8139",
            ("e1000", "ne2k_isa", "ne2k_pci", "paravirtual", "rtl8139"),
            NICS,
            "Card type",
        ),
        _choice("vif_type", "ioemu", ("ioemu", "vif"), NICS, "Interface type"),
        _text("vnc_bind_address", "0.0.0.0", SCREEN, "VNC listens on", "An IPv4 address."),  # noqa: S104 - Ganeti's
        _file(
            "vnc_password_file", "/etc/ganeti/vnc-cluster-password", SCREEN, "VNC password file", needed=True
        ),
        SOUND,
        _file("pci_pass", "", SECURITY, "PCI devices of the node", "Given to the machine."),
        *_migration("non-live", 8002),
        REBOOT,
        LOCAL_TIME,
    ),
    "lxc": (
        _text("cpu_mask", "", PROCESSOR, "Pinned to", "0-2,5; empty: to none"),
        _file(
            "devices", "", SECURITY, "Devices", "Rules of what it may use on the node, with commas between."
        ),
        _file(
            "drop_capabilities",
            "mac_override,sys_boot,sys_module,sys_time,sys_admin",
            SECURITY,
            "Capabilities taken away",
            "With commas between. What is not listed it has on the node.",
        ),
        _file("extra_cgroups", "", SECURITY, "More control groups", "With commas between."),
        _file(
            "extra_config", "", SECURITY, "More lines of configuration", "As powerful as root on the nodes."
        ),
        _number("num_ttys", 6, SCREEN, "Terminals", "0: no console"),
        _number("startup_timeout", 30, BEHAVIOUR, "Starts within", "Seconds."),
    ),
    "chroot": (
        _file("init_script", "/ganeti-chroot", BOOT, "Script that starts it", "Run as root.", needed=True),
    ),
    "fake": _migration("live", 0)[:1],
}
