"""Random block-structured models in the notation, and mutations that break one of their gateways.

What a split opens, a join of the same kind closes; so these models are sound by construction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random

_PAIRS = {"x": ("x", "x"), "p": ("p", "p"), "o": ("o", "o")}
_GATEWAY = re.compile(r"\b([xpo])(\d+)\b")


@dataclass
class Blocks:
    """Writes one model; ``size`` is roughly how many nodes it gets."""

    random: Random
    kinds: str = "tttxpolbnguwm"
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def model(self, size: int) -> str:
        first, last = self.block(size)
        self.lines += [f"s -> {first}", f"{last} -> e"]
        return "\n".join(self.lines)

    def block(self, size: int) -> tuple[str, str]:
        """Entry and exit of a block."""
        if size <= 2:
            return self.task()
        kind = self.random.choice(self.kinds)
        return {
            "t": self.sequence,
            "l": self.loop,
            "b": self.deadline,
            "n": self.reminder,
            "g": self.wait,
            "u": self.sub_process,
            "w": self.sub_process,
            "m": self.many,
        }.get(kind, lambda size: self.branches(kind, size))(size)

    def new(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def task(self) -> tuple[str, str]:
        node = self.new(self.random.choice("tttva"))
        return node, node

    def sequence(self, size: int) -> tuple[str, str]:
        cut = self.random.randint(1, size - 1)
        (first, before), (after, last) = self.block(cut), self.block(size - cut)
        self.lines.append(f"{before} -> {after}")
        return first, last

    def branches(self, kind: str, size: int) -> tuple[str, str]:
        inner = [self.block((size - 2) // 2) for _ in range(self.random.choice((2, 2, 3)))]
        if (
            kind == "o" and inner[-1][0][0] in "po"
        ):  # the notation gives the last way a twin, which it would join
            first, last = inner.pop()
            before = self.new("a")
            self.lines.append(f"{before} -> {first}")
            inner.append((before, last))
        split, join = (self.new(letter) for letter in _PAIRS[kind])
        self.lines += [f"{split} -> {first}" for first, _ in inner]
        self.lines += [f"{last} -> {join}" for _, last in inner]
        return split, join

    def loop(self, size: int) -> tuple[str, str]:
        first, last = self.block(size - 2)
        entry, leave, after = self.new("x"), self.new("x"), self.new("a")
        self.lines += [
            f"{entry} -> {first}",
            f"{last} -> {leave}",
            f"{leave} -> {entry}",
            f"{leave} -> {after}",
        ]
        return entry, after

    def deadline(self, size: int) -> tuple[str, str]:
        """An interrupting timer whose way meets the task's own."""
        task, event, join = self.new("t"), self.new("b"), self.new("x")
        first, last = self.block(size - 3)
        self.lines += [f"{task} -> {join}", f"{event}:timer@{task} -> {first}", f"{last} -> {join}"]
        return task, join

    def reminder(self, size: int) -> tuple[str, str]:
        """A non-interrupting timer whose way ends by itself."""
        task, event, end = self.new("t"), self.new("b"), self.new("e")
        first, last = self.block(size - 3)
        self.lines += [f"{event}:timer~{task} -> {first}", f"{last} -> {end}"]
        return task, task

    def wait(self, size: int) -> tuple[str, str]:
        gateway, timer, message, join = self.new("g"), self.new("c"), self.new("r"), self.new("x")
        first, last = self.block(size - 4)
        self.lines += [f"{gateway} -> {timer}:timer -> {first}", f"{last} -> {join}"]
        self.lines += [f"{gateway} -> {message} -> {join}"]
        return gateway, join

    def sub_process(self, size: int) -> tuple[str, str]:
        outer, self.lines = self.lines, []
        first, last = self.block(size - 1)
        inner = [*self.lines, f"{self.new('s')} -> {first}", f"{last} -> {self.new('e')}"]
        node = self.new("u")
        self.lines = [*outer, f"{node} {{", *inner, "}"]
        return node, node

    def many(self, size: int) -> tuple[str, str]:
        node, _ = self.sub_process(size)
        at = self.lines.index(f"{node} {{")
        self.lines[at] = f"{node}{self.random.choice('*#')} {{"
        return node, node


def mutate(text: str, random: Random) -> str:
    """Turn one gateway into one of another kind, or let one way into a gateway end instead."""
    gateways = sorted(set(_GATEWAY.findall(text)), key=lambda found: int(found[1]))
    if not gateways:
        return text
    letter, number = random.choice(gateways)
    into = f"-> {letter}{number}"
    if re.search(rf"{into}\b", text) and random.random() < 0.3:
        return re.sub(rf"-> {letter}{number}\b", f"-> e999{number}", text, count=1)
    other = random.choice([kind for kind in "xpo" if kind != letter])
    return re.sub(rf"\b{letter}{number}\b", f"{other}{number}", text)


def tangle(random: Random) -> str:
    """A small model drawn without a plan: flows from anywhere to anywhere, deadlines, several ends."""
    letters = random.choices("ttaxxppovc", k=random.randint(3, 9))
    nodes = [
        f"{letter}{number}" + (":timer" if letter == "c" else "") for number, letter in enumerate(letters, 1)
    ]
    flows = [(random.choice(["s", *nodes[:index]]), node) for index, node in enumerate(nodes)]
    flows += [(random.choice(nodes), random.choice(nodes)) for _ in range(random.randint(0, len(nodes)))]
    for node in nodes:
        if node not in {source for source, _ in flows} or random.random() < 0.1:
            flows.append((node, random.choice(["e1", "e2", "e3:terminate", "e4:message"])))
    hosts = [node for node in nodes if node[0] in "tva"]
    for number in range(random.choice((0, 0, 1, 2)) if hosts else 0):
        event = f"b{number}:timer{random.choice('@~')}{random.choice(hosts)}"
        flows.append((event, random.choice([*nodes, "e8", "e1"])))
    return "\n".join(f"{source} -> {target}" for source, target in flows)
