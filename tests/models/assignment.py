"""Which variables surely have a value where: definite assignment over a process model.

A name that is unknown when an expression is evaluated stops the matter with an incident. So it is worked out, for
every node, which names all ways from the start have produced; only these may be read there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from engine.expressions import Expression, Expressions
from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from tests.models.contracts import ENGINE, MESSAGES, Names
from tests.models.source import MODELS, find, form, functions, registry, tree

NOTHING: Names = frozenset()
Reading = tuple[str, str, Names, Names]
"""Element id, text, names read, names that surely exist."""


def readings(model: ProcessModel) -> Iterator[Reading]:
    """Everything the process evaluates, with what it may count on."""
    known = _Assignment(model)
    for node in model.nodes.values():
        yield from _of_node(known, node)
    for flow in model.flows.values():
        if flow.condition is not None:
            yield flow.id, flow.condition.text, flow.condition.names, known.after[flow.source]


def known_at_tasks(model: ProcessModel) -> dict[str, Names]:
    """User task id → the names that surely exist while it is open."""
    known = _Assignment(model)
    return {node.id: known.inside(node) for node in model.nodes.values() if node.type is NodeType.USER_TASK}


def surely_submitted(form_id: str) -> Names:
    """The fields a form hands in whatever is answered: neither locked nor hidden by a condition."""
    return frozenset(
        one.get("key") or one["path"]
        for one in form(form_id)["components"]
        if ("key" in one or "path" in one) and "conditional" not in one and not one.get("readonly")
    )


def decision_inputs(decision_id: str) -> Iterator[Expression]:
    """The input expressions of a table."""
    [file] = MODELS.rglob(f"{decision_id}.dmn")
    for text in find(tree(file), "//dmn:inputExpression/dmn:text"):
        yield Expressions(functions()).parse(f"={text.text}")


class _Assignment:
    """The fixed point: ``before`` and ``after`` of each node are the names that surely exist there."""

    def __init__(self, model: ProcessModel) -> None:
        self.model = model
        everything = (
            frozenset(name for node in model.nodes.values() for name in self._all_names(node)) | ENGINE
        )
        self.before: dict[str, Names] = dict.fromkeys(model.nodes, everything)
        self.after: dict[str, Names] = dict.fromkeys(model.nodes, everything)
        while self._narrow():
            pass

    def inside(self, node: Node) -> Names:
        """What exists while the node is active: its own local variables too."""
        return self.begun(node) | {mapping.target for mapping in node.inputs}

    def begun(self, node: Node) -> Names:
        """What exists when the node, or one iteration of it, begins: what its input mappings may read."""
        element = {node.loop.element} if node.loop and node.loop.element else set()
        return self.before[node.id] | element

    def results(self, node: Node) -> Names:
        """What the node's work yields, before output mappings."""
        if node.type is NodeType.USER_TASK and node.form_id and "gov.kind" not in node.headers:
            return surely_submitted(node.form_id)
        if node.event is not None and node.event.kind is EventKind.MESSAGE and not node.job_type:
            return MESSAGES.get(node.event.name, NOTHING)
        if node.job_type is not None:
            return frozenset(registry().writes(node.job_type))
        return frozenset({node.result_variable}) if node.result_variable else NOTHING

    def at_ends(self, sub_process: Node) -> Names:
        """What exists wherever a sub-process may end."""
        ends = (
            n.id for n in self.model.nodes.values() if n.scope == sub_process.id and n.type is NodeType.END
        )
        return _meet(self.after[end] for end in ends)

    def _narrow(self) -> bool:
        changed = False
        for node in self.model.nodes.values():
            before = self._before(node)
            after = before | self._produced(node)
            changed |= (before, after) != (self.before[node.id], self.after[node.id])
            self.before[node.id], self.after[node.id] = before, after
        return changed

    def _before(self, node: Node) -> Names:
        if node.attached_to is not None:
            return self.before[node.attached_to]
        incoming = [self.after[flow.source] for flow in self.model.incoming(node.id)]
        if incoming:
            joins_all = node.type is NodeType.PARALLEL
            return frozenset().union(*incoming) if joins_all else _meet(incoming)
        scope = self.model.nodes.get(node.scope)
        if scope is None or scope.triggered_by_event:
            return ENGINE
        return self.inside(scope)

    def _produced(self, node: Node) -> Names:
        if node.loop is not None:
            return frozenset({node.loop.output_collection}) if node.loop.output_collection else NOTHING
        return frozenset(mapping.target for mapping in node.outputs) or self.results(node)

    def _all_names(self, node: Node) -> Iterable[str]:
        element = [node.loop.element] if node.loop and node.loop.element else []
        mapped = [mapping.target for mapping in (*node.inputs, *node.outputs)]
        return [*self._produced(node), *self.results(node), *mapped, *element]


def _meet(sets: Iterable[Names]) -> Names:
    found = list(sets)
    return reduce(frozenset.__and__, found) if found else NOTHING


def _of_node(known: _Assignment, node: Node) -> Iterator[Reading]:
    before, inside = known.before[node.id], known.inside(node)
    done = inside | known.results(node)
    host = known.model.nodes.get(node.attached_to or "")
    yield from _texts(node, known.begun(node), (mapping.source for mapping in node.inputs))
    yield from _texts(node, inside, _own(node))
    yield from _texts(node, done, (mapping.source for mapping in node.outputs))
    if node.event is not None:
        waiting = inside if host is None else known.inside(host)
        yield from _texts(node, waiting, (node.event.expression, node.event.correlation_key))
    if node.job_type is not None:
        yield node.id, node.job_type, frozenset(registry().reads(node.job_type)), inside
    if node.decision_id is not None:
        yield from _texts(node, inside, decision_inputs(node.decision_id))
    if node.loop is not None:
        yield from _texts(node, before, (node.loop.collection,))
        ended = known.at_ends(node) if node.is_scope else done
        yield from _texts(node, ended, (node.loop.output_element, node.loop.completion))


def _own(node: Node) -> Iterator[Expression | None]:
    """Assignment, schedule, script and task headers."""
    if node.assignment is not None:
        yield from (
            node.assignment.assignee,
            node.assignment.candidate_groups,
            node.assignment.candidate_users,
        )
    yield from (node.due_date, node.priority, node.script)
    yield from (Expressions(functions()).parse(text) for text in node.headers.values())


def _texts(node: Node, known: Names, expressions: Iterable[Expression | None]) -> Iterator[Reading]:
    for expression in expressions:
        if expression is not None:
            yield node.id, expression.text, expression.names, known
