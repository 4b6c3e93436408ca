"""``python -m bench.feel`` prints how long compiling and evaluating take."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable, Mapping
from typing import Any

from engine import feel
from engine.feel.expression import _compile
from engine.feel.registry import NO_FUNCTIONS

ROWS = [{"户": f"{i}", "选择": "同意" if i % 3 else "反对", "面积": 80 + i} for i in range(30)]

SCALARS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("同意数 >= 应到数 * 2/3 and 党组织同意", {"同意数": 20, "应到数": 30, "党组织同意": True}),
    ('if 金额 > 50000 then "大" else if 金额 > 1000 then "中" else "小"', {"金额": 3000}),
    ('date("2026-11-22") + duration("P3D")', {}),
    ('upper case(substring(名, 1, 3)) + "号"', {"名": "abcdef"}),
    ('类别 in ("电梯", "屋面") and 金额 in [1000..50000)', {"类别": "屋面", "金额": 3000}),
    ('matches(电话, "^1[3-9][0-9]{9}$")', {"电话": "13812345678"}),
)
LISTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ('count(票[选择 = "同意"])', {"票": ROWS}),
    ('sum(票[选择 = "同意"].面积) / sum(票.面积) >= 2/3', {"票": ROWS}),
    ("every v in 票 satisfies v.面积 > 50 and v.选择 != null", {"票": ROWS}),
)


def microseconds(work: Callable[[], object]) -> float:
    """The best of several rounds, in microseconds of processor time for one call."""
    timer = timeit.Timer(work, timer=time.process_time)
    number, _ = timer.autorange()
    return min(timer.repeat(repeat=7, number=max(1, number // 4))) / max(1, number // 4) * 1e6


def report(title: str, goal: str, table: tuple[tuple[str, Mapping[str, Any]], ...]) -> None:
    """One table: the expression, evaluated when compiled, with the look-up of what was compiled, compiled."""
    print(f"\n{title:<62}{'evaluate':>10}{'cached':>10}{'compile':>10}   µs ({goal})")
    for text, context in table:
        expression = feel.compile(text)
        names = frozenset[str]()
        print(
            f"{text[:60]:<62}"
            f"{microseconds(lambda e=expression, c=context: e.evaluate(c)):>10.2f}"
            f"{microseconds(lambda t=text, c=context: feel.compile(t).evaluate(c)):>10.2f}"
            f"{microseconds(lambda t=text, n=names: _compile(t, False, n, NO_FUNCTIONS, {})):>10.0f}"
        )


if __name__ == "__main__":
    report("scalars", "evaluate ≤ 5, compile ≤ 2000", SCALARS)
    report("30 rows", "evaluate ≤ 80, compile ≤ 2000", LISTS)
