"""The arithmetic of votes in expressions: ``过半数(agree, base_count)``."""

from __future__ import annotations

from engine.registry import Registry
from workflows.ballots import rules


def register(registry: Registry) -> None:
    """Make the functions known."""
    registry.feel("过半数", ("票数: number", "基数: number"))(rules.majority)
    registry.feel("达到", ("票数: number", "基数: number", "分子: number", "分母: number"))(rules.reaches)
    registry.feel("双过半", ("面积: number", "面积基数: number", "人数: number", "人数基数: number"))(
        rules.double_majority
    )
