"""The recorded exchanges with real Ganeti."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FOLDER = Path(__file__).parent / "recordings"


@dataclass(frozen=True)
class Recording:
    """One exchange. `number` is its name in the tables of the tests."""

    number: str
    name: str
    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any
    status: int
    answer: Any

    def __str__(self) -> str:
        return self.name


def _read(path: Path) -> Recording:
    content = json.loads(path.read_text())
    request, response = content["request"], content["response"]
    target = urlsplit(request["path"])
    return Recording(
        number=path.name[:3],
        name=path.stem,
        method=request["method"],
        path=target.path,
        query=parse_qsl(target.query, keep_blank_values=True),
        body=_body(request["body"]),
        status=response["status"],
        answer=response["body"],
    )


def _body(body: Any) -> Any:
    # Bodies that were sent as they are stand as texts, among them some that are no JSON.
    try:
        return json.loads(body) if isinstance(body, str) else body
    except ValueError:
        return body


RECORDINGS = [_read(path) for path in sorted(FOLDER.glob("*.json"))]
