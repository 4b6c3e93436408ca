"""The pages of the living regulations say what held, what did not, and where nobody looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from features import report
from features.installation import models
from features.paths import NEVER_TAKEN

PROCESS = "deliberation_meeting"
FEATURE = "deliberation_voting.feature"


def record(outcome: str, *walked: str) -> dict[str, Any]:
    line = next(
        number
        for number, text in enumerate(
            (Path(report.__file__).parent / FEATURE).read_text("utf-8").splitlines(), 1
        )
        if text.strip().startswith("场景")
    )
    result = {"feature": FEATURE, "rule": "", "name": "一", "line": line, "outcome": outcome, "seconds": 0.1}
    result |= {"failed_step": "那么会议有效" if outcome == "failed" else "", "said": ""}
    return {
        "drawn": {PROCESS: list(walked)},
        "walked": {"features/test.py::test_a": {PROCESS: list(walked)}},
        "results": {"features/test.py::test_a": result},
    }


def page(target: Path, told: dict[str, Any], survivors: dict[str, list[str]] | None = None) -> str:
    report.write(target, models(), told, survivors)
    return (target / f"{PROCESS}.html").read_text("utf-8")


def test_a_way_nobody_went_is_named_and_one_nobody_can_go_has_its_reason(tmp_path: Path) -> None:
    text = page(tmp_path, record("passed", "sign_in", "gw_party_to_stakeholder_selection"))
    assert "签到 → " in text
    assert all(reason in text for reason in NEVER_TAKEN[PROCESS].values())
    assert 'class="task walked" data-element="sign_in"' in text
    assert "1 个场景全部成立" in text
    assert "这次没有查" in text


def test_a_scenario_that_fails_says_at_which_sentence(tmp_path: Path) -> None:
    text = page(tmp_path, record("failed", "sign_in"))
    assert "1 个场景不成立" in text
    assert "那么会议有效" in text


@pytest.mark.parametrize(
    ("questions", "said"), [([], "都有场景不再成立"), (["要补一个吗？"], "要补一个吗？")]
)
def test_what_nobody_notices_is_asked(tmp_path: Path, questions: list[str], said: str) -> None:
    assert said in page(tmp_path, record("passed", "sign_in"), {PROCESS: questions})


def test_the_index_leads_to_every_process(tmp_path: Path) -> None:
    page(tmp_path, record("passed", "sign_in"))
    index = (tmp_path / "index.html").read_text("utf-8")
    drawn = [path.stem for path in models() if path.suffix == ".bpmn"]
    assert all(f'href="{process}.html"' in index for process in drawn)
