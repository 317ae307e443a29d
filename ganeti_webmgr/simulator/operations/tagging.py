"""Tags."""

from __future__ import annotations

import re
from typing import Any

from ..errors import OperationFailed, prereq
from ..jobs.operation import Operation, Steps, opcode

MAX_LENGTH, MAX_TAGS = 128, 4096
_VALID = re.compile(r"[\w.+*/:@-]+")


class TagOperation(Operation):
    def prepare(self) -> None:
        kind, name = self.input["kind"], self.get("name", "")
        find: Any = {
            "instance": self.instance,
            "node": self.node,
            "nodegroup": self.group,
            "network": self.network,
        }
        self.tagged: Any = self.config if kind == "cluster" else find[kind](name)
        for tag in self.input["tags"]:
            if not tag or len(tag) > MAX_LENGTH:
                raise OperationFailed(
                    "TagError", f"Tag is too short or too long (maximum {MAX_LENGTH} characters)"
                )
            if _VALID.fullmatch(tag) is None:
                raise OperationFailed("TagError", "Tag contains invalid characters")

    def finish(self, tags: set[str]) -> None:
        if tags == set(self.tagged.tags):
            return
        self.tagged.tags = sorted(tags)
        if self.tagged is not self.config:
            self.tagged.touch(self.cluster.now())


@opcode("OP_TAGS_SET")
class SetTags(TagOperation):
    def check(self) -> None:
        if len({*self.tagged.tags, *self.input["tags"]}) > MAX_TAGS:
            raise OperationFailed("TagError", f"Too many tags: maximum {MAX_TAGS}")

    def execute(self) -> Steps:
        self.finish({*self.tagged.tags, *self.input["tags"]})
        return
        yield


@opcode("OP_TAGS_DEL")
class DeleteTags(TagOperation):
    def check(self) -> None:
        missing = sorted(set(self.input["tags"]) - set(self.tagged.tags))
        if missing:
            names = ", ".join(f"'{tag}'" for tag in missing)
            raise prereq(f"Tag(s) {names} not found", "unknown_entity")

    def execute(self) -> Steps:
        self.finish(set(self.tagged.tags) - set(self.input["tags"]))
        return
        yield
