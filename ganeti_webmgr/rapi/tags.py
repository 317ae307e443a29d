"""Tags, the same on everything that has them (Reference 2.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from pydantic import TypeAdapter

from .errors import Invalid
from .resource import Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .options import Bare

_TAGS = TypeAdapter(list[str])


class Tagged(Resource):
    """A resource group whose objects have tags."""

    def _get_tags(self, path: str) -> list[str]:
        return self._read(f"{path}/tags", _TAGS)

    def _add_tags(self, path: str, tags: Sequence[str], *, dry_run: bool, **options: Unpack[Bare]) -> int:
        return self._submit("PUT", f"{path}/tags", options, query={"tag": _some(tags), "dry-run": dry_run})

    def _remove_tags(self, path: str, tags: Sequence[str], *, dry_run: bool, **options: Unpack[Bare]) -> int:
        return self._submit("DELETE", f"{path}/tags", options, query={"tag": _some(tags), "dry-run": dry_run})


def _some(tags: Sequence[str]) -> list[str]:
    if not tags or isinstance(tags, str):
        raise Invalid("There are no tags to set")
    return list(tags)
