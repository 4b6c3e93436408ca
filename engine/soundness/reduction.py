"""Makes the graph of a scope small without changing the judgement.

Well-formed pieces, from the inside out, become single vertices: sequences, choices and loops with one way in
and one way out, parallel and inclusive blocks whose branches all meet again. What remains is where
branches cross; only that has to be explored state by state. The rules are those of Murata (1989) and of Sadiq
and Orlowska (2000), with boundary events as further ways out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.soundness.components import components
from engine.soundness.graph import Edge, Gate, Graph, Vertex

_MERGES = {
    Gate.ONE: frozenset({Gate.ONE, Gate.SOME}),
    Gate.ALL: frozenset({Gate.ALL, Gate.SOME}),
    Gate.SOME: frozenset(),
}
"""Which joins cannot tell two ways of a split from one."""


def reduce(graph: Graph) -> Graph:
    """The smallest graph the rules lead to; the vertices of ``graph`` are used up."""
    return _Reducer(graph).reduce()


class _Reducer:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._gone: set[Vertex] = set()
        self._todo = deque(graph.vertices)
        self._waiting = set(graph.vertices)
        self._looping = _on_cycles(graph)
        self._is_inclusive = any(vertex.join is Gate.SOME for vertex in graph.vertices)
        self._rules: tuple[Callable[[Vertex], bool], ...] = (
            self._merge_parallel_ways,
            self._drop_default,
            self._meet_again,
            self._drop_loop,
            self._absorb_next,
            self._end_here,
            self._bridge,
            self._forget_aside,
            self._forget_branch,
        )

    def reduce(self) -> Graph:
        while self._todo:
            vertex = self._todo.popleft()
            self._waiting.discard(vertex)
            while vertex not in self._gone and any(rule(vertex) for rule in self._rules):
                pass
        return Graph(self._graph.scope, [v for v in self._graph.vertices if v not in self._gone])

    def _touch(self, *vertices: Vertex) -> None:
        for vertex in vertices:
            if vertex not in self._waiting and vertex not in self._gone:
                self._waiting.add(vertex)
                self._todo.append(vertex)

    # -- rules: each says whether it has changed something ---------------------------------------------

    def _merge_parallel_ways(self, vertex: Vertex) -> bool:
        """Two ways of a split to the same join are one, if the join cannot tell."""
        first: dict[Vertex, Edge] = {}
        for edge in list(vertex.outs):
            target = edge.target
            if target.join not in _MERGES[vertex.split]:
                continue
            if target in first:
                self._unite(vertex, first[target], edge)
                return True
            first[target] = edge
        return False

    def _drop_default(self, vertex: Vertex) -> bool:
        """A default that leads where another way of the choice leads as well adds nothing."""
        if vertex.split is not Gate.SOME:
            return False
        default = next((edge for edge in vertex.outs if edge.default), None)
        others = [edge for edge in vertex.outs if edge is not default and not edge.always]
        twin = next((e for e in others if default is not None and e.target is default.target), None)
        if default is None or twin is None or default.target.join is not Gate.ONE:
            return False
        self._unite(vertex, twin, default)
        return True

    def _meet_again(self, vertex: Vertex) -> bool:
        """All ways of a split lead to one inclusive join or just end, and no other way leads to that join."""
        branches = [_branch(edge) for edge in vertex.outs]
        if len(branches) < 2 or not all(branch.arriving for branch in branches):
            return False
        arriving = [edge for branch in branches for edge in branch.arriving]
        join = arriving[0].target
        if join is vertex or set(join.ins) != set(arriving):
            return False
        may_end = self._may_all_end(vertex, branches)
        first, *others = arriving
        for branch in branches:
            vertex.members |= branch.members
            vertex.escapes |= branch.escapes
            self._gone |= branch.inside
            for edge in branch.ending:
                edge.target.ins.remove(edge)
        vertex.outs, vertex.split = [first], Gate.ONE
        first.path, first.source = (*branches[0].path, *first.path), vertex
        first.members.update(*(edge.members for edge in others))
        join.ins, join.join = [first], Gate.ONE
        if may_end:
            self._add_end(vertex)
        self._touch(vertex, join)
        return True

    def _may_all_end(self, vertex: Vertex, branches: list[_Branch]) -> bool:
        """Whether no token may come to the join where the branches meet again."""
        pairs = zip(vertex.outs, branches, strict=True)
        certain = [branch for edge, branch in pairs if vertex.split is Gate.ALL or edge.always]
        return all(b.may_end for b in certain) and any(b.may_end for b in branches)

    def _add_end(self, vertex: Vertex) -> None:
        end = Vertex(vertex.element, is_quiet=True)
        edge = Edge(vertex, end, vertex.element)
        vertex.outs.append(edge)
        end.ins.append(edge)
        self._graph.vertices.append(end)

    def _drop_loop(self, vertex: Vertex) -> bool:
        """A way back to where one is, if there is another way on."""
        loop = next((edge for edge in vertex.outs if edge.target is vertex), None)
        is_choice = vertex.split is Gate.ONE and vertex.join is Gate.ONE and len(vertex.outs) > 1
        if loop is None or not is_choice:
            return False
        vertex.members |= loop.members
        self._cut(loop)
        return True

    def _absorb_next(self, vertex: Vertex) -> bool:
        """A vertex and the only one that follows it, which follows nothing else."""
        if not vertex.is_plain or len(vertex.outs) != 1:
            return False
        (edge,) = vertex.outs
        following = edge.target
        if following is vertex or following.is_start or following.is_stuck or following.ins != [edge]:
            return False
        if not vertex.path:
            vertex.element = following.element
        vertex.path += edge.path + following.path
        vertex.members |= edge.members | following.members
        vertex.split, vertex.outs = following.split, following.outs
        vertex.spawns, vertex.sweeps = following.spawns, following.sweeps
        vertex.escapes |= following.escapes
        for out in [*following.outs, *following.spawns]:
            out.source = vertex
            self._touch(out.target)
        self._gone.add(following)
        self._touch(*(e.source for e in vertex.ins))
        return True

    def _end_here(self, vertex: Vertex) -> bool:
        """Whatever way is taken from here, it just ends."""
        if not vertex.is_plain or not vertex.outs:
            return False
        if not all(edge.target.is_quiet or _just_ends(edge) for edge in vertex.outs):
            return False
        for edge in list(vertex.outs):
            self._swallow(vertex, edge)
        self._touch(*(edge.source for edge in vertex.ins))
        return True

    def _bridge(self, vertex: Vertex) -> bool:
        """A plain vertex with one way in and one way out becomes part of the way."""
        if not vertex.is_plain or vertex.is_start:
            return False
        if len(vertex.ins) != 1 or len(vertex.outs) != 1:
            return False
        (into,), (out,) = vertex.ins, vertex.outs
        source, target = into.source, out.target
        if vertex in (source, target) or into in source.spawns or target.join is Gate.SOME:
            return False
        if target.is_tolerant and (self._is_inclusive or source.split is not Gate.ONE):
            return False  # two tokens in this vertex would no longer be noticed
        into.path += vertex.path + out.path
        into.members |= vertex.members | out.members
        source.escapes |= vertex.escapes
        into.last, into.target = out.last, target
        target.ins[target.ins.index(out)] = into
        self._gone.add(vertex)
        self._touch(source, target)
        return True

    def _forget_aside(self, vertex: Vertex) -> bool:
        """What a non-interrupting boundary event starts has no consequences if it just ends."""
        for edge in vertex.spawns:
            if _just_ends(edge):
                self._swallow(vertex, edge)
                return True
        return False

    def _forget_branch(self, vertex: Vertex) -> bool:
        """A parallel branch that just ends; in a loop it may be overtaken, then it stays."""
        if vertex.split is not Gate.ALL or len(vertex.outs) < 2:
            return False
        for edge in vertex.outs:
            ends = _just_ends(edge) and self._looping.isdisjoint({vertex.element, *vertex.members})
            if edge.target.is_quiet or ends:
                self._swallow(vertex, edge)
                return True
        return False

    # -- surgery -------------------------------------------------------------------------------------

    def _swallow(self, vertex: Vertex, edge: Edge) -> None:
        """What the edge leads to and just ends counts as a part of ``vertex``."""
        vertex.members |= edge.members | edge.target.members
        self._cut(edge)
        if not edge.target.ins:
            self._gone.add(edge.target)

    def _unite(self, vertex: Vertex, kept: Edge, other: Edge) -> None:
        together = vertex.split is Gate.ALL
        kept.members |= other.members
        kept.path += other.path if together else ()
        self._cut(other)

    def _cut(self, edge: Edge) -> None:
        source, target = edge.source, edge.target
        (source.spawns if edge in source.spawns else source.outs).remove(edge)
        target.ins.remove(edge)
        if len(target.ins) == 1:
            target.join = Gate.ONE
        if len(source.outs) == 1:
            source.split = Gate.ONE
        self._touch(source, target)
        self._touch(*(e.source for e in target.ins), *(e.target for e in source.outs))


@dataclass(slots=True)
class _Branch:
    """Where one way of a split leads to: inclusive joins it arrives at, end events, and what lies before."""

    arriving: list[Edge] = field(default_factory=list)
    ending: list[Edge] = field(default_factory=list)
    inside: set[Vertex] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    path: tuple[str, ...] = ()
    may_end: bool = False
    escapes: bool = False


def _branch(edge: Edge) -> _Branch:
    """Follow a way through plain choices with one way in; ``arriving`` is empty if it leads anywhere else."""
    found, todo = _Branch(), [edge]
    while todo:
        way = todo.pop()
        step = way.target
        if step.join is Gate.SOME:
            found.arriving.append(way)
            continue
        if step.is_quiet:
            found.ending.append(way)
            found.members |= way.members | step.members
            found.may_end = True
            continue
        is_choice = step.split is Gate.ONE or not step.outs
        if step.is_start or not step.is_plain or not is_choice or step.ins != [way] or step in found.inside:
            return _Branch()
        found.inside.add(step)
        found.members |= way.members | step.members
        found.path += way.path + step.path
        found.may_end |= not step.outs
        found.escapes |= step.escapes
        todo.extend(reversed(step.outs))
    return found


def _just_ends(edge: Edge) -> bool:
    """Whether the edge alone leads to something that has no consequences."""
    branch = edge.target
    return branch.is_plain and not branch.outs and not branch.is_start and branch.ins == [edge]


def _on_cycles(graph: Graph) -> set[str]:
    """Elements a token may come back to."""

    def following(vertex: Vertex) -> list[Vertex]:
        return [edge.target for edge in (*vertex.outs, *vertex.spawns)]

    found: set[str] = set()
    for component in components(graph.vertices, following):
        if len(component) > 1 or any(v in following(v) for v in component):
            found.update(v.element for v in component)
    return found
