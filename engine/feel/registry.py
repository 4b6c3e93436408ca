"""Functions beside the standard's: the language knows no ballot, its host may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.feel.border import from_python
from engine.feel.functions import Function, Signature
from engine.feel.runtime import Run
from engine.feel.signatures import read_parameter, read_type
from engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class FeelFunction:
    """A function of the host's, to be registered under a name.

    ``parameters`` are names, each with an optional type: ``"赞成"``, ``"赞成: number"``, ``"备注?: string"``.
    ``call`` gets FEEL values by position (numbers as ``Decimal`` or ``Fraction``) and may return any value
    :func:`engine.feel.from_python` takes. With ``pass_now`` it gets ``now=`` the evaluation's instant as well.
    ``ValueError``, ``TypeError``, ``LookupError`` and ``ArithmeticError`` become ``null`` with a warning that
    carries their text; anything else it raises reaches the caller of the evaluation.
    """

    call: Callable[..., Any]
    parameters: tuple[str, ...]
    result: str = "Any"
    pass_now: bool = False

    def named(self, name: str) -> Function:
        """The function value an expression sees under that name."""

        def call(run: Run, *arguments: Value) -> Value:
            extra = {"now": run.now} if self.pass_now else {}
            return from_python(self.call(*arguments, **extra))

        parameters = tuple(read_parameter(text) for text in self.parameters)
        return Function(name, (Signature(parameters, call, read_type(self.result)),))


class FunctionRegistry(Mapping[str, Function]):
    """The functions of the host, by name; immutable, and part of what an expression is compiled against."""

    def __init__(self, functions: Mapping[str, FeelFunction | Function] | None = None) -> None:
        self._functions = {
            name: entry if isinstance(entry, Function) else entry.named(name)
            for name, entry in (functions or {}).items()
        }

    def __getitem__(self, name: str) -> Function:
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


NO_FUNCTIONS = FunctionRegistry()
