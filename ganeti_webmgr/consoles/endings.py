"""Every way in which a console ends or never begins, with what to do then. One table.

The codes are close codes of the websocket (RFC 6455, section 7.4.2: 4000 to 4999 are for us). The page has
the words of each beside it, so that it can say them when the code comes.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_DETAIL = 120
"""Bytes beside the code in a close frame: RFC 6455, section 5.5, has 125 for both."""


@dataclass(frozen=True)
class Ending:
    """`returns`: it may pass by itself, and the page tries again."""

    code: int
    name: str
    title: str
    advice: str
    returns: bool = False


class Ended(Exception):
    """The console ends for that reason; the detail is in words to show."""

    def __init__(self, ending: Ending, detail: str = "") -> None:
        super().__init__(ending.title)
        self.ending = ending
        self.detail = detail


CLOSED = Ending(1000, "closed", "Disconnected", "Connect again whenever you like.")
LEFT = Ending(
    4000, "left", "The machine closed its screen", "It was stopped, restarted or moved.", returns=True
)
TICKET = Ending(
    4001,
    "ticket",
    "Not let in",
    "What the page sent was used already, is older than 30 seconds, or is not this session's. Connect again.",
)
NO_RIGHT = Ending(
    4003,
    "no-right",
    "You may not use this console now",
    "The machine's page says who can give you the right.",
)
GONE = Ending(
    4004,
    "gone",
    "The machine is gone",
    "It was removed, or another one has its name now. Look it up in the list of machines.",
)
SIGNED_OUT = Ending(4005, "signed-out", "You are signed out", "Sign in, and open the console again.")
OFF = Ending(
    4006, "off", "The machine does not run", "Start it; the console connects when it runs.", returns=True
)
TOO_MANY = Ending(
    4007, "too-many", "Too many consoles are open", "Close another one of yours, then connect again."
)
FULL = Ending(
    4008,
    "full",
    "All consoles are taken",
    "Try again in a while. An administrator can raise GWM_CONSOLE_MOST.",
)
IDLE = Ending(
    4009, "idle", "Closed after a time without input", "Connect again to go on. The machine did not notice."
)
TOO_LONG = Ending(
    4010,
    "too-long",
    "Closed after the longest time allowed",
    "Connect again to go on. The machine did not notice.",
)
ENDED = Ending(4011, "ended", "Ended by an administrator", "Ask them before you connect again.")
STOPPING = Ending(
    4012, "stopping", "The console service is restarting", "The page connects again by itself.", returns=True
)
NO_DATABASE = Ending(
    4013,
    "no-database",
    "Rights cannot be checked now",
    "The database does not answer. The page tries again by itself.",
    returns=True,
)
GARBLED = Ending(4014, "garbled", "The browser sent something that is not VNC", "Load the page again.")
LOST = Ending(
    4015, "lost", "The console service went away", "The page connects again by itself.", returns=True
)

CLUSTER = Ending(
    4020,
    "cluster",
    "The cluster does not answer",
    "Where the screen is has to be asked of the cluster, which is silent or refuses. The cluster's "
    "page says more. The page tries again.",
    returns=True,
)
NO_SCREEN = Ending(
    4021,
    "no-screen",
    "This machine has no VNC screen",
    "An administrator can give it one: hypervisor parameter vnc_bind_address, for example 0.0.0.0, "
    "then restart the machine. With serial_console on, Ganeti itself still shows the serial line; "
    "both can be used.",
)
LOOPBACK = Ending(
    4022,
    "loopback",
    "The screen listens on its node only",
    "vnc_bind_address is a loopback address. An administrator sets it to 0.0.0.0 or to the node's "
    "address, and restarts the machine.",
)
SOCKET = Ending(
    4023,
    "socket",
    "The screen is a socket file on its node",
    "vnc_bind_address is a directory. An administrator sets it to 0.0.0.0 or to the node's address, "
    "and restarts the machine.",
)
OUTSIDE = Ending(
    4024,
    "outside",
    "The cluster named a place outside itself",
    "Only nodes of the cluster and its console ports are connected to. An administrator compares "
    "vnc_bind_address and network_port with what the cluster's nodes have.",
)
PORT = Ending(
    4025,
    "port",
    "The screen's port does not answer",
    "A firewall between this server and the node, or a machine that starts just now. An administrator "
    "opens the ports 11000 to 14999 of the nodes to this server.",
    returns=True,
)
GREETING = Ending(
    4026,
    "greeting",
    "What answers there is no VNC server",
    "The port may have been given to something else, such as DRBD. An administrator looks at the port "
    "on the node.",
)
SECURITY = Ending(
    4027,
    "security",
    "The screen asks for a kind of sign-in that is not known here",
    "Known are: none, VNC password, and VeNCrypt with certificates. An administrator compares the "
    "hypervisor parameters vnc_tls and vnc_password_file.",
)
PASSWORD = Ending(
    4028,
    "password",
    "The screen's password is missing or wrong",
    "An administrator writes what vnc_password_file holds on the nodes into the cluster's console settings.",
)
TLS = Ending(
    4029,
    "tls",
    "The screen's certificate could not be verified",
    "An administrator puts the certificate authority of the nodes' VNC certificates into the "
    "cluster's console settings.",
)
NO_SERIAL = Ending(
    4030,
    "no-serial",
    "The serial line cannot be reached from here",
    "An administrator configures how: GWM_SERIAL_SOCKETS or GWM_SERIAL_RELAYS. Until then, use the "
    "command on this page.",
)
RELAY = Ending(
    4031,
    "relay",
    "The serial line did not open",
    "An administrator looks at the socket or the relay command that is configured for this cluster, "
    "and at the log of the console service.",
    returns=True,
)

ENDINGS = {
    ending.name: ending
    for ending in (
        *(
            CLOSED,
            LEFT,
            TICKET,
            NO_RIGHT,
            GONE,
            SIGNED_OUT,
            OFF,
            TOO_MANY,
            FULL,
            IDLE,
            TOO_LONG,
            ENDED,
            STOPPING,
        ),
        *(
            NO_DATABASE,
            GARBLED,
            LOST,
            CLUSTER,
            NO_SCREEN,
            LOOPBACK,
            SOCKET,
            OUTSIDE,
            PORT,
            GREETING,
            SECURITY,
        ),
        *(PASSWORD, TLS, NO_SERIAL, RELAY),
    )
}


def short(detail: str) -> str:
    """As much of it as fits into a close frame."""
    return detail.encode()[:LONGEST_DETAIL].decode(errors="ignore")
