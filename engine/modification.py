"""Moving the tokens of a running matter by hand: beginning elements, ending others, in one transaction.

For administrators, when a matter has to go another way than its model foresaw. Whoever calls decides first
whether the actor may; the matter's history keeps what was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import incidents
from engine.errors import ModelFault, NotFound, Refusal
from engine.interpreter import behaviors, triggers
from engine.interpreter.elements import BODY, ENTER, ITERATION, PROCESS, Element
from engine.interpreter.model import Node, NodeType
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

NOT_BEGUN = (NodeType.START, NodeType.BOUNDARY)
"""Nodes that begin by an event of their own, never by hand."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Put a token before an element.

    ``ancestor`` is the key of the element instance it shall lie in, needed where several would do. ``variables``
    are pairs of a scope's element id (empty: the matter itself) and the variables to set there beforehand.
    """

    element_id: str
    ancestor: int | None = None
    variables: Sequence[tuple[str, Mapping[str, Any]]] = ()


@dataclass(frozen=True, slots=True)
class End:
    """Take an active element away: one by its key, or all of an id."""

    key: int | None = None
    element_id: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """End elements and begin another once for each of them, in the scope it shares with them."""

    source: End
    target: Begin


@dataclass(frozen=True, slots=True)
class Outlook:
    """What instructions would lead to: ids of the elements where tokens are before and after, the names of the tasks
    that would open and be withdrawn, the state of the matter, and what would go wrong (sentences).
    """

    before: Sequence[str]
    after: Sequence[str]
    opened: Sequence[str]
    withdrawn: Sequence[str]
    state: str
    incidents: Sequence[str]


@dataclass
class _Done:
    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


def modify(work: Work, key: int, *, begin: Sequence[Begin], move: Sequence[Move], end: Sequence[End]) -> None:
    """Apply all instructions or none; tokens are begun before others end, so that no scope runs dry meanwhile.

    A scope left without tokens ends, the matter too. Raises :class:`NotFound` for elements that are not there
    and :class:`~engine.errors.Refusal` for what cannot be done.
    """
    execution = work.execution(key)
    execution.require_active()
    done = _Done()
    moved = [(one, source) for one in move for source in _active(execution, one.source)]
    ended = [element for one in end for element in _active(execution, one)]
    try:
        for instruction in begin:
            _begin(execution, instruction, None, done)
        for one, source in moved:
            _begin(execution, one.target, source, done)
    except ModelFault as fault:
        raise Refusal(str(fault)) from fault
    for element in [*(source for _, source in moved), *ended]:
        _end(execution, element, done)
    told = {"begun": done.begun, "ended": done.ended}
    execution.record("INSTANCE_MODIFIED", execution.model.process_id, told)
    work.settle()


def preview(
    work: Work, key: int, *, begin: Sequence[Begin], move: Sequence[Move], end: Sequence[End]
) -> Outlook:
    """What :func:`modify` would do with the same instructions: it is done, looked at, and taken back.

    Refuses what would be refused. Everything counts that the engine would do by itself afterwards.
    """
    before, tasks, known = _standing(work, key), _open_tasks(work, key), _stuck(work, key)
    with work.rehearsal():
        modify(work, key, begin=begin, move=move, end=end)
        left, stuck = _open_tasks(work, key), _stuck(work, key)
        return Outlook(
            before=before,
            after=_standing(work, key),
            opened=[name for task, name in left.items() if task not in tasks],
            withdrawn=[name for task, name in tasks.items() if task not in left],
            state=work.execution(key).row["state"],
            incidents=[told for one, told in stuck.items() if one not in known],
        )


def _standing(work: Work, key: int) -> list[str]:
    """The ids of the elements where tokens are, once for each."""
    return [element.element_id for element in elements(work.execution(key)) if element.kind != PROCESS]


def _open_tasks(work: Work, key: int) -> dict[int, str]:
    table = tables.user_task
    own = {"community": work.community, "instance_key": key, "state": "CREATED"}
    rows = work.connection.execute(select(table.c.key, table.c.name).filter_by(**own).order_by(table.c.key))
    return {row.key: row.name for row in rows}


def _stuck(work: Work, key: int) -> dict[int, str]:
    return {one.key: one.message for one in incidents.open_incidents(work, key)}


# -- beginning ---------------------------------------------------------------------------------------


def _begin(execution: Execution, instruction: Begin, source: Element | None, done: _Done) -> None:
    node = execution.model.nodes.get(instruction.element_id)
    if node is None:
        raise Refusal(f"流程里没有元素“{instruction.element_id}”。")
    if node.type in NOT_BEGUN or node.triggered_by_event:
        raise Refusal(f"“{node.name}”由事件触发，不能直接开始。")
    scope = _scope(execution, node, instruction.ancestor, source)
    token = execution.elements.create(node.id, scope)
    for scope_id, variables in instruction.variables:
        execution.scopes.set_local(_named(execution, token, scope_id), variables)
    execution.queue(ENTER, token)
    done.begun.append(node.id)


def _named(execution: Execution, token: Element, scope_id: str) -> Element:
    """The scope of this id that the token lies in; the matter itself for an empty one."""
    chain = execution.elements.chain(token)
    if not scope_id:
        return chain[-1]
    found = next((scope for scope in chain if scope.element_id == scope_id and scope.kind != BODY), None)
    if found is None:
        raise Refusal(f"要写变量的范围“{scope_id}”不在“{token.element_id}”的外面。")
    return found


def _scope(execution: Execution, node: Node, ancestor: int | None, source: Element | None) -> Element:
    """The active scope a node lies in: the one named, the one shared with ``source``, or the only one there is."""
    around = _around(execution, ancestor, source)
    shared = next((e for e in around if e.element_id == node.scope and e.kind != BODY), None)
    if shared is not None:
        return shared
    active = [e for e in _all(execution, node.scope) if e.kind != BODY]
    if len(active) == 1 and ancestor is None:
        return active[0]
    if active:
        raise Refusal(
            f"“{node.name}”所在的范围同时有 {len(active)} 个，请用 ancestorElementInstanceKey 指明哪一个。"
        )
    return _begin_scope(execution, execution.model.nodes[node.scope], ancestor, source)


def _around(execution: Execution, ancestor: int | None, source: Element | None) -> list[Element]:
    if ancestor is None:
        return [] if source is None else execution.elements.chain(source)
    element = execution.elements.get(ancestor)
    if element is None or execution.elements.chain(element)[-1].key != execution.key:
        raise NotFound("元素")
    return execution.elements.chain(element)


def _begin_scope(execution: Execution, node: Node, ancestor: int | None, source: Element | None) -> Element:
    """Begin a sub-process without its start event, for a token to be put into it."""
    if node.loop is not None or node.triggered_by_event:
        raise Refusal(f"“{node.name}”没有在进行，它不能从中间开始，请从它本身开始。")
    element = execution.elements.create(node.id, _scope(execution, node, ancestor, source))
    execution.record("ELEMENT_ENTERED", node.id)
    behaviors.apply_inputs(execution, element, node)
    triggers.listen_at_boundary(execution, element, node)
    triggers.listen_in_scope(execution, element)
    return element


# -- ending ------------------------------------------------------------------------------------------


def _active(execution: Execution, instruction: End) -> list[Element]:
    if instruction.key is None:
        found = [e for e in _all(execution, instruction.element_id) if e.kind != ITERATION]
    else:
        element = execution.elements.get(instruction.key)
        inside = element is not None and execution.elements.chain(element)[-1].key == execution.key
        found = [element] if element is not None and inside else []
    if not found:
        raise NotFound("元素")
    if any(e.kind in (PROCESS, ITERATION) for e in found):
        raise Refusal("整个事项请用终止，多实例请整体结束，不能只结束其中一次。")
    return found


def _end(execution: Execution, element: Element, done: _Done) -> None:
    if execution.elements.get(element.key) is None:
        return  # it ended with a scope around it
    scope = execution.elements.scope(element)
    execution.terminate(element)
    done.ended.append(element.element_id)
    while scope is not None:
        execution.joins.token_left(scope)
        if scope.tokens:
            return
        outer = execution.elements.scope(scope)
        execution.stop() if outer is None else execution.terminate(scope)
        scope = outer


def _all(execution: Execution, element_id: str) -> list[Element]:
    return [element for element in elements(execution) if element.element_id == element_id]


def elements(execution: Execution) -> Iterator[Element]:
    """All active elements of a matter, oldest first."""
    work = execution.work
    work.flush()
    statement = select(tables.element.c.key).filter_by(community=work.community, instance_key=execution.key)
    for key in list(work.connection.execute(statement.order_by(tables.element.c.key)).scalars()):
        element = execution.elements.get(key)
        if element is not None:
            yield element
