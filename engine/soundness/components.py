"""Strongly connected components of a directed graph."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def components(nodes: Iterable[T], successors: Callable[[T], Iterable[T]]) -> Iterator[frozenset[T]]:
    """Components, each after those it leads to (Tarjan 1972, without recursion)."""
    order: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    waiting: set[T] = set()
    for root in nodes:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack.append(root)
        waiting.add(root)
        path = [(root, iter(successors(root)))]
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == order[node]:
                    yield _pop(node, stack, waiting)
            elif following not in order:
                order[following] = low[following] = len(order)
                stack.append(following)
                waiting.add(following)
                path.append((following, iter(successors(following))))
            elif following in waiting:
                low[node] = min(low[node], order[following])


def _pop(node: T, stack: list[T], waiting: set[T]) -> frozenset[T]:
    members: set[T] = set()
    while node not in members:
        members.add(stack.pop())
    waiting -= members
    return frozenset(members)
