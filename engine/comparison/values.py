"""Two flat sets of named values set against each other, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Telling = Callable[[str, str], str]
"""How a value is told, given its name and itself."""


def as_it_is(_name: str, value: str) -> str:
    return value


def differences(
    old: Mapping[str, str],
    new: Mapping[str, str],
    told_before: Telling = as_it_is,
    told_after: Telling = as_it_is,
) -> Iterator[str]:
    """One sentence for each name whose value was added, taken away or changed, in the order of their names."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if not before and after:
            yield f"增加了{name}“{told_after(name, after)}”"
        elif not after and before:
            yield f"去掉了{name}“{told_before(name, before)}”"
        elif before and after:
            yield f"{name}由“{told_before(name, before)}”改为“{told_after(name, after)}”"
