"""A stranger with the published list and seed draws the same panel."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from web import cli
from workflows.reviews import published, redraw, rules
from workflows.reviews.model import Candidate, Category
from workflows.reviews.redraw import Lot

SEED = "407199261358"


@pytest.fixture
def lots() -> list[Lot]:
    people = [Candidate(f"u{n:04}", "", "g12", Category.RESIDENT) for n in range(40)]
    drawn = rules.drawn(people, SEED, {Category.RESIDENT: 12})
    return [
        Lot(
            "第12网格",
            str(one.category),
            one.person,
            12,
            one.lot,
            one.position,
            rules.verdict(one.position, 12),
        )
        for one in drawn
    ]


def test_the_published_file_reads_back_as_it_was_drawn(lots: list[Lot]) -> None:
    assert redraw.read(published.as_csv(lots)) == lots
    assert redraw.comparison(lots[::-1], SEED) == (lots, [])


def test_another_seed_or_a_changed_line_is_noticed(lots: list[Lot]) -> None:
    assert redraw.comparison(lots, "000000000000")[1]
    favoured = [replace(lots[0], verdict="未抽中"), *lots[1:]]
    assert redraw.comparison(favoured, SEED)[1] == [lots[0].person]


def test_the_command_says_whether_it_is_the_same(
    lots: list[Lot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "draw.csv"
    file.write_text(published.as_csv(lots), "utf-8")
    assert cli.main(["redraw", str(file), "--seed", SEED]) == 0
    said = capsys.readouterr().out
    assert said.count("正式") == 12
    assert said.endswith("与公布的一致。\n")
    assert cli.main(["redraw", str(file), "--seed", "1"]) == 1
    assert "与公布的不一致" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("甲,乙\n1,2\n", "不是公布的候选库"),
        ("网格,类别,人员编号,名额,签（sha256）,次序,结果\na,b,c,x,e,1,g\n", "整数"),
    ],
)
def test_another_file_is_refused_with_what_to_do(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.csv"
    file.write_text(text, "utf-8")
    assert cli.main(["redraw", str(file), "--seed", SEED]) == 1
    assert said in capsys.readouterr().err


def test_any_tool_that_knows_sha256_gives_the_same_lot(lots: list[Lot]) -> None:
    one = lots[0]
    told = subprocess.run(
        ["sha256sum"], input=f"{SEED}|{one.person}".encode(), capture_output=True, check=True
    )
    assert told.stdout.decode().split()[0] == one.lot
