"""Questions to the database that are written once: who asks, and when, is filled in each time.

A right reaches an object on a dozen ways. Django takes milliseconds to write that down as SQL, and the same
text serves everybody. Only the text is kept, never an answer.
"""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, QuerySet
from django.utils import timezone

from ganeti_webmgr.accounts.models import User


class Blank(Expression):
    """Stands in a question for what is known only when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    @property
    def pk(self) -> Self:
        """So that it can stand where a person does."""
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


PERSON, MOMENT, TARGET = Blank("person"), Blank("moment"), Blank("target")


class Question(Expression):
    """The SQL of a query, to be asked by itself or to stand in another one as its subquery."""

    def __init__(self, sql: str, params: tuple[Any, ...]) -> None:
        super().__init__()
        self.sql, self.params = sql, params

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Self | None:
        """What the query asks; None where no row can ever answer it."""
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:
            return None
        return cls(sql, tuple(params))

    def filled(self, person: User, *, target: int | None = None) -> Self:
        """The question as that person asks it now."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        known = {PERSON.name: person.pk, MOMENT.name: now, TARGET.name: target}
        return type(self)(
            self.sql, tuple(known[each.name] if isinstance(each, Blank) else each for each in self.params)
        )

    def all(self) -> list[dict[str, Any]]:
        """Every row of the answer by its columns, as the database gives the values."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"({self.sql})", self.params
