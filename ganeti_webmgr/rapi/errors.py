"""What can go wrong, sorted by what the caller may do next: send again, find out, or give up."""

from __future__ import annotations


class RapiError(Exception):
    """A call that did not bring its result; `message` holds Ganeti's own words where it said any.

    `path` never holds the query string, and nothing here ever holds credentials or a body.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        method: str = "",
        path: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.method = method
        self.path = path

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.message}" if self.path else self.message


class Unreachable(RapiError):
    """Nothing reached the cluster, or a read brought no answer: may be sent again."""


class BadAnswer(Unreachable):
    """Something answered a read, but not as Ganeti does: may be asked again."""


class TlsFailed(Unreachable):
    """No secure connection came about; no credentials were sent."""


class CertificateMismatch(TlsFailed):
    """The server shows another certificate than it should; no credentials were sent."""


class Busy(RapiError):
    """Understood, but not now: job queue drained or full, or no free connection. May be sent again."""


class OutcomeUnknown(RapiError):
    """A write whose answer was lost: it may have happened. Never send again, look for its reason."""


class Refused(RapiError):
    """Understood and declined: nothing happened, and sending the same again changes nothing."""


class Unauthorized(Refused):
    """The cluster does not know this user and password."""


class Forbidden(Refused):
    """The user is known but lacks the right."""


class NotFound(Refused):
    """There is no such object, however Ganeti put it."""


class Invalid(Refused):
    """The request makes no sense to this server, or is one that the server would misread."""


class ConsoleUnavailable(Refused):
    """The instance has no console to connect to: not running, its node is away, or VNC (Reference 7.1)."""
