"""Who may ask what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import HttpError
from .request import Request

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

OPEN: frozenset[str] = frozenset()
READ = frozenset({"read", "write"})
WRITE = frozenset({"write"})


def authorize(cluster: SimulatedCluster, request: Request, needed: frozenset[str]) -> None:
    """Raises 401 or 403; credentials that were sent are checked even where none are needed."""
    sent = request.headers.get("authorization")
    if sent is None and not needed and not cluster.shape.require_authentication:
        return
    credentials = request.credentials()
    if credentials is None:
        raise HttpError(401)
    user, password = credentials
    known = cluster.users.get(user)
    if known is None or known[0] != password:
        raise HttpError(401)
    if needed and not needed & known[1]:
        raise HttpError(403)
