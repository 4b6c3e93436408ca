"""No scenario of the living specifications vanishes in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from features import lint
from tests.architecture.sources import ROOT

FEATURES = sorted((ROOT / "features").glob("*.feature"))

GOOD = """\
# language: zh-CN
功能: 到会

  规则: 三分之二以上

    场景大纲: 到了 <到会> 席
      依据：设计值
      当 <到会> 席签到
      那么会议有效

      例子:
        | 到会 |
        | 6    |
        | 8    |
"""


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.name)
def test_a_feature_file_falls_into_no_silent_trap(path: Path) -> None:
    assert lint.findings(path) == []


def test_as_many_scenarios_are_collected_as_are_written() -> None:
    written = sum(one.runs for path in FEATURES for one in lint.scenarios(path.read_text("utf-8")))
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "features", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert sum("::" in line for line in collected.splitlines()) == written > 0


def test_a_sound_file_has_no_findings(tmp_path: Path) -> None:
    assert found_in(tmp_path, GOOD) == ""
    assert [one.runs for one in lint.scenarios(GOOD)] == [2]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("场景大纲: 到了", "场景大纲：到了", "全角冒号"),
        ("规则: 三", "规则： 三", "全角冒号"),
        ("      依据", "      当六席到会时，会议有效。\n      依据", "第一行应写明"),
        ("那么会议有效", "当前到会有效\n那么会议有效", "“当前”会被读成步骤"),
        ("当 <到会> 席签到", "When <到会> 席签到", "英文关键词"),
        ("    场景大纲", "    ＠法定人数\n    场景大纲", "全角"),
        ("当 <到会> 席签到", "当 <实到> 席签到", "“<实到>”没有这一列"),
        ("到了 <到会> 席\n", "到了六席\n", ""),
        ("| 到会 |", "| 到会 | 结论 |", "“结论”这一列没有用到"),
        ("        | 6    |\n        | 8    |\n", "", "没有例子"),
        ("那么会议有效", "而且会议有效", "没有一句“那么”"),
        ("# language: zh-CN\n", "", "第一行应为"),
    ],
)
def test_each_trap_is_found(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    found = found_in(tmp_path, GOOD.replace(right, wrong))
    assert said in found
    assert bool(found) is bool(said)


def test_two_scenarios_with_one_name_are_found_even_under_two_rules(tmp_path: Path) -> None:
    rule = GOOD[GOOD.index("  规则") :]
    assert found_in(tmp_path, GOOD + rule).count("重名") == 2


def test_a_byte_order_mark_is_found(tmp_path: Path) -> None:
    assert "BOM" in found_in(tmp_path, "\ufeff" + GOOD)


def found_in(folder: Path, text: str) -> str:
    file = folder / "样例.feature"
    file.write_text(text, encoding="utf-8")
    return "\n".join(lint.findings(file))
