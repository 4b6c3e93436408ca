"""Processes that call each other in a circle: the engine refuses the call, and the caller waits for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.interpreter.model import ProcessModel


def cycle(model: ProcessModel, others: Mapping[str, ProcessModel]) -> tuple[str, tuple[str, ...]] | None:
    """The call activity of ``model`` that begins a circle, and the processes on it; ``None`` if there is none.

    Only calls that name their process outright are followed, through the models known in ``others``.
    """
    for element, called in _calls(model):
        way = _way(called, model.process_id, others)
        if way is not None:
            return element, (model.process_id, *way)
    return None


def _way(start: str, goal: str, others: Mapping[str, ProcessModel]) -> tuple[str, ...] | None:
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    todo = [start]
    while todo:
        process = todo.pop()
        if process == goal:
            return ways[process]
        for _, called in _calls(others[process]) if process in others else ():
            if called not in ways:
                ways[called] = (*ways[process], called)
                todo.append(called)
    return None


def _calls(model: ProcessModel) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.call is not None and node.call.process_id.is_literal:
            yield node.id, node.call.process_id.text
