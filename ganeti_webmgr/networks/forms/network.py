"""What every form of a network's command has."""

from __future__ import annotations

from typing import Any, ClassVar

from ganeti_webmgr.jobs.forms import CommandForm


class NetworkForm(CommandForm):
    """The parameters of one command; what the command has against them is told at the field that is meant."""

    tells_at: ClassVar[str | None] = None

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if not self.errors and (told := self.command().against(self.on)):
            self.add_error(self.tells_at, told)
        return chosen
