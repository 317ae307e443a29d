"""The way to the cluster: its name, its port, its certificate. No password goes along."""

from __future__ import annotations

from urllib.parse import urlsplit

from ganeti_webmgr import rapi
from ganeti_webmgr.clusters.doctor.findings import Finding, Stop, good, know
from ganeti_webmgr.clusters.models import Checkup, Cluster

SHOW_FINGERPRINT = "openssl x509 -noout -fingerprint -sha256 -in /var/lib/ganeti/rapi.pem"
REQUIRE = (
    "# in /etc/default/ganeti, add to RAPI_ARGS: --require-authentication\nsystemctl restart ganeti-rapi"
)
CLOCK_OFF_S = 5


def name(checkup: Checkup) -> Finding:
    host = urlsplit(checkup.url).hostname or ""
    try:
        found = rapi.resolve(checkup.url)
    except rapi.Unreachable:
        raise Stop(
            f"The name {host} is not known here",
            "Look at how it is written, or give the address in numbers.",
            command=f"getent hosts {host}",
        ) from None
    return good("Name resolves", f"to {' and '.join(found)}")


def port(checkup: Checkup) -> Finding:
    parts = urlsplit(checkup.url)
    host, number = parts.hostname or "", parts.port or 0
    try:
        rapi.knock(host, number)
    except rapi.Unreachable as error:
        raise Stop(
            f"Nothing answers at port {number}: {error.message}",
            "Look whether ganeti-rapi runs on the master and listens on its address (Debian lets it "
            "listen on 127.0.0.1 alone: RAPI_ARGS in /etc/default/ganeti), and whether a firewall is in "
            "the way.",
            command="systemctl status ganeti-rapi\nss -ltnp | grep ganeti-rapi",
        ) from None
    return good(f"Port {number} answers")


def certificate(checkup: Checkup, tls: rapi.Tls) -> Finding:
    """Good where it is the right one; what is found is offered to be trusted where it is not."""
    try:
        rapi.shake_hands(checkup.url, tls)
    except rapi.CertificateMismatch as error:
        raise _untrusted(checkup, error) from None
    except rapi.TlsFailed as error:
        raise Stop(
            error.message,
            "Another service listens at this port, or ganeti-rapi runs without TLS (--no-ssl in RAPI_ARGS).",
        ) from None
    except rapi.Unreachable as error:
        raise Stop(
            error.message,
            "Where a proxy or a forwarder answers at this port, look whether ganeti-rapi runs behind it; "
            "else look into its log.",
        ) from None
    match checkup.tls:
        case Cluster.Tls.UNVERIFIED:
            return know("Who answers is not verified", "The password goes to whoever is at this address.")
        case Cluster.Tls.PINNED:
            return good("The certificate is the pinned one")
        case _:
            return good("The certificate is signed by an authority that is trusted")


def _untrusted(checkup: Checkup, error: rapi.CertificateMismatch) -> Stop:
    shown = rapi.fetch_fingerprint(checkup.url)
    if checkup.tls == Cluster.Tls.PINNED:
        return Stop(
            "It shows another certificate than the pinned one",
            "No password was sent. Somebody has renewed it, or another server answers. Compare what is shown "
            "now with what the master has:",
            command=SHOW_FINGERPRINT,
            fingerprint=shown,
        )
    return Stop(
        "The certificate is not signed by an authority that is trusted",
        f"{error.message}. Ganeti makes such a one for itself. No password was sent. Compare the fingerprint "
        "with that of the master's file:",
        command=SHOW_FINGERPRINT,
        fingerprint=shown,
    )


def welcome(checkup: Checkup, tls: rapi.Tls) -> list[Finding]:
    """Whether anybody may read, and whether the clocks agree."""
    try:
        met = rapi.greet(checkup.url, tls)
    except rapi.Unreachable as error:
        raise Stop(
            f"What answers is not Ganeti's remote API: {error.message}",
            "Look at the port: it is 5080 unless ganeti-rapi was told another one.",
        ) from None
    findings = [
        know(
            "Anyone on the network can read this cluster", "Ask for a password in any case:", command=REQUIRE
        )
        if met.is_open
        else good("Nobody reads without a password")
    ]
    if met.clock_off_s is not None:
        findings.append(clocks(met.clock_off_s))
    return findings


def clocks(off_s: float) -> Finding:
    if abs(off_s) <= CLOCK_OFF_S:
        return good("Clocks agree", f"{abs(off_s):.1f} s apart")
    which = "ahead of" if off_s > 0 else "behind"
    return know(
        f"Its clock is {abs(off_s):.0f} s {which} this site's",
        "Times of jobs will look wrong, and Ganeti itself needs nodes that agree. Synchronise both:",
        command="timedatectl status",
    )
