"""Searching, written once: filters, sorting and pages over any select whose columns bear the names of the answer.

A :class:`Search` pairs a select with the answer that shows its rows. What may be filtered and how follows from
the answer's fields; pages are found by keyset, so that rows that come and go between two pages shift nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields
from sqlalchemy import ColumnElement, FromClause, Select, and_, false, func, or_, select, true

from engine.errors import NotFound
from web.api import conditions, paging
from web.api.conditions import Row, Rows
from web.api.fields import TENANT, Answer

if TYPE_CHECKING:
    from engine.runtime import Work

Source = Callable[["Work"], Select[Any]]
Special = Callable[["Work", FromClause, Any], ColumnElement[bool]]
"""A filter that no column stands for: work, the rows, the value asked for."""

Within = Callable[[FromClause], ColumnElement[bool]]
"""Narrows the rows before the caller's filter does."""

COUNTED = 10_000
"""Totals are counted up to here; beyond it the answer says that there are more."""


def _anywhere(rows: FromClause) -> ColumnElement[bool]:
    return true()


@dataclass(frozen=True)
class Search:
    """Rows that can be searched, and read one by one.

    ``hidden`` are fields one may filter by though they are not shown; ``complete`` adds to the rows of one page
    what no column holds.
    """

    source: Source
    answer: type[Answer]
    key: str
    what: str
    hidden: Mapping[str, fields.Field[Any]] = field(default_factory=dict)
    special: Mapping[str, Special] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()
    complete: Callable[[Work, Rows], None] = lambda work, rows: None

    @property
    def filterable(self) -> dict[str, fields.Field[Any]]:
        """The fields of filters, by name."""
        shown = self.answer().fields
        plain = {
            name: shown[name] for name in shown if name not in self.computed and conditions.kind(shown[name])
        }
        return {**plain, **self.hidden}

    def run(self, work: Work, asked: Mapping[str, Any], within: Within = _anywhere) -> dict[str, Any]:
        """One page of what a search body asks for, as the answer shows it; ``within`` narrows it beforehand."""
        rows = self.source(work).subquery("found")
        wanted = and_(within(rows), self._filter(work, rows, _given(asked)))
        total = _count(work, rows, wanted)
        order = paging.order(rows, self._sort(asked), self.key, self.filterable)
        page = paging.page(asked.get("page") or {}, order)
        found = [dict(row) for row in work.connection.execute(page.select(rows, wanted)).mappings()]
        found = page.in_order(found)
        cursors = [paging.cursor(page.position(row)) for row in found[:1] + found[-1:]]
        self.complete(work, found)
        return {
            "items": [self.shown(row) for row in found],
            "page": {
                "totalItems": min(total, COUNTED),
                "hasMoreTotalItems": total > COUNTED,
                "startCursor": cursors[0] if cursors else None,
                "endCursor": cursors[-1] if cursors else None,
            },
        }

    def row(self, work: Work, key: int | str) -> Row:
        """The row with this key; :class:`NotFound` when there is none for the one who asks."""
        rows = self.source(work).subquery("found")
        statement = select(rows).where(rows.c[self.key] == key)
        found = [dict(row) for row in work.connection.execute(statement).mappings()]
        if not found:
            raise NotFound(self.what)
        self.complete(work, found)
        return found[0]

    def shown(self, row: Row) -> dict[str, Any]:
        """A row as the answer shows it."""
        shown: dict[str, Any] = self.answer().dump(row)
        return shown

    def _sort(self, asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        sort: list[Mapping[str, Any]] = asked.get("sort") or []
        for item in sort:
            if item["field"] not in self.filterable:
                raise paging.invalid(f"sort.{item['field']}", _("不支持按这个字段排序。"))
        return sort

    def _filter(self, work: Work, rows: FromClause, given: Mapping[str, Any]) -> ColumnElement[bool]:
        if not isinstance(given, Mapping):
            raise paging.invalid("filter", _("应为 JSON 对象。"))
        parts = [self._part(work, rows, name, value) for name, value in given.items() if value is not None]
        return and_(true(), *parts)

    def _part(self, work: Work, rows: FromClause, name: str, value: Any) -> ColumnElement[bool]:
        try:
            if name == "$or":
                return or_(false(), *(self._filter(work, rows, branch) for branch in _branches(value)))
            if name == "tenantId":
                return conditions.constant(TENANT, value)
            if name in self.special:
                return self.special[name](work, rows, value)
            if name in self.filterable:
                return conditions.condition(rows.c[name], self.filterable[name], value)
        except ValidationError as fault:
            raise paging.invalid(f"filter.{name}", " ".join(map(str, fault.messages))) from fault
        raise paging.invalid(f"filter.{name}", _("不支持按这个字段筛选。"))


def _given(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    given = asked.get("filter")
    return {} if given is None else given


def _count(work: Work, rows: FromClause, wanted: ColumnElement[bool]) -> int:
    counted = select(rows.c[0]).where(wanted).limit(COUNTED + 1).subquery()
    return int(work.connection.execute(select(func.count()).select_from(counted)).scalar_one())


def _branches(value: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or len(value) > conditions.MAX_VALUES:
        raise ValidationError(_("应为条件的列表。"))
    return value
