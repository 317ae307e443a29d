"""`/2/query`."""

from __future__ import annotations

import json
from typing import Any

from ..query.definitions import definition, definitions
from ..query.engine import UnknownName, query
from ..query.qfilter import BadFilter, BadValue
from ..query.resources import RESOURCES, Resource
from ..server.access import READ
from ..server.errors import bad_request, internal, parse_failure
from .call import Call
from .table import resource

_NOT_SERVED = {"os": "QROs", "cluster": "QRCluster"}


@resource("GET", "/2/query/NAME", needs=READ)
def get(call: Call) -> Any:
    return _answer(call, _fields_argument(call), None)


@resource("PUT", "/2/query/NAME", needs=READ)
def put(call: Call) -> Any:
    body = call.body
    if not isinstance(body, dict):
        if body is None and "fields" not in call.query:
            raise bad_request("Missing 'fields' query argument")
        raise bad_request(f"Body contents: Type is '{type(body).__name__}', but 'dict' is expected")
    fields = body["fields"] if "fields" in body else _fields_argument(call)
    qfilter = body.get("qfilter")
    return _answer(call, fields, body.get("filter") if qfilter is None else qfilter)


@resource("GET", "/2/query/NAME/fields")
def fields(call: Call) -> Any:
    known = _resource(call, [], None, verb="QueryFields")
    names = _fields_argument(call) if "fields" in call.query else list(definitions(known.name))
    return {"fields": [definition(known.name, name) for name in names]}


def _fields_argument(call: Call) -> list[str]:
    given = call.text("fields")
    if given is None:
        raise bad_request("Missing 'fields' query argument")
    return [part.strip() for part in given.split(",")]


def _answer(call: Call, wanted: list[str], qfilter: Any) -> bytes:
    known = _resource(call, wanted, qfilter, verb="Query")

    def compute() -> bytes:
        return json.dumps(query(call.cluster, known, wanted, qfilter)).encode() + b"\n"

    try:
        return call.cluster.cache.get((known.name, tuple(wanted), json.dumps(qfilter)), compute)
    except BadFilter as error:
        raise parse_failure(
            f"Cannot convert value '{json.dumps([call.name, wanted, qfilter])}', error: {error}"
        ) from None
    except BadValue as error:
        raise internal(str(error)) from None
    except UnknownName as error:
        raise internal(f"('{error}', 'unknown_entity')") from None


def _resource(call: Call, wanted: list[str], qfilter: Any, *, verb: str) -> Resource:
    if call.name in _NOT_SERVED:
        raise internal(f"{verb} 'ItemTypeOpCode {_NOT_SERVED[call.name]}' not supported")
    if call.name not in RESOURCES:
        raise parse_failure(
            f"Cannot convert value '{json.dumps([call.name, wanted, qfilter])}', error: "
            f"Can't parse value '{call.name}' as neitherQueryTypeLuxi nor QueryTypeOp"
        )
    return RESOURCES[call.name]
