"""Resource groups whose objects have a name in the path, and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from .outgoing import segment
from .tags import Tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .options import Bare


class _Listed(BaseModel):
    """An entry of a short list: some resources call the name `id`."""

    model_config = ConfigDict(extra="ignore")
    name: str = Field(validation_alias="name")


class _ListedById(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str = Field(validation_alias="id")


_NAMES = TypeAdapter(list[_Listed | _ListedById])


class Named(Tagged):
    """Instances, nodes, groups and networks."""

    _root: ClassVar[str]

    def _path(self, name: str, *rest: str) -> str:
        return "/".join([self._root, segment(name), *rest])

    def names(self) -> list[str]:
        """The names of all; costs the cluster next to nothing."""
        return [entry.name for entry in self._read(self._root, _NAMES)]

    def tags(self, name: str) -> list[str]:
        return self._get_tags(self._path(name))

    def add_tags(
        self, name: str, tags: Sequence[str], *, dry_run: bool = False, **options: Unpack[Bare]
    ) -> int:
        return self._add_tags(self._path(name), tags, dry_run=dry_run, **options)

    def remove_tags(
        self, name: str, tags: Sequence[str], *, dry_run: bool = False, **options: Unpack[Bare]
    ) -> int:
        """The job fails if one of the tags is not set."""
        return self._remove_tags(self._path(name), tags, dry_run=dry_run, **options)
