"""`/2/filters`: rules for jobs; changed at once, without a job."""

from __future__ import annotations

import json
import uuid
from typing import Any

from ..query.engine import objects
from ..query.qfilter import BadFilter
from ..server.errors import bad_request, internal, parse_failure
from .call import Call
from .table import resource

_FIELDS = ["watermark", "priority", "predicates", "action", "reason_trail", "uuid"]


@resource("GET", "/2/filters")
def listing(call: Call) -> Any:
    rules = call.cluster.filter_rules.ordered()
    if call.flag("bulk"):
        return objects(call.cluster, "filter", _FIELDS, rules)
    return call.listing([rule["uuid"] for rule in rules], key="uuid")


@resource("GET", "/2/filters/NAME")
def one(call: Call) -> Any:
    return call.object("filter", _FIELDS, call.cluster.config.filters.get(call.name))


@resource("POST", "/2/filters")
def add(call: Call) -> Any:
    return _replace(call, call.cluster.config.new_uuid())


@resource("PUT", "/2/filters/NAME")
def put(call: Call) -> Any:
    try:
        uuid.UUID(call.name)
    except ValueError:
        raise internal("Unable to parse UUID") from None
    return _replace(call, call.name)


@resource("DELETE", "/2/filters/NAME")
def remove(call: Call) -> Any:
    with call.cluster.change():
        if call.cluster.config.filters.pop(call.name, None) is None:
            raise internal(f"Filter rule with UUID {call.name} does not exist")
        call.cluster.queue.later(0, call.cluster.queue.admit)


def _replace(call: Call, key: str) -> str:
    rule = _rule(call.body)
    try:
        with call.cluster.change():
            call.cluster.filter_rules.replace(key, rule)
            call.cluster.queue.later(0, call.cluster.queue.admit)
    except BadFilter as error:
        raise parse_failure(f"Cannot convert value '{json.dumps(call.body)}', error: {error}") from None
    return key


def _rule(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise bad_request("Invalid body contents, not a dictionary")
    defaults = {"priority": 0, "predicates": [], "action": "CONTINUE", "reason": []}
    for name in body:
        if name not in defaults:
            raise bad_request(f"Invalid body parameters: filter rule doesn't support the parameter '{name}'")
    given: dict[str, Any] = defaults | body
    for name, kind in (("priority", int), ("predicates", list), ("reason", list)):
        if not isinstance(given[name], kind):
            found = type(given[name]).__name__
            raise bad_request(f"'{name}' parameter: Type is '{found}', but '{kind.__name__}' is expected")
    if given["priority"] < 0:
        raise parse_failure(f"Invalid value for non-negative type '{given['priority']}'")
    return {
        "priority": given["priority"],
        "predicates": given["predicates"],
        "action": given["action"],
        "reason_trail": given["reason"],
    }
