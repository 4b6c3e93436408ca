"""Every name is known where it is read, and of a type that can work there.

A misspelt name would stop a matter with an incident on the night of the vote, so it is refused before. What comes
from outside the model has to be declared: ``gov.outputs`` of a task, ``gov.payload`` of a message,
``gov.inputs`` of the process; what handlers and forms write is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.declarations import NO_NAMES, Names
from engine.expressions import Expression, ExpressionFault
from engine.feel.checker import likely
from engine.feel.types import ANY, BOOLEAN, NUMBER, STRING
from engine.interpreter.model import EventKind, IoMapping, Node, NodeType, ProcessModel
from engine.lint.ground import Ground
from engine.lint.production import COUNTS, Production

Complaints = Iterator[tuple[str, str]]

DECLARED = "（消息 gov.payload、任务 gov.outputs、流程 gov.inputs）"

_SENDING = (NodeType.THROW, NodeType.END, NodeType.SEND_TASK)
_SENT_BY = ("correlationKey", "messageId", "timeToLive")
_CLASHING = frozenset({BOOLEAN, NUMBER, STRING})


def check(model: ProcessModel, ground: Ground) -> Complaints:
    reading = _Reading(model, ground)
    for node in model.nodes.values():
        yield from reading.node(node)
    for flow in model.flows.values():
        if flow.condition is not None:
            yield from reading.texts(flow.id, [flow.condition], reading.made.after(model.nodes[flow.source]))
    title = model.properties.get("gov.title")
    if title is not None:
        yield from reading.names(
            model.process_id, "标题变量 gov.title ", {title: ANY}, reading.made.everything
        )


class _Reading:
    """What each element reads, held against what exists there."""

    def __init__(self, model: ProcessModel, ground: Ground) -> None:
        self.made = Production(model, ground)
        self._model = model
        self._ground = ground

    def node(self, node: Node) -> Complaints:
        before, inside = self.made.before(node), self.made.inside(node)
        done = self.made.done(node)
        yield from self._mapped(node, node.inputs, {**before, **_element(node)})
        yield from self.texts(node.id, _own(node), inside)
        yield from self._event(node, inside)
        yield from self._headers(node, inside)
        yield from self._work(node, inside)
        yield from self._mapped(node, node.outputs, done)
        if node.loop is not None:
            yield from self.texts(node.id, [node.loop.collection], before)
            yield from self.texts(node.id, [node.loop.output_element], done)
            yield from self.texts(node.id, [node.loop.completion], {**done, **COUNTS})

    def _mapped(self, node: Node, mappings: Iterable[IoMapping], known: Names) -> Complaints:
        """Mappings are worked out in order, each after those before it."""
        for mapping in mappings:
            yield from self.texts(node.id, [mapping.source], known)
            known = {**known, mapping.target: mapping.source.type(known)}

    def _event(self, node: Node, inside: Names) -> Complaints:
        event, host = node.event, self._model.nodes.get(node.attached_to or "")
        if event is None or node.type in _SENDING:
            return
        scope = self._model.nodes.get(node.scope)
        if host is not None:
            inside = self.made.inside(host)
        elif node.type is NodeType.START and event.kind is not EventKind.CONDITIONAL and scope is not None:
            inside = self.made.beginning(scope.scope)
        yield from self.texts(node.id, [event.expression, event.correlation_key], inside)

    def _headers(self, node: Node, inside: Names) -> Complaints:
        """A message that is sent has expressions among its task headers."""
        if node.type not in _SENDING:
            return
        for header in _SENT_BY:
            try:
                yield from self.texts(
                    node.id, [self._ground.expression(node.headers.get(header, ""))], inside
                )
            except ExpressionFault as fault:
                yield node.id, f"任务头 {header} 读不懂：{fault}"

    def _work(self, node: Node, inside: Names) -> Complaints:
        """What a form, a table or a handler needs besides the expressions of the model."""
        if node.form_id is not None:
            form = dict.fromkeys(self._ground.form_reads(node.form_id), ANY)
            seen = {**inside, **self._ground.task_shows(node.headers)}
            yield from self.names(node.id, f"表单“{node.form_id}”", form, seen)
        if node.decision_id is not None:
            reads = self._ground.decision_reads(node.decision_id)
            yield from self.names(node.id, f"决策表“{node.decision_id}”", reads, inside)
        if node.type is NodeType.SERVICE_TASK:
            reads = self._ground.job_reads(node.job_type or "")
            yield from self.names(node.id, f"服务程序“{node.job_type}”", reads, inside)

    # -- complaining -----------------------------------------------------------------------------------

    def names(self, element: str, reader: str, reads: Names, known: Names) -> Complaints:
        """What a reader needs by name: it exists, and is not of another plain type."""
        for name, wanted in sorted(reads.items()):
            if name not in known:
                yield element, _sentence(f"{reader}要用“{name}”{likely(name, known)}") + self._elsewhere(name)
            elif wanted != known[name] and {wanted, known[name]} <= _CLASHING:
                yield element, f"{reader}要的“{name}”是 {wanted}，这里是 {known[name]}。"

    def texts(self, element: str, texts: Iterable[Expression | None], known: Names) -> Complaints:
        """What can never work in expressions where these variables are known."""
        for text in filter(None, texts):
            for finding in text.check(known):
                why = self._elsewhere(finding.unknown) if finding.unknown else ""
                yield element, _sentence(f"表达式“{text.text}”{finding}") + why

    def _elsewhere(self, name: str) -> str:
        """Where a name that does not exist here does exist."""
        writers = [product.node for product in self.made.products if product.name == name]
        if writers:
            return f"“{name}”由“{writers[0].name}”产生，走到这里时还没有。"
        return f"走到这里之前没有一步产生“{name}”；从流程外面带来的要先声明{DECLARED}。"


def _sentence(text: str) -> str:
    return text if text.endswith("？") else f"{text}。"


def _element(node: Node) -> Names:
    """What an iteration knows of itself."""
    if node.loop is None:
        return NO_NAMES
    return {"loopCounter": NUMBER, **({node.loop.element: ANY} if node.loop.element else {})}


def _own(node: Node) -> Iterator[Expression | None]:
    """Assignment, schedule, script and called process."""
    if node.assignment is not None:
        yield node.assignment.assignee
        yield node.assignment.candidate_groups
        yield node.assignment.candidate_users
    yield from (node.due_date, node.priority, node.script)
    if node.call is not None:
        yield node.call.process_id
