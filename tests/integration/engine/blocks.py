"""Sound models made of blocks: as BPMN for the engine, and as an oracle that says what must be open when.

A block has one way in and one way out. What is open is named by the element and by the numbers of the
multi-instance iterations around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import count, pairwise
from typing import Any, Protocol

from tests.integration.engine.builders import flow, user_task

Place = tuple[str, tuple[int, ...]]
"""A task or a message event, and the iterations it lies in."""

MESSAGES = "guard"
"""Guards are interrupted by messages ``guard…``."""


class State(Protocol):
    """A block on its way; ``None`` in its place means that it is done."""

    def open(self) -> Iterator[Place]:
        """What may happen now."""
        ...

    def happen(self, place: Place) -> State | None:
        """The state after that has happened."""
        ...


class Block(Protocol):
    def begin(self, around: tuple[int, ...]) -> State | None: ...

    def draw(self, paper: Paper) -> tuple[str, str]: ...


@dataclass
class Paper:
    """The XML as it grows."""

    xml: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def node(self, tag: str, kind: str, attributes: str = "", inner: str = "") -> str:
        identity = f"{kind}{next(self.numbers)}"
        self.xml.append(f'<bpmn:{tag} id="{identity}" {attributes}>{inner}</bpmn:{tag}>')
        return identity

    def flow(self, source: str, target: str, condition: str = "") -> str:
        name = f"f{next(self.numbers)}"
        self.xml.append(flow(source, target, condition, name))
        return name

    def script(self, variable: str, expression: str) -> str:
        extension = f'<zeebe:script expression="{expression}" resultVariable="{variable}"/>'
        return self.node(
            "scriptTask", "x", inner=f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"
        )


@dataclass(frozen=True)
class Task:
    """Somebody has to do it."""

    name: str

    def begin(self, around: tuple[int, ...]) -> State | None:
        return Waiting((self.name, around))

    def draw(self, paper: Paper) -> tuple[str, str]:
        paper.xml.append(user_task(self.name))
        return self.name, self.name


@dataclass(frozen=True)
class Waiting:
    place: Place

    def open(self) -> Iterator[Place]:
        yield self.place

    def happen(self, place: Place) -> State | None:
        return None


@dataclass(frozen=True)
class Sequential:
    """One after the other."""

    parts: Sequence[Block]

    def begin(self, around: tuple[int, ...]) -> State | None:
        return _next(self.parts, around)

    def draw(self, paper: Paper) -> tuple[str, str]:
        ends = [part.draw(paper) for part in self.parts]
        for (_, before), (after, _) in pairwise(ends):
            paper.flow(before, after)
        return ends[0][0], ends[-1][1]


@dataclass(frozen=True)
class OneByOne:
    now: State
    rest: Sequence[Block]
    around: tuple[int, ...]

    def open(self) -> Iterator[Place]:
        return self.now.open()

    def happen(self, place: Place) -> State | None:
        after = self.now.happen(place)
        return _next(self.rest, self.around) if after is None else OneByOne(after, self.rest, self.around)


def _next(parts: Sequence[Block], around: tuple[int, ...]) -> State | None:
    for index, part in enumerate(parts):
        state = part.begin(around)
        if state is not None:
            return OneByOne(state, parts[index + 1 :], around)
    return None


@dataclass(frozen=True)
class Beside:
    """States side by side; done when all are."""

    states: tuple[State | None, ...]

    def open(self) -> Iterator[Place]:
        for state in self.states:
            if state is not None:
                yield from state.open()

    def happen(self, place: Place) -> State | None:
        states = tuple(
            state.happen(place) if state is not None and place in state.open() else state
            for state in self.states
        )
        return _beside(states)


def _beside(states: tuple[State | None, ...]) -> State | None:
    return Beside(states) if any(state is not None for state in states) else None


@dataclass(frozen=True)
class Branches:
    """A gateway that takes the chosen branches, and one that brings them together again."""

    gateway: str
    parts: Sequence[Block]
    chosen: frozenset[int]

    def begin(self, around: tuple[int, ...]) -> State | None:
        return _beside(tuple(part.begin(around) for i, part in enumerate(self.parts) if i in self.chosen))

    def draw(self, paper: Paper) -> tuple[str, str]:
        ends = [part.draw(paper) for part in self.parts]
        decides = self.gateway != "parallelGateway"
        split = f"g{next(paper.numbers)}"
        join = paper.node(self.gateway, "j")
        ways = []
        for index, (first, last) in enumerate(ends):
            condition = str(index in self.chosen).lower()
            last_way = index == len(ends) - 1
            ways.append(paper.flow(split, first, f"={condition}" if decides and not last_way else ""))
            paper.flow(last, join)
        if decides and len(ends) - 1 in self.chosen and len(self.chosen) > 1:  # a default is no extra branch
            empty = paper.node("task", "n")
            ways.append(paper.flow(split, empty))
            paper.flow(empty, join)
            paper.xml = [_conditional(text, ways[-2]) for text in paper.xml]
        default = f'default="{ways[-1]}"' if decides else ""
        paper.xml.append(f'<bpmn:{self.gateway} id="{split}" {default}/>')
        return split, join


def _conditional(text: str, name: str) -> str:
    if f'id="{name}"' not in text:
        return text
    condition = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=true</bpmn:conditionExpression>'
    return text.replace("</bpmn:sequenceFlow>", f"{condition}</bpmn:sequenceFlow>")


@dataclass(frozen=True)
class Again:
    """A block done several times over, by a gateway that leads back."""

    part: Block
    times: int

    def begin(self, around: tuple[int, ...]) -> State | None:
        return _next([self.part] * self.times, around)

    def draw(self, paper: Paper) -> tuple[str, str]:
        counter = f"c{next(paper.numbers)}"
        first, last = self.part.draw(paper)
        begin, merge = paper.script(counter, "=0"), paper.node("exclusiveGateway", "m")
        up = paper.script(counter, f"={counter} + 1")
        check = f"g{next(paper.numbers)}"
        leave = paper.node("task", "n")
        for source, target in ((begin, merge), (merge, first), (last, up), (up, check)):
            paper.flow(source, target)
        paper.flow(check, merge, f"={counter} &lt; {self.times}")
        out = paper.flow(check, leave)
        paper.xml.append(f'<bpmn:exclusiveGateway id="{check}" default="{out}"/>')
        return begin, leave


@dataclass(frozen=True)
class Each:
    """A sub-process for each of some items."""

    part: Block
    items: int
    sequential: bool

    def begin(self, around: tuple[int, ...]) -> State | None:
        if self.sequential:
            return _next([_Numbered(self.part, index) for index in range(1, self.items + 1)], around)
        states = tuple(self.part.begin((*around, index)) for index in range(1, self.items + 1))
        return _beside(states)

    def draw(self, paper: Paper) -> tuple[str, str]:
        loop = (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(self.sequential).lower()}">'
            "<bpmn:extensionElements><zeebe:loopCharacteristics "
            f'inputCollection="=for i in 1..{self.items} return i" inputElement="item"/>'
            "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
        )
        return _sub_process(paper, self.part, loop)


@dataclass(frozen=True)
class _Numbered:
    part: Block
    index: int

    def begin(self, around: tuple[int, ...]) -> State | None:
        return self.part.begin((*around, self.index))

    def draw(self, paper: Paper) -> tuple[str, str]:
        raise NotImplementedError


@dataclass(frozen=True)
class Guarded:
    """A sub-process that a message may interrupt, which leads to another block."""

    name: str
    part: Block
    instead: Block

    def begin(self, around: tuple[int, ...]) -> State | None:
        state = self.part.begin(around)
        return None if state is None else Guarding(self, state, around)

    def draw(self, paper: Paper) -> tuple[str, str]:
        host, _ = _sub_process(paper, self.part)
        join = paper.node("exclusiveGateway", "m")
        message = f"{self.name}_message"
        paper.messages.append(
            f'<bpmn:message id="{message}" name="{self.name}"><bpmn:extensionElements>'
            '<zeebe:subscription correlationKey="=matter_no"/></bpmn:extensionElements></bpmn:message>'
        )
        event = paper.node(
            "boundaryEvent",
            "b",
            f'attachedToRef="{host}"',
            f'<bpmn:messageEventDefinition messageRef="{message}"/>',
        )
        first, last = self.instead.draw(paper)
        for source, target in ((host, join), (event, first), (last, join)):
            paper.flow(source, target)
        return host, join


@dataclass(frozen=True)
class Guarding:
    guard: Guarded
    now: State
    around: tuple[int, ...]

    def open(self) -> Iterator[Place]:
        yield self.guard.name, self.around
        yield from self.now.open()

    def happen(self, place: Place) -> State | None:
        if place == (self.guard.name, self.around):
            return self.guard.instead.begin(self.around)
        after = self.now.happen(place)
        return None if after is None else Guarding(self.guard, after, self.around)


def _sub_process(paper: Paper, part: Block, loop: str = "") -> tuple[str, str]:
    inner = Paper(messages=paper.messages, numbers=paper.numbers)
    first, last = part.draw(inner)
    start, end = inner.node("startEvent", "s"), inner.node("endEvent", "e")
    inner.flow(start, first)
    inner.flow(last, end)
    host = paper.node("subProcess", "p", inner=loop + "".join(inner.xml))
    return host, host


def named(block: Any, numbers: Iterator[int] | None = None) -> Any:
    """The same block with a name of its own for every task and guard."""
    numbers = numbers or count(10)
    if isinstance(block, list):
        return [named(part, numbers) for part in block]
    if not is_dataclass(block) or isinstance(block, type):
        return block
    changes = {part.name: named(getattr(block, part.name), numbers) for part in fields(block)}
    if "name" in changes:
        changes["name"] = f"{block.name}{next(numbers)}"  # type: ignore[attr-defined]
    return replace(block, **changes)


def model(block: Block) -> tuple[str, str]:
    """The body of a process around the block, and its messages."""
    paper = Paper()
    first, last = block.draw(paper)
    start, end = paper.node("startEvent", "s"), paper.node("endEvent", "e")
    paper.flow(start, first)
    paper.flow(last, end)
    return "".join(paper.xml), "".join(paper.messages)
