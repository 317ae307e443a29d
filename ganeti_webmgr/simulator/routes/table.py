"""The table of resources, and the way from a request to the function that answers it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..server.access import OPEN, WRITE, authorize
from ..server.errors import HttpError, bad_request, not_found
from .call import Call

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster
    from ..server.request import Request

Handler = Callable[[Call], Any]
_NAME, _NUMBER = r"([\w.-]+)", r"(\d+)"
_EXACT: dict[str, dict[str, tuple[Handler, frozenset[str]]]] = {}
_PATTERNS: list[tuple[re.Pattern[str], str]] = []


def resource(method: str, path: str, *, needs: frozenset[str] | None = None) -> Callable[[Handler], Handler]:
    """Registers the function for that method; NAME and NUMBER in the path stand for any."""
    if path not in _EXACT:
        _EXACT[path] = {}
        if "NAME" in path or "NUMBER" in path:
            pattern = re.escape(path).replace("NAME", _NAME).replace("NUMBER", _NUMBER)
            _PATTERNS.append((re.compile(pattern), path))

    def register(handler: Handler) -> Handler:
        _EXACT[path][method] = (handler, needs if needs is not None else OPEN if method == "GET" else WRITE)
        return handler

    return register


def dispatch(cluster: SimulatedCluster, request: Request) -> Any:
    """The answer as a JSON value or as encoded bytes; raises HttpError. The order of checks is Ganeti's."""
    if cluster.shape.require_authentication and "authorization" not in request.headers:
        raise HttpError(401)
    path, items = _find(request.path)
    if path.endswith("/networks/NAME/rename") and cluster.config.release < (3, 1):
        raise not_found()
    if request.method not in _EXACT[path]:
        raise HttpError(501, f"Method {request.method} is unsupported for path {request.path}")
    handler, needs = _EXACT[path][request.method]
    authorize(cluster, request, needs)
    body = _body(request)
    with cluster.lock:
        return handler(Call(cluster=cluster, route=path, items=items, query=request.query, body=body))


def _find(path: str) -> tuple[str, tuple[str, ...]]:
    if path in _EXACT and "NAME" not in path and "NUMBER" not in path:
        return path, ()
    for pattern, name in _PATTERNS:
        if match := pattern.fullmatch(path):
            return name, match.groups()
    raise not_found()


def _body(request: Request) -> Any:
    if not request.body:
        return None
    if request.headers.get("content-type", "").lower() != "application/json":
        raise HttpError(415)
    try:
        return json.loads(request.body)
    except ValueError:
        raise bad_request("Unable to parse JSON data") from None
