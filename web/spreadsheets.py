"""Tables as files that spreadsheet programs open: readable at once, and nothing in them is ever executed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

import xlsxwriter

from workflows.moments import SHANGHAI

Cell = str | int | datetime | None
Rows = Iterable[Sequence[Cell]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How text begins that a spreadsheet program may take for a formula (OWASP, CSV Injection)."""

LONGEST = 32_767
"""Signs a cell of a workbook can hold."""

_WIDTH = 18


def inert(text: str) -> str:
    """The text so that no program takes it for a formula: with an apostrophe before it where need be."""
    return f"'{text}" if text.startswith(EXECUTED) else text


def workbook(file: IO[bytes], headings: Sequence[str], rows: Rows) -> None:
    """Write an ``.xlsx`` of one sheet, row by row; dates are dates in Shanghai's time, numbers are numbers."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **plain})
    sheet = book.add_worksheet()
    dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.set_column(0, len(headings) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, _local(cell), dated)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, inert(cell)[:LONGEST])
    book.close()


def comma_separated(file: IO[bytes], headings: Sequence[str], rows: Rows) -> None:
    """Write a ``.csv`` with a byte order mark, by which Excel knows that it is UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    text.detach()


def _written(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return f"{_local(cell):%Y-%m-%d %H:%M}"
    return cell if isinstance(cell, int) else inert(cell or "")


def _local(instant: datetime) -> datetime:
    """The instant on Shanghai's clock, without a zone, for a spreadsheet knows none."""
    return instant.astimezone(SHANGHAI).replace(tzinfo=None)
