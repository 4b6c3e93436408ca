"""Files for spreadsheet programs: Chinese is read, nothing is executed."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from web import spreadsheets

HEADINGS = ["编号", "位置", "风险值", "登记时间"]
AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai
Row = list[spreadsheets.Cell]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x","y")',
    "-2+3+cmd|' /C calc'!A0",
)


def sheet(*rows: Row) -> etree._Element:
    file = io.BytesIO()
    spreadsheets.workbook(file, HEADINGS, rows)
    with zipfile.ZipFile(file) as parts:
        return etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))


def lines(*rows: Row) -> list[list[str]]:
    file = io.BytesIO()
    spreadsheets.comma_separated(file, HEADINGS, rows)
    content = file.getvalue()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Chinese"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_is_text_in_both_kinds_of_file(text: str) -> None:
    found = sheet(["TZ-1", text, 1, AT])
    assert list(found.iter(f"{MAIN}f")) == []
    (cell,) = (one for one in found.iter(f"{MAIN}c") if one.get("r") == "B2")
    assert cell.get("t") == "inlineStr"
    assert "".join(cell.itertext()).startswith("'")
    assert lines(["TZ-1", text, 1, AT])[1][1] == f"'{text}"


def test_numbers_are_numbers_and_instants_are_dates_in_shanghai() -> None:
    cells = {one.get("r"): one for one in sheet(["TZ-1", "", 12, AT]).iter(f"{MAIN}c")}
    assert (cells["C2"].get("t"), cells["C2"].findtext(f"{MAIN}v")) == (None, "12")
    assert float(cells["D2"].findtext(f"{MAIN}v") or 0) == pytest.approx(46348 + 9.5 / 24)
    assert "B2" not in cells
    assert lines(["TZ-1", None, 12, AT])[1] == ["TZ-1", "", "12", "2026-11-22 09:30"]


def test_headings_come_first_and_chinese_stays_chinese() -> None:
    assert lines(["TZ-1", "12号楼，车库", 1, None]) == [HEADINGS, ["TZ-1", "12号楼，车库", "1", ""]]
    assert "12号楼" in "".join(sheet(["TZ-1", "12号楼", 1, None]).itertext())


@given(st.text())
def test_no_text_at_all_begins_like_a_formula(text: str) -> None:
    assert not spreadsheets.inert(text).startswith(spreadsheets.EXECUTED)
    assert spreadsheets.inert(text).removeprefix("'") in (text, text.removeprefix("'"))


def test_a_text_longer_than_a_cell_can_hold_does_not_break_the_file() -> None:
    assert len("".join(sheet(["TZ-1", "长" * 40_000, 1, None]).itertext())) < 40_000
