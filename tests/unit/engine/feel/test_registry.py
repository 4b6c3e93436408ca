"""Functions the host registers beside the standard's."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine import feel


def majority(yes: Decimal, total: Decimal) -> bool:
    return yes * 2 > total


def refuse(value: object) -> None:
    raise ValueError("人数不能为零")


def year(*, now: datetime) -> int:
    return now.year


REGISTRY = feel.FunctionRegistry(
    {
        "过半数": feel.FeelFunction(majority, ("赞成: number", "总数: number"), result="boolean"),
        "拒绝": feel.FeelFunction(refuse, ("值",)),
        "今年": feel.FeelFunction(year, (), pass_now=True),
        "工作日 之后": feel.FeelFunction(
            lambda days, note=None: f"{days}{note or ''}", ("天数: number", "备注?: string?")
        ),
    }
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("过半数(3, 5)", True),
        ("过半数(总数: 6, 赞成: 3)", False),
        ("if 过半数(同意, 6) then 1 else 2", 1),
        ("工作日 之后(3)", "3"),
        ('工作日 之后(3, "天")', "3天"),
        ("工作日 之后(3, null)", "3"),
    ],
)
def test_a_registered_function_is_called_like_the_standards_own(text: str, value: object) -> None:
    assert feel.evaluate(text, {"同意": 4}, functions=REGISTRY) == value


def test_a_registered_function_may_ask_for_the_instant() -> None:
    assert feel.evaluate("今年() + 1", now=datetime(2026, 11, 22, tzinfo=UTC), functions=REGISTRY) == 2027


def test_what_it_refuses_becomes_a_warning_with_its_words() -> None:
    answer = feel.compile("拒绝(0)", functions=REGISTRY).evaluate_with_warnings({})
    assert answer.value is None
    assert "人数不能为零" in str(answer.warnings[0])


def test_arguments_of_the_wrong_type_never_reach_it() -> None:
    answer = feel.compile('过半数("三", 5)', functions=REGISTRY).evaluate_with_warnings({})
    assert answer.value is None
    assert answer.hard_warnings


def test_a_float_it_returns_is_refused() -> None:
    registry = feel.FunctionRegistry({"坏": feel.FeelFunction(lambda: 0.5, ())})
    assert feel.compile("坏()", functions=registry).evaluate_with_warnings({}).hard_warnings == ()
    assert feel.evaluate("坏()", functions=registry) is None


def test_without_the_registry_the_name_is_unknown() -> None:
    assert feel.compile("过半数(3, 5)").evaluate_with_warnings({}).hard_warnings


def test_data_of_the_same_name_does_not_hide_a_function_that_is_called() -> None:
    assert feel.evaluate("count([1, 2])", {"count": 99}) == 2
    assert feel.evaluate("过半数(3, 5)", {"过半数": 99}, functions=REGISTRY) is True


def test_a_variable_may_have_the_name_of_a_function_that_is_not_called() -> None:
    assert feel.evaluate("count + 1", {"count": 99}) == 100
