"""What an answer that is not a result means: the server's status, words and disguises as our errors."""

from __future__ import annotations

import ast
import html
import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from .errors import (
    BadAnswer,
    Busy,
    ConsoleUnavailable,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RapiError,
    Unauthorized,
    Unreachable,
)

if TYPE_CHECKING:
    from .calls import Kind

_BY_STATUS: dict[int, type[RapiError]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    415: Invalid,
    501: Invalid,
}

# What Ganeti says in a 500 that means something else (Reference 1.5, 2.2, 8). Words alone tell.
_DISGUISES: list[tuple[re.Pattern[str], type[RapiError]]] = [
    (re.compile(r"^(Job )?queue (is )?(drained|full)", re.IGNORECASE), Busy),
    (re.compile(r"^Filter rule with UUID .* does not exist$"), NotFound),
    (re.compile(r"^Can't load job file$"), NotFound),
    (re.compile(r"^Unable to parse UUID$"), Invalid),
    (re.compile(r"^Query(Fields)? '.*' not supported$"), Invalid),
    (re.compile(r"^Can't find field named "), Invalid),
    (re.compile(r"^Invalid types in comparison"), Invalid),
    (re.compile(r" is not a valid netmask$"), Invalid),
    (re.compile(r"^'NoneType' object "), Invalid),  # a body was missing
    # Something in it is not ASCII, and the daemons run without a locale: the job was never queued.
    (re.compile(r"^Failed to write .*\(invalid character\)$"), Invalid),
]

# With these codes Ganeti found out beforehand that it cannot; nothing was changed (Reference 5.5).
_DECLINED = {
    "wrong_input",
    "already_exists",
    "resource_not_unique",
    "wrong_state",
    "insufficient_resources",
    "temp_insufficient_resources",
    "resolver_error",
}


class _Complaint(BaseModel):
    """The body of every error of Ganeti (Reference 1.5)."""

    code: int
    message: str


def fault(status: int, body: bytes, *, kind: Kind, method: str, path: str) -> RapiError:
    """The error that this answer amounts to."""
    if 300 <= status < 400:
        return BadAnswer(
            f"The address answers with a redirect ({status}), which Ganeti never does",
            status=status,
            method=method,
            path=path,
        )
    try:
        complaint = _Complaint.model_validate_json(body)
    except ValidationError:
        if status == 401:
            return Unauthorized("Unauthorized", status=status, method=method, path=path)
        return _nonsense(
            f"Status {status}, and not in Ganeti's words", kind=kind, status=status, method=method, path=path
        )
    message, code = _words(html.unescape(complaint.message))
    error = _class(status, message, code, path) or (OutcomeUnknown if kind.writes else Unreachable)
    return error(message, status=status, code=code, method=method, path=path)


def lost(message: str, *, kind: Kind, method: str, path: str, status: int | None = None) -> RapiError:
    """The error for a request that was sent and brought no usable answer."""
    error = OutcomeUnknown if kind.writes else Unreachable
    return error(message, status=status, method=method, path=path)


def _nonsense(message: str, *, kind: Kind, method: str, path: str, status: int) -> RapiError:
    error = OutcomeUnknown if kind.writes else BadAnswer
    return error(message, status=status, method=method, path=path)


def misunderstood(error: ValidationError, *, kind: Kind, method: str, path: str) -> RapiError:
    """The error for an answer of another shape than Ganeti's; says where, and shows no value."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(map(str, first["loc"])) or "the top"
    return _nonsense(
        f"The answer is not one of Ganeti's: {first['type']} at {where}",
        kind=kind,
        status=200,
        method=method,
        path=path,
    )


def _words(message: str) -> tuple[str, str | None]:
    """Text and error code; errors of the query layer come as `('text', 'code')`."""
    match = re.search(r"'(\w+)'\)$", message)
    if not match:
        return message, None
    try:
        text, code = ast.literal_eval(message)
    except (ValueError, SyntaxError):
        return message, match[1]
    return str(text), str(code)


def _class(status: int, message: str, code: str | None, path: str) -> type[RapiError] | None:
    """The error class, or None where the answer does not tell what happened."""
    if status == 500:
        return _disguised(message, code, path)
    if status == 502:
        return Invalid if message.startswith("Failed to parse request") else None
    if status == 503:
        return ConsoleUnavailable if path.endswith("/console") else Busy
    return _BY_STATUS.get(status, Invalid if 400 <= status < 500 else None)


def _disguised(message: str, code: str | None, path: str) -> type[RapiError] | None:
    if code == "unknown_entity":
        return NotFound
    if code in _DECLINED:
        return Invalid
    if message == "list index out of range" and path.endswith(("/console", "/role")):
        return NotFound
    if message == "Internal Server Error" and path.endswith("/console"):
        return ConsoleUnavailable
    return next((error for words, error in _DISGUISES if words.search(message)), None)
