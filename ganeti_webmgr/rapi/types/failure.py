"""Errors of failed operations, in all the shapes they come in (Reference 5.5)."""

from __future__ import annotations

from typing import Any

from .frozen import Frozen


class JobError(Frozen):
    """Why a job failed. `klass` is empty where the scheduler itself ended it; `code` is Ganeti's, if any."""

    klass: str
    message: str
    code: str | None


def job_error(result: Any) -> JobError:
    """The error from `["Class", [arguments...]]`, or from a plain text."""
    match result:
        case [str(klass), list() | tuple() as arguments]:
            return _from_arguments(klass, list(arguments))
        case None:
            return JobError(klass="", message="The job failed without a reason", code=None)
        case _:
            return JobError(klass="", message=_text(result), code=None)


def _from_arguments(klass: str, arguments: list[Any]) -> JobError:
    code = None
    match klass, arguments:
        case "OpPrereqError", [message, str(ecode)]:
            text, code = _text(message), ecode
        case "HooksAbort", [list() as failures]:
            text = "; ".join(_hook(failure) for failure in failures)
        case "ResolverError", [host, _, message]:
            text = f"{_text(host)}: {_text(message)}"
        case _:
            text = ", ".join(_text(argument) for argument in arguments)
    return JobError(klass=klass, message=text or klass, code=code)


def _hook(failure: Any) -> str:
    match failure:
        case [node, script, output]:
            return f"{node}: {script}: {output}"
        case _:
            return _text(failure)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
