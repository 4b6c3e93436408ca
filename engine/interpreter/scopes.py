"""The variables of one running matter, by scope, read when needed, written as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from engine import values
from engine.interpreter.elements import BODY, ITERATION, Element
from engine.store import tables
from engine.store.statements import Query, numbered, one_of

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

Texts = dict[str, str]
"""Variables of one scope as JSON texts."""


class Variables(Mapping[str, Any]):
    """A view of scopes, innermost first; each value is read from its text when it is asked for."""

    __slots__ = ("_scopes",)

    def __init__(self, scopes: Sequence[Mapping[str, str]]) -> None:
        self._scopes = scopes

    def __getitem__(self, name: str) -> Any:
        for scope in self._scopes:
            if name in scope:
                return values.load(scope[name])
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in scope for scope in self._scopes)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for scope in self._scopes for name in scope))

    def __len__(self) -> int:
        return len({name for scope in self._scopes for name in scope})

    def __or__(self, other: Mapping[str, Any]) -> Variables:
        """The same with other values in front."""
        return Variables([{name: values.dump(value) for name, value in other.items()}, *self._scopes])


class Scopes:
    """Variables by scope: seen by everything inside, written to the nearest scope that has them.

    They are kept as the text they are stored as and read anew each time, so that nobody can change a value
    by changing what they were given, and a long list costs nothing to those who do not look at it.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._loaded: dict[int, Texts] = {}
        self.touched: set[int] = set()

    def take_touched(self) -> set[int]:
        """The scopes whose variables changed since this was last asked."""
        touched, self.touched = self.touched, set()
        return touched

    def begin(self, element: Element) -> None:
        """A new element has no variables yet: nothing to read."""
        self._loaded[element.key] = {}

    def know(self, scopes: Iterable[int], rows: Iterable[tuple[int, str, str]]) -> None:
        """Remember all variables of these scopes, just read, unless something newer is known of them already."""
        new: dict[int, Texts] = {key: {} for key in scopes if key not in self._loaded}
        for scope_key, name, text in rows:
            if scope_key in new:
                new[scope_key][name] = text
        self._loaded |= new

    def visible(self, element: Element | None) -> Variables:
        """All variables an expression at this element can read; inner scopes hide outer ones."""
        return Variables(self._chain(element))

    def local(self, element: Element) -> Variables:
        """The variables that belong to this very element."""
        self._load([element.key])
        return Variables([self._loaded[element.key]])

    def set_local(self, element: Element, variables: Mapping[str, Any]) -> None:
        """Create or replace variables in this element's own scope."""
        self._load([element.key])
        own, work = self._loaded[element.key], self._execution.work
        changed = {}
        for name, value in variables.items():
            text = values.dump(value)
            if own.get(name) == text:
                continue
            work.budget.write(name, text)
            changed[name] = value
            key = {"community": work.community, "scope_key": element.key, "name": name}
            if name in own:
                work.changes.update(tables.variable, key, {"value": text})
            else:
                row = {"key": work.engine.keys.next(), "instance_key": self._execution.key, "value": text}
                work.changes.insert(tables.variable, key | row)
            own[name] = text
        if changed:
            self.touched.add(element.key)
            self._execution.record("VARIABLES_CHANGED", element.element_id, secret=changed)

    def propagate(self, element: Element, variables: Mapping[str, Any]) -> None:
        """Write each variable where it lives: the nearest scope that has it, else the outermost reachable.

        What an iteration of a multi-instance writes without an output mapping stays in the iteration, so that
        eight members answering at once do not overwrite one another.
        """
        chain = self._execution.elements.chain(element)
        iteration = next((i for i, scope in enumerate(chain) if scope.kind == ITERATION), None)
        reach = chain if iteration is None else chain[: iteration + 1]
        self._write(reach, variables)

    def publish(self, element: Element, variables: Mapping[str, Any]) -> None:
        """Write what an output mapping names into the scopes around the element, as far as the iteration it is in."""
        around = [s for s in self._execution.elements.chain(element)[1:] if s.kind != BODY]
        iteration = next((i for i, scope in enumerate(around) if scope.kind == ITERATION), len(around))
        self._write(around[: iteration + 1], variables)

    def drop(self, element: Element) -> None:
        """Forget the variables of an element that ended."""
        work = self._execution.work
        key = {"community": work.community, "scope_key": element.key}
        known = self._loaded.pop(element.key, None)
        if known is None:
            work.changes.purge(tables.variable, key)
        for name in known or ():
            work.changes.delete(tables.variable, key | {"name": name})

    def _write(self, reach: list[Element], variables: Mapping[str, Any]) -> None:
        self._load([scope.key for scope in reach])
        by_scope: dict[int, dict[str, Any]] = {}
        for name, value in variables.items():
            home = next((s for s in reach if name in self._loaded[s.key]), reach[-1])
            by_scope.setdefault(home.key, {})[name] = value
        for scope in reach:
            if scope.key in by_scope:
                self.set_local(scope, by_scope[scope.key])

    def _chain(self, element: Element | None) -> list[Texts]:
        if element is None:
            return []
        keys = [scope.key for scope in self._execution.elements.chain(element)]
        self._load(keys)
        return [self._loaded[key] for key in keys]

    def _load(self, keys: Iterable[int]) -> None:
        missing = [key for key in keys if key not in self._loaded]
        if missing:
            work = self._execution.work
            values = {"community": work.community, **numbered("scope", missing)}
            self.know(missing, _values(len(missing)).all(work.connection, values))


@cache
def _values(scopes: int) -> Query:
    """The variables of so many scopes."""
    table = tables.variable
    match = (table.c.community == bindparam("community"), one_of(table.c.scope_key, "scope", scopes))
    return Query(select(table.c.scope_key, table.c.name, table.c.value).where(*match))
