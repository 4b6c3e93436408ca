"""What crosses between Python, JSON and FEEL, and what may not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 22, 9, tzinfo=SHANGHAI), "2026-11-22T09:00:00@Asia/Shanghai"),
        (datetime(2026, 11, 22, 9, tzinfo=UTC), "2026-11-22T09:00:00Z"),
        (datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=8))), "2026-11-22T09:00:00+08:00"),
        (datetime(2026, 11, 22, 9, 0, 0, 500_000, tzinfo=UTC), "2026-11-22T09:00:00.5Z"),
        (date(2026, 11, 22), "2026-11-22"),
        (time(9, 30), "09:30:00"),
        (timedelta(days=3), "P3D"),
        (timedelta(hours=-36), "-P1DT12H"),
    ],
)
def test_values_of_pythons_datetime_become_feels_own(value: object, text: str) -> None:
    assert str(feel.from_python(value)) == text


@pytest.mark.parametrize(
    "value",
    [
        0.1,
        {"a": [1.5]},
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        1j,
        bytearray(b"x"),
        {1: 2},
        object(),
    ],
)
def test_what_is_no_value_of_feel_is_refused(value: Any) -> None:
    with pytest.raises(feel.FeelValueError):
        feel.evaluate("a", {"a": value})


class Choice(str, Enum):  # noqa: UP042 - the kind whose str() is not its value
    YES = "同意"


def test_an_enumeration_of_texts_is_its_text() -> None:
    assert feel.evaluate('a = "同意"', {"a": Choice.YES}) is True


def test_a_variable_nobody_reads_is_not_looked_at() -> None:
    assert feel.evaluate("1", {"a": 0.1}) == 1


def test_whole_numbers_become_decimals_and_booleans_stay_booleans() -> None:
    assert type(feel.from_python(3)) is Decimal
    assert feel.from_python(True) is True


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Decimal("3.00"), 3),
        (Decimal("12.5"), 12.5),
        (Decimal(10) ** 20, 10**20),
        (Fraction(1, 3), 0.333333333333333),
        (None, None),
        ([True, "甲"], [True, "甲"]),
    ],
)
def test_numbers_are_stored_as_json_numbers(value: object, stored: object) -> None:
    assert feel.to_json(value) == stored


def test_temporal_values_are_stored_as_their_text() -> None:
    assert feel.to_json(feel.evaluate('{a: @"2026-11-22", b: @"P1Y2M", c: [@"09:00:00Z"]}')) == {
        "a": "2026-11-22",
        "b": "P1Y2M",
        "c": ["09:00:00Z"],
    }


def test_a_function_cannot_be_stored() -> None:
    with pytest.raises(feel.FeelValueError, match="不能作为数据保存"):
        feel.to_json(feel.evaluate("function(x) x"))


@settings(derandomize=True, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_a_decimal_of_fifteen_digits_survives_a_trip_through_json_text(number: Decimal) -> None:
    text = json.dumps(feel.to_json(number))
    assert feel.from_json(json.loads(text)) == number


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(derandomize=True, deadline=None)
@given(json_values)
def test_json_data_comes_back_as_it_went_in(value: object) -> None:
    assert feel.to_json(feel.from_json(value)) == value


@settings(derandomize=True, deadline=None)
@given(json_values)
def test_the_text_of_a_value_read_as_an_expression_is_the_value(value: object) -> None:
    converted = feel.from_json(value)
    text = feel.evaluate("string([v])", {"v": converted})
    assert feel.evaluate(text) == [converted]
