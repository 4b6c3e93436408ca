"""How a module lists its functions: a decorator that takes the signatures as the standard prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TypeVar

from engine.feel.functions import Function, Signature
from engine.feel.signatures import read_signature
from engine.feel.values import Value

_Call = TypeVar("_Call", bound=Callable[..., Value])


def builtin(*signatures: str, needs_run: bool = False) -> Callable[[_Call], _Call]:
    """Make a function one of FEEL's, under the name and signatures given.

    With ``needs_run`` it gets the :class:`~engine.feel.runtime.Run` as its first argument: to compare values,
    to call functions, to charge for work or to read the clock.
    """

    def register(call: _Call) -> _Call:
        described: list[str] = getattr(call, "feel_signatures", [])
        call.__dict__["feel_signatures"] = [*described, *signatures]
        call.__dict__["feel_needs_run"] = needs_run
        return call

    return register


def functions_of(*modules: ModuleType) -> dict[str, Function]:
    """The functions the modules register, by FEEL name; several signatures of a name are tried in order."""
    found: dict[str, list[Signature]] = {}
    for call in _registered(modules):
        for text in call.feel_signatures:
            name, signature = read_signature(text, call, pass_run=call.feel_needs_run)
            found.setdefault(name, []).append(signature)
    return {name: Function(name, tuple(entries), builtin=True) for name, entries in found.items()}


def _registered(modules: Iterable[ModuleType]) -> Iterable[Any]:
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "feel_signatures") and value.__module__ == module.__name__:
                yield value
