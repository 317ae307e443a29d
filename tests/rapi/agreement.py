"""Whether a typed result says all that the answer said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

# Said twice by Ganeti under two names.
TOLD_TWICE = {"secondary_ip", "vg_name", "drbd_helper"}


def agrees(typed: Any, answer: Any) -> bool:
    """True if nothing of the answer is lost, changed or made up."""
    if isinstance(typed, BaseModel):
        if isinstance(answer, list):  # a network's connection
            return bool([*typed.model_dump().values()] == answer)
        fields = {field.alias or name: name for name, field in type(typed).model_fields.items()}
        assert set(answer) - TOLD_TWICE <= set(fields), set(answer) - set(fields)
        return all(
            _cell_agrees(getattr(typed, fields[key]), key, answer[key]) for key in fields if key in answer
        )
    if isinstance(typed, datetime):
        seconds, microseconds = answer if isinstance(answer, list) else (answer, 0)
        return bool(abs(typed.timestamp() - seconds - microseconds / 1e6) < 1e-5)
    if isinstance(typed, list | tuple):
        return len(typed) == len(answer) and all(map(agrees, typed, answer))
    if isinstance(typed, dict) and isinstance(answer, dict):
        return typed.keys() == answer.keys() and all(agrees(typed[key], answer[key]) for key in typed)
    return bool(typed == answer)


def _cell_agrees(typed: Any, field: str, answer: Any) -> bool:
    if field in {"ctime", "mtime"} and answer == 0:
        return typed is None  # the first node group was never created
    return agrees(typed, answer)
