"""Context functions (DMN 1.5, table 80)."""

from __future__ import annotations

from engine.feel.builtins.table import builtin
from engine.feel.values import Value

_Context = dict[str, Value]


@builtin("get value(m: context, key: string): Any")
def get_value(m: _Context, key: str) -> Value:
    """The entry of that name, ``null`` if there is none."""
    return m.get(key)


@builtin("get value(m: context, keys: list): Any")
def get_nested_value(m: _Context, keys: list[Value]) -> Value:
    """The entry at the end of a path of names."""
    value: Value = m if keys else None
    for key in keys:
        value = value.get(key) if type(value) is dict and type(key) is str else None
    return value


@builtin("get entries(m: context): list")
def get_entries(m: _Context) -> list[_Context]:
    """The entries as a list of ``{key, value}``."""
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context(entries: list): context")
def context(entries: list[Value]) -> _Context | None:
    """The context of a list of ``{key, value}``."""
    made: _Context = {}
    for entry in entries:
        if type(entry) is not dict or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if type(key) is not str or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: Any): context")
def context_put(target: _Context, key: str, value: Value) -> _Context:
    """The context with one entry added or replaced."""
    return {**target, key: value}


@builtin("context put(context: context, keys: list, value: Any): context")
def context_put_nested(target: _Context, keys: list[Value], value: Value) -> _Context | None:
    """The context with the entry at the end of a path of names added or replaced."""
    if not keys or type(keys[0]) is not str:
        return None
    first, *rest = keys
    if not rest:
        return {**target, first: value}
    inner = target.get(first)
    changed = context_put_nested(inner, rest, value) if type(inner) is dict else None
    return None if changed is None else {**target, first: changed}


@builtin("context merge(contexts: list): context")
def context_merge(contexts: list[Value]) -> _Context | None:
    """All contexts in one; of several entries of a name the last one stands."""
    merged: _Context = {}
    for item in contexts:
        if type(item) is not dict:
            return None
        merged.update(item)
    return merged
