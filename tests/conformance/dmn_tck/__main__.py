"""``python -m tests.conformance.dmn_tck [text]`` prints the figures, and each failure whose name holds the text."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tests.conformance.dmn_tck.tck import TCK, Outcome, cases, run


def share(title: str, outcomes: Sequence[Outcome]) -> str:
    """One line of figures."""
    passed = sum(outcome.passed for outcome in outcomes)
    return f"{title:<58}{passed:>6} / {len(outcomes):<6}{100 * passed / max(1, len(outcomes)):>7.2f} %"


def main(wanted: str) -> None:
    """Run everything and report."""
    started = time.perf_counter()
    outcomes = [run(case) for case in cases()]
    for outcome in outcomes:
        if not outcome.passed and wanted in outcome.case.id:
            case = outcome.case
            print(
                f"{case.id}\n    expected {case.expected!r}\n    got      {outcome.got!r}\n    {outcome.notes}"
            )
    without_java = [outcome for outcome in outcomes if not outcome.case.needs_java]
    third = [outcome for outcome in without_java if outcome.case.level == 3]
    print(share("level 2", [outcome for outcome in outcomes if outcome.case.level == 2]))
    print(share("level 3", [outcome for outcome in outcomes if outcome.case.level == 3]))
    print(share("level 3 without external Java", third))
    expecting = [outcome for outcome in third if outcome.case.expected is not None]
    print(share("level 3 without external Java, where a value is expected", expecting))
    print(f"{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    if not TCK.is_dir():
        print(f"跳过：没有 {TCK}")
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "\0")
