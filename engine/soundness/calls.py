"""Processes that call each other in a circle: the engine refuses the call, and the caller waits for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.interpreter.model import ProcessModel

Way = tuple[str, ...]


def cycle(model: ProcessModel, others: Mapping[str, ProcessModel]) -> tuple[str, Way] | None:
    """The call activity of ``model`` that leads into a circle, and the processes on it; ``None`` if there is none.

    Only calls that name their process outright are followed, through the models known in ``others``.
    """
    known = {**others, model.process_id: model}
    done: set[str] = set()
    for element, called in _calls(model):
        circle = _circle((model.process_id, called), known, done)
        if circle is not None:
            return element, circle
    return None


def _circle(way: Way, known: Mapping[str, ProcessModel], done: set[str]) -> Way | None:
    """Go on from the last process of ``way``, depth first, until one comes up again."""
    *before, last = way
    if last in before:
        return way[before.index(last) :]
    if last in known and last not in done:
        for _, called in _calls(known[last]):
            circle = _circle((*way, called), known, done)
            if circle is not None:
                return circle
    done.add(last)
    return None


def _calls(model: ProcessModel) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.call is not None and node.call.process_id.is_literal:
            yield node.id, node.call.process_id.text
