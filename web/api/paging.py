"""Order and pages: limit, offset, or the rows after or before a cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from flask_babel import gettext as _
from marshmallow import fields
from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, or_, select

from web.api.conditions import Row, Rows
from web.api.fields import MAX_KEY, Flag, Instant, Key, Text, Whole
from web.api.problems import Problem

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
"""Of rows in one page."""

MAX_SORTS = 10
_DISTANT = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where an instant is missing; whether it is missing is the sort term before it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing rows are ordered by, never null; ``name`` labels it among the columns of a page's rows."""

    name: str
    expression: ColumnElement[Any]
    descending: bool
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of an ordered result: a slice, or what lies beyond a cursor."""

    terms: Sequence[Term]
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    beyond: Sequence[Any] | None = None
    backwards: bool = False

    def select(self, rows: FromClause, wanted: ColumnElement[bool]) -> Select[Any]:
        """The statement that reads the page; backwards it reads from the cursor outwards."""
        columns = [term.expression.label(term.name) for term in self.terms]
        order = [self._directed(term) for term in self.terms]
        statement = (
            select(rows, *columns).where(wanted).order_by(*order).limit(self.limit).offset(self.offset)
        )
        return statement if self.beyond is None else statement.where(self._beyond(self.beyond))

    def in_order(self, found: Rows) -> Rows:
        """The rows as read, in the order asked for."""
        return found[::-1] if self.backwards else found

    def position(self, row: Row) -> list[Any]:
        """Where a row stands, as its cursor tells it."""
        return [_plain(row[term.name]) for term in self.terms]

    def _directed(self, term: Term) -> ColumnElement[Any]:
        return term.expression.desc() if term.descending != self.backwards else term.expression.asc()

    def _beyond(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Rows that come after these values: equal in the first terms, beyond in the next one."""
        pairs = list(zip(self.terms, values, strict=True))
        return or_(
            *(
                and_(*(t.expression == v for t, v in pairs[:n]), self._further(term, value))
                for n, (term, value) in enumerate(pairs)
            )
        )

    def _further(self, term: Term, value: Any) -> ColumnElement[bool]:
        falling = term.descending != self.backwards
        further: ColumnElement[bool] = term.expression < value if falling else term.expression > value
        return further


def order(
    rows: FromClause, sort: Sequence[Mapping[str, Any]], key: str, known: Mapping[str, fields.Field[Any]]
) -> list[Term]:
    """The terms to order by: as asked, then by key, which makes the order total. Missing values come last."""
    asked = {item["field"]: item["order"] == "DESC" for item in sort}
    falling = asked.pop(key, None)
    terms: list[Term] = []
    for name, descending in [*asked.items(), (key, bool(falling))]:
        terms += _terms(rows.c[name], known[name], descending, len(terms))
    return terms


def _terms(column: ColumnElement[Any], of: fields.Field[Any], descending: bool, number: int) -> list[Term]:
    read, neutral = _NEUTRAL[type(of)]
    if not of.allow_none:
        return [Term(f"sort_{number}", column, descending, read)]
    missing = case((column.is_(None), 1), else_=0)
    present = func.coalesce(column, literal(neutral, column.type))
    return [
        Term(f"sort_{number}", missing, descending, _integer),
        Term(f"sort_{number + 1}", present, descending, read),
    ]


def page(asked: Mapping[str, Any], terms: Sequence[Term]) -> Page:
    """The page a search body asks for."""
    limit = asked.get("limit", DEFAULT_LIMIT)
    cursor = asked.get("after") or asked.get("before")
    if cursor is None:
        return Page(terms, limit, asked.get("from_", 0))
    values = [term.read(value) for term, value in zip(terms, read_cursor(cursor, len(terms)), strict=True)]
    return Page(terms, limit, beyond=values, backwards=not asked.get("after"))


# -- cursors -----------------------------------------------------------------------------------------


def cursor(position: Sequence[Any]) -> str:
    """A position as an opaque text: standard base64, as clients check."""
    return base64.b64encode(orjson.dumps(list(position))).decode()


def read_cursor(text: Any, count: int) -> list[Any]:
    """The position a cursor stands for; 400 when it is not one of ours."""
    try:
        values = orjson.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, TypeError):
        values = None
    if not isinstance(values, list) or len(values) != count:
        raise _foreign()
    return values


def invalid(where: str, why: str) -> Problem:
    """A search that cannot be understood."""
    return Problem(400, f"{where}：{why}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _foreign() -> Problem:
    return invalid("page", _("游标无效，请从第一页重新开始。"))


def _integer(value: Any) -> int:
    if not isinstance(value, int) or abs(value) > MAX_KEY:
        raise _foreign()
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise _foreign()
    return value


def _instant(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise _foreign() from fault


_NEUTRAL: Mapping[type[fields.Field[Any]], tuple[Callable[[Any], Any], Any]] = {
    Key: (_integer, 0),
    Whole: (_integer, 0),
    Text: (_text, ""),
    Instant: (_instant, _DISTANT),
    Flag: (bool, False),
}
