"""The handshake with QEMU's own screens: passwords and TLS as Ganeti has it set them up."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganeti_webmgr.consoles.endings import Ended
from ganeti_webmgr.consoles.rfb.upstream import Credentials, greet
from tests.consoles.rfb.authority import NODE, Authority
from tests.processes import ENDS_WITH_US
from tests.waiting import until

pytestmark = pytest.mark.real

PASSWORD = "secret12"
SECRET = ["-object", f"secret,id=secret,data={PASSWORD}"]


@contextlib.contextmanager
def screen(folder: Path, options: str, *objects: str) -> Iterator[socket.socket]:
    """A connection to the screen of a QEMU without a machine."""
    place = folder / "vnc"
    command = ["qemu-system-x86_64", "-M", "none", "-nodefaults", "-display", "none", *objects]
    with subprocess.Popen([*ENDS_WITH_US, *command, "-vnc", f"unix:{place}{options}"]) as qemu:
        try:
            until(place.exists)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(10)
                connection.connect(str(place))
                yield connection
        finally:
            qemu.terminate()


def is_shown(connection: socket.socket, **known: str) -> bool:
    """Whether the screen tells its size, once it was greeted and asked."""
    greeted = greet(connection, Credentials(node=NODE, **known))
    greeted.sendall(b"\x01")
    return len(greeted.recv(24)) == 24


def test_without_a_password(tmp_path: Path) -> None:
    with screen(tmp_path, "") as connection:
        assert is_shown(connection)


def test_with_a_password(tmp_path: Path) -> None:
    with screen(tmp_path, ",password-secret=secret", *SECRET) as connection:
        assert is_shown(connection, password=PASSWORD)


def test_with_a_wrong_password(tmp_path: Path) -> None:
    with screen(tmp_path, ",password-secret=secret", *SECRET) as connection, pytest.raises(Ended) as ended:
        is_shown(connection, password="wrong")
    assert (ended.value.ending.name, ended.value.detail) == ("password", "Authentication failed")


@pytest.mark.parametrize(("options", "password"), [("", ""), (",password-secret=secret", PASSWORD)])
def test_in_tls_with_the_nodes_certificate(tmp_path: Path, options: str, password: str) -> None:
    authority = Authority.made(tmp_path)
    credentials = f"tls-creds-x509,id=tls,dir={tmp_path},endpoint=server,verify-peer=off"
    with screen(tmp_path, f",tls-creds=tls{options}", "-object", credentials, *SECRET) as connection:
        assert is_shown(connection, ca_pem=authority.pem, password=password)


def test_in_tls_with_somebody_elses_certificate(tmp_path: Path) -> None:
    Authority.made(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Authority.made(elsewhere)
    credentials = f"tls-creds-x509,id=tls,dir={tmp_path},endpoint=server,verify-peer=off"
    with (
        screen(tmp_path, ",tls-creds=tls", "-object", credentials) as connection,
        pytest.raises(Ended) as ended,
    ):
        is_shown(connection, ca_pem=other.pem)
    assert ended.value.ending.name == "tls"


def test_in_tls_without_certificates(tmp_path: Path) -> None:
    credentials = "tls-creds-anon,id=tls,endpoint=server"
    with screen(tmp_path, ",tls-creds=tls", "-object", credentials) as connection:
        assert is_shown(connection)
