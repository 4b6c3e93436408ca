"""Functions as values, and the one way to call them.

A function has one or more signatures, each written in a line such as
``substring(string: string, start position: number, length?: number): string``; ``?`` marks what may be left
out, ``*`` a last parameter that takes the rest. Arguments are checked and converted against the signature
(DMN 1.5, section 10.3.2.9.4), so that the code behind it only sees values of the types it asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import DecimalException
from typing import Any

from engine.feel.runtime import FREE_TEXT, Run
from engine.feel.types import ANY, FeelType, convert, type_name
from engine.feel.values import Value

ABSENT: Any = object()
"""Marks an argument that does not fit its parameter."""

_SIZED: Mapping[type, int] = {list: 2, dict: 2, str: 6}
"""Looking through an argument costs its size, divided by this power of two."""

_REFUSALS = (ValueError, TypeError, LookupError, ArithmeticError, DecimalException)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named, typed parameter."""

    name: str
    type: FeelType = ANY
    optional: bool = False
    variadic: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """Parameters, the result's type and what runs: ``call(run, *arguments)``, or without the run."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Value]
    result: FeelType = ANY
    pass_run: bool = True
    required: int = field(init=False)
    most: float = field(init=False)
    index: Mapping[str, int] = field(init=False)
    plain: set[tuple[type, ...]] = field(init=False, default_factory=set)
    """Classes of arguments that were found to fit as they are."""

    def __post_init__(self) -> None:
        required = sum(not p.optional for p in self.parameters)
        variadic = bool(self.parameters) and self.parameters[-1].variadic
        object.__setattr__(self, "required", required)
        object.__setattr__(self, "most", float("inf") if variadic else len(self.parameters))
        object.__setattr__(self, "index", {p.name: i for i, p in enumerate(self.parameters)})

    def arrange(self, named: Mapping[str, Value]) -> list[Value] | None:
        """Named arguments in the order of the parameters, or ``None`` if the names do not fit."""
        if not named.keys() <= self.index.keys():
            return None
        if any(not p.optional and p.name not in named for p in self.parameters):
            return None
        arguments = [named.get(p.name, ABSENT) for p in self.parameters]
        while arguments and arguments[-1] is ABSENT:
            arguments.pop()
        return [None if argument is ABSENT else argument for argument in arguments]

    def fit(self, arguments: Sequence[Value], run: Run) -> Sequence[Value] | None:
        """The arguments converted to the parameters' types, or ``None`` if they do not fit."""
        if not self.required <= len(arguments) <= self.most:
            return None
        kinds = tuple(map(type, arguments))
        if all(map(_takes, self.parameters, kinds)):
            self.plain.add(kinds)
            return arguments
        return self._converted(arguments, run)

    def _converted(self, arguments: Sequence[Value], run: Run) -> list[Value] | None:
        fitted = []
        for parameter, argument in zip(self.parameters, arguments, strict=False):
            if parameter.variadic:
                break
            converted = _fit_one(parameter, argument, run)
            if converted is ABSENT:
                return None
            fitted.append(converted)
        else:
            return fitted
        rest = [_fit_one(parameter, argument, run) for argument in arguments[len(fitted) :]]
        return None if ABSENT in rest else [*fitted, rest]


def _takes(parameter: Parameter, kind: type) -> bool:
    """Whether every value of a class is an argument as it is."""
    wanted = parameter.type
    if parameter.variadic:
        return False
    return kind in wanted.quick or wanted is ANY or (kind is type(None) and parameter.nullable)


def _fit_one(parameter: Parameter, argument: Value, run: Run) -> Value:
    wanted = parameter.type
    if type(argument) in wanted.quick:
        return argument
    if argument is None:
        return None if parameter.nullable or wanted is ANY else ABSENT
    converted = convert(argument, wanted, run)
    return ABSENT if converted is None else converted


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: one of the standard's, one of the host's, or one written in FEEL or DMN."""

    name: str
    signatures: tuple[Signature, ...]
    builtin: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter names of the first signature."""
        return tuple(p.name for p in self.signatures[0].parameters)

    def invoke(self, run: Run, arguments: Sequence[Value], position: int = 0) -> Value:
        """Call by position; ``null`` and a warning where no signature takes these arguments."""
        kinds = tuple(map(type, arguments))
        for signature in self.signatures:
            fitted = arguments if kinds in signature.plain else signature.fit(arguments, run)
            if fitted is not None:
                return self._run(signature, run, fitted, position)
        self._refuse(run, arguments, position)
        return None

    def invoke_named(self, run: Run, named: Mapping[str, Value], position: int = 0) -> Value:
        """Call by parameter names; ``null`` and a warning where no signature has these names."""
        for signature in self.signatures:
            arguments = signature.arrange(named)
            fitted = None if arguments is None else signature.fit(arguments, run)
            if fitted is not None:
                return self._run(signature, run, fitted, position)
        self._refuse(run, list(named.values()), position)
        return None

    def _run(self, signature: Signature, run: Run, arguments: Sequence[Value], position: int) -> Value:
        work = 0
        for argument in arguments:
            if type(argument) in _SIZED:
                work += len(argument) >> _SIZED[type(argument)]
        run.enter(work)
        try:
            result = signature.call(run, *arguments) if signature.pass_run else signature.call(*arguments)
        except _REFUSALS as error:
            reason = f"：{error}" if str(error) else ""
            run.warn(
                f"函数“{self.name}”不接受这些参数{reason}",
                f"{self.name}() does not take these arguments",
                position,
                hard=False,
            )
            return None
        finally:
            run.depth -= 1
        if type(result) is str:
            if len(result) >= FREE_TEXT:
                run.check_text(len(result))
        elif type(result) is list or type(result) is dict:
            run.spend(len(result))
        elif result is None and self.builtin:
            run.warn(
                f"函数“{self.name}”对这些参数没有结果", f"{self.name}() gives null here", position, hard=False
            )
        return result

    def _refuse(self, run: Run, arguments: Sequence[Value], position: int) -> None:
        given = "、".join(type_name(argument) for argument in arguments) or "无"
        run.warn(
            f"函数“{self.name}”的参数不对（给的是：{given}）",
            f"{self.name}() does not take ({given})",
            position,
            hard=None not in arguments,
        )
