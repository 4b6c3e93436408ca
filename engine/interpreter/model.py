"""A process as the engine runs it: immutable, shared by all instances of one version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from engine.declarations import Names
from engine.expressions import Expression

T = TypeVar("T")


class NodeType(StrEnum):
    """The BPMN flow nodes the engine runs, by their tag."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    USER_TASK = "userTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    MANUAL_TASK = "manualTask"
    TASK = "task"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    SUB_PROCESS = "subProcess"
    CALL_ACTIVITY = "callActivity"


class EventKind(StrEnum):
    """What an event waits for or throws."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    CONDITIONAL = "conditional"
    ERROR = "error"
    ESCALATION = "escalation"
    LINK = "link"
    TERMINATE = "terminate"


class Binding(StrEnum):
    """Which version of a process a call activity calls."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION_TAG = "versionTag"


class TimerKind(StrEnum):
    """How a timer's expression is meant: an instant, a wait, or a repetition."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Event:
    """An event definition.

    ``name`` is the message or signal name, the error or escalation code, the link name; ``expression`` the
    time of a timer or the condition of a conditional event.
    """

    kind: EventKind
    name: str = ""
    correlation_key: Expression | None = None
    timer: TimerKind | None = None
    expression: Expression | None = None
    payload: Names = field(default_factory=dict)  # what it declares to bring


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` is ``None`` where the token always passes."""

    id: str
    source: str
    target: str
    condition: Expression | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class IoMapping:
    """One input or output mapping: the value of ``source`` becomes the variable ``target``."""

    source: Expression
    target: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who may do a user task. Each value is a literal (comma-separated) or an expression."""

    assignee: Expression | None = None
    candidate_groups: Expression | None = None
    candidate_users: Expression | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity calls, and whether all variables go in and come back."""

    process_id: Expression
    binding: Binding = Binding.LATEST
    version_tag: str = ""
    takes_all: bool = True
    returns_all: bool = True


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance: one iteration per item of a collection, all at once or one after the other."""

    sequential: bool
    collection: Expression
    element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    completion: Expression | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node with everything its behaviour needs."""

    id: str
    name: str
    type: NodeType
    scope: str  # id of the process or sub-process it lies in
    lane: str = ""
    documentation: str = ""
    event: Event | None = None
    attached_to: str | None = None
    interrupting: bool = True
    default_flow: str | None = None
    triggered_by_event: bool = False  # event sub-process
    assignment: Assignment | None = None
    form_id: str | None = None
    due_date: Expression | None = None
    priority: Expression | None = None
    job_type: str | None = None
    retries: Expression | None = None  # how often the job is tried in all
    decision_id: str | None = None
    call: Call | None = None
    script: Expression | None = None
    result_variable: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    loop: Loop | None = None
    declared: Names = field(default_factory=dict)  # further variables its work yields, so says the model

    @property
    def is_external(self) -> bool:
        """Whether a service task is done by a program outside: ``gov.worker=external`` among its headers."""
        return self.headers.get("gov.worker") == "external"

    @property
    def is_scope(self) -> bool:
        return self.type is NodeType.SUB_PROCESS


@dataclass(frozen=True)
class ProcessModel:
    """One version of a process definition, read once."""

    process_id: str
    name: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    documentation: str = ""
    version_tag: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: Names = field(default_factory=dict)  # what a matter may be given when it begins
    lanes: Mapping[str, str] = field(default_factory=dict)  # id -> name

    def outgoing(self, node_id: str) -> tuple[Flow, ...]:
        """The flows that leave a node, in document order."""
        return self._outgoing.get(node_id, ())

    def incoming(self, node_id: str) -> tuple[Flow, ...]:
        return self._incoming.get(node_id, ())

    def boundary_events(self, node_id: str) -> tuple[Node, ...]:
        return self._boundary.get(node_id, ())

    def start(self, scope: str) -> Node:
        """The none start event of a scope; of an event sub-process its only start event."""
        starts = self._starts.get(scope, ())
        none = [node for node in starts if node.event is None or node.event.kind is EventKind.NONE]
        return (none or list(starts))[0]

    def start_events(self, scope: str) -> tuple[Node, ...]:
        return self._starts.get(scope, ())

    def name_of(self, element_id: str) -> str:
        """What a node, flow or lane is called in the drawing; empty when nobody gave it a name."""
        if element_id == self.process_id:
            return self.name if self.name != element_id else ""
        drawn = self.nodes.get(element_id) or self.flows.get(element_id)
        name = self.lanes.get(element_id, "") if drawn is None else drawn.name
        return name if name != element_id else ""  # a node without a name goes by its id

    def tag(self, element_id: str) -> str:
        """The BPMN tag of an element, the process included; ``eventSubProcess`` for those, which share theirs."""
        node = self.nodes.get(element_id)
        if node is None:
            return "process"
        return "eventSubProcess" if node.triggered_by_event else node.type.value

    def event_sub_processes(self, scope: str) -> tuple[Node, ...]:
        return self._event_sub_processes.get(scope, ())

    def link_target(self, scope: str, name: str) -> Node:
        """The catching link event of this name in the scope."""
        return next(
            node
            for node in self.nodes.values()
            if node.scope == scope and node.type is NodeType.CATCH and node.event and node.event.name == name
        )

    @cached_property
    def side_ends(self) -> frozenset[str]:
        """End events only a non-interrupting event leads to: they end a reminder, not the matter."""
        beside = [
            n for n in self.nodes.values() if not n.interrupting and (n.attached_to or self._starts_beside(n))
        ]
        main = [
            n
            for n in self.nodes.values()
            if n.type in (NodeType.START, NodeType.BOUNDARY) and n not in beside
        ]
        ends = {n.id for n in self.nodes.values() if n.type is NodeType.END}
        through = {node.id: self._along_flows(node.id) for node in (*beside, *main)}
        reached = frozenset().union(*(through[n.id] for n in main))
        return frozenset().union(*(through[n.id] for n in beside)) & ends - reached

    def _starts_beside(self, node: Node) -> bool:
        return (
            node.type is NodeType.START
            and node.scope in self.nodes
            and self.nodes[node.scope].triggered_by_event
        )

    def _along_flows(self, start: str) -> frozenset[str]:
        direct = {node_id: {flow.target for flow in self.outgoing(node_id)} for node_id in self.nodes}
        return _closure(start, direct)

    @cached_property
    def inclusive_gateways(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes.values() if node.type is NodeType.INCLUSIVE)

    @cached_property
    def has_conditions(self) -> bool:
        """Whether any event waits for a condition."""
        return any(n.event and n.event.kind is EventKind.CONDITIONAL for n in self.nodes.values())

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Flow, ...]]:
        return _grouped((flow.source, flow) for flow in self.flows.values())

    @cached_property
    def _incoming(self) -> dict[str, tuple[Flow, ...]]:
        return _grouped((flow.target, flow) for flow in self.flows.values())

    @cached_property
    def _boundary(self) -> dict[str, tuple[Node, ...]]:
        return _grouped((n.attached_to, n) for n in self.nodes.values() if n.attached_to)

    @cached_property
    def _starts(self) -> dict[str, tuple[Node, ...]]:
        return _grouped((n.scope, n) for n in self.nodes.values() if n.type is NodeType.START)

    @cached_property
    def _event_sub_processes(self) -> dict[str, tuple[Node, ...]]:
        return _grouped((n.scope, n) for n in self.nodes.values() if n.triggered_by_event)

    @cached_property
    def reachable(self) -> dict[str, frozenset[str]]:
        """For each node, the nodes a token leaving it can come to (inclusive joins wait by this)."""
        direct: dict[str, set[str]] = {node_id: set() for node_id in self.nodes}
        for flow in self.flows.values():
            direct[flow.source].add(flow.target)
        for node in self.nodes.values():
            if node.attached_to:
                direct[node.attached_to].add(node.id)
            if node.type is NodeType.THROW and node.event and node.event.kind is EventKind.LINK:
                direct[node.id].add(self.link_target(node.scope, node.event.name).id)
        return {node_id: _closure(node_id, direct) for node_id in self.nodes}


def _closure(start: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(direct[start])
    while waiting:
        node_id = waiting.pop()
        if node_id not in seen:
            seen.add(node_id)
            waiting.extend(direct[node_id])
    return frozenset(seen)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
