from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from ganeti_webmgr.live.models import Notice

if TYPE_CHECKING:
    from datetime import datetime

PATIENCE_S = 120.0
MOST_GAPS = 100


class Cursor:
    """Reads every notice once, those that are committed late as well.

    PostgreSQL hands out an id when a row is written and shows the row when it is committed, so 12 may be
    seen before 11. Ids that were skipped are looked for until the patience ends: by then their transaction
    has been rolled back.
    """

    def __init__(self, *, since: datetime) -> None:
        """A cursor that stands before the first notice written since then."""
        before = Notice.objects.filter(created_at__lt=since).aggregate(last=Max("pk"))
        self.position: int = before["last"] or 0
        self._gaps: list[tuple[range, float]] = []

    def read(self) -> list[str]:
        """The topics of the notices that have appeared since the last call."""
        now = time.monotonic()
        self._gaps = [gap for gap in self._gaps if gap[1] > now][-MOST_GAPS:]
        unseen = Q(pk__gt=self.position)
        for ids, _ in self._gaps:
            unseen |= Q(pk__range=(ids[0], ids[-1]))
        rows = list(Notice.objects.filter(unseen).order_by("pk").values_list("pk", "topic"))
        for pk, _ in rows:
            self._pass(pk, until=now + PATIENCE_S)
        return [topic for _, topic in rows]

    def _pass(self, pk: int, *, until: float) -> None:
        if pk > self.position:
            skipped = range(self.position + 1, pk)
            self.position = pk
            if skipped:
                self._gaps.append((skipped, until))
            return
        self._gaps = [
            (part, end)
            for ids, end in self._gaps
            for part in ((range(ids.start, pk), range(pk + 1, ids.stop)) if pk in ids else (ids,))
            if part
        ]
