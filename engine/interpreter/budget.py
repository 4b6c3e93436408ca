"""What one action may cost, so that a runaway model stops while everybody else is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import values
from engine.errors import ModelFault, NotAllowed


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one action: steps and seconds of processor time in all matters it moves, characters of JSON it writes.

    How deep calls may nest and how many items a multi-instance may have stand beside these in
    :mod:`~engine.interpreter.calls` and :mod:`~engine.interpreter.loops`.
    """

    steps: int = 12_000
    seconds: float = 2.5
    value_length: int = 1_000_000
    action_length: int = 16_000_000


class Budget:
    """What is left of the limits for the action in hand."""

    def __init__(self, limits: Limits, stopwatch: Callable[[], float]) -> None:
        self._limits = limits
        self._stopwatch = stopwatch
        self._steps = 0
        self._written = 0
        self._until = stopwatch() + limits.seconds

    def step(self) -> None:
        """One more step; raises :class:`~engine.errors.ModelFault` when there were too many or they took too long."""
        self._steps += 1
        if self._steps > self._limits.steps:
            raise ModelFault(
                f"一次操作走了超过 {self._limits.steps} 步，流程可能在空转，请检查循环的出口条件。"
            )
        if self._stopwatch() > self._until:
            raise ModelFault(
                f"一次操作用时超过 {self._limits.seconds:g} 秒，流程可能在空转，请检查循环和耗时的步骤。"
            )

    def write(self, name: str, text: str) -> None:
        """One more value; raises :class:`~engine.errors.ModelFault` when it is too large or they are in all."""
        self._written += len(text)
        if len(text) > self._limits.value_length:
            raise ModelFault(f"变量“{name}”超过 {self._limits.value_length} 个字符，请改存附件或拆开。")
        if self._written > self._limits.action_length:
            raise ModelFault(
                f"一次操作写入的变量超过 {self._limits.action_length} 个字符，请检查是否重复累加。"
            )


def refuse_large(limits: Limits, variables: Mapping[str, Any]) -> None:
    """Refuse what a caller hands in before anything is done with it."""
    if len(values.dump(dict(variables))) > limits.value_length:
        raise NotAllowed(f"提交的内容超过 {limits.value_length} 个字符，请精简后再提交。")
