"""The client of one cluster: one `request()` for everything, resource groups hanging off it."""

from __future__ import annotations

import re
import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from pydantic import TypeAdapter, ValidationError
from urllib3.exceptions import SSLError

from . import faults, outgoing
from .address import Address
from .budget import budget_of
from .calls import Kind, Timeouts
from .cluster import ClusterResource
from .errors import CertificateMismatch, Invalid, RapiError, Unreachable
from .filters import Filters
from .groups import Groups
from .instances import Instances
from .jobs import Jobs
from .networks import Networks
from .nodes import Nodes
from .query import Query
from .tls import Tls, Unverified, not_secure
from .wire import Adapter, AnswerLost, NotConnected

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

MAX_ANSWER_BYTES = 256 * 2**20


class Version(NamedTuple):
    """Ganeti's version as far as the API depends on it (Reference 11)."""

    major: int
    minor: int

    @classmethod
    def of(cls, software_version: str) -> Version:
        match = re.match(r"(\d+)\.(\d+)", software_version)
        if not match:
            raise Invalid(f"{software_version!r} is not a version of Ganeti")
        return cls(int(match[1]), int(match[2]))


class Client:
    """The remote API of one cluster. Thread-safe; sends everything at most once.

    All clients of a process share the budget of connections to a cluster. `version` saves asking for it.
    """

    def __init__(
        self,
        url: str,
        *,
        user: str,
        password: str,
        tls: Tls,
        max_connections: int = 4,
        max_wait_s: float = 30,
        timeouts: Timeouts | None = None,
        user_agent: str = "ganeti-webmgr",
        version: str | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._address = Address.of(url)
        if self._address.scheme == "http" and not isinstance(tls, Unverified):
            raise Invalid("Plain http protects nothing: it takes an explicit Unverified()")
        self._headers = outgoing.headers(user=user, password=password, user_agent=user_agent)
        self._timeouts = timeouts or Timeouts()
        self._budget = budget_of(str(self._address))
        self._max_connections = max_connections
        self._max_wait_s = max_wait_s
        self._max_answer_bytes = max_answer_bytes
        self._adapter = Adapter(tls, connections=max_connections)
        if version is not None:
            self.version = Version.of(version)

        self.cluster = ClusterResource(self)
        self.groups = Groups(self)
        self.networks = Networks(self)
        self.nodes = Nodes(self)
        self.instances = Instances(self)
        self.jobs = Jobs(self)
        self.filters = Filters(self)
        self.query = Query(self)

    def __repr__(self) -> str:
        return f"Client({str(self._address)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of what is held; the client can still be used."""
        self._adapter.close()

    @cached_property
    def version(self) -> Version:
        """The cluster's version, asked for when first needed."""
        return Version.of(self.cluster.info().software_version)

    def request(
        self,
        method: str,
        path: str,
        returns: TypeAdapter[T],
        *,
        kind: Kind = Kind.READ,
        query: Sequence[tuple[str, str]] = (),
        body: Any = None,
    ) -> T:
        """The typed result of one exchange; without a body where `body` is None."""
        answer = self.fetch(method, path, kind=kind, query=query, body=body)
        try:
            return returns.validate_json(answer)
        except ValidationError as error:
            raise faults.misunderstood(error, kind=kind, method=method, path=path) from None

    def fetch(
        self,
        method: str,
        path: str,
        *,
        kind: Kind = Kind.READ,
        query: Sequence[tuple[str, str]] = (),
        body: Any = None,
    ) -> bytes:
        """The unread body of a successful answer; otherwise raises what the answer amounts to."""
        url = f"{self._address}{path}"
        request = outgoing.prepare(method, url, headers=self._headers, query=query, body=body)
        with self._budget.place(limit=self._max_connections, wait_s=self._max_wait_s):
            try:
                status, answer = self._adapter.exchange(
                    request,
                    connect_s=self._timeouts.connect_s,
                    answer_s=self._timeouts.answer_s(kind),
                    max_bytes=self._max_answer_bytes,
                )
            except NotConnected as error:
                raise _unreachable(error.cause, method=method, path=path) from error.cause
            except AnswerLost as error:
                raise faults.lost(str(error), kind=kind, method=method, path=path) from error
        if status != 200:
            raise faults.fault(status, answer, kind=kind, method=method, path=path)
        return answer


def _unreachable(cause: Exception, *, method: str, path: str) -> RapiError:
    """The error for a connection that did not come about, in words that help."""
    inner = cause.args[0] if isinstance(cause, SSLError) and cause.args else cause
    if isinstance(inner, ssl.SSLCertVerificationError):
        text = f"The certificate is not to be trusted: {inner.verify_message}"
        return CertificateMismatch(text, method=method, path=path)
    if "ingerprint" in str(inner):
        text = "The server shows another certificate than the pinned one"
        return CertificateMismatch(text, method=method, path=path)
    if isinstance(inner, ssl.SSLError | SSLError):
        return not_secure(inner, method=method, path=path)
    return Unreachable(_reason(inner), method=method, path=path)


def _reason(cause: Any) -> str:
    root = cause.__cause__ or cause
    if isinstance(root, TimeoutError):
        return "The cluster does not answer"
    return f"No connection to the cluster: {getattr(root, 'strerror', None) or root}"
