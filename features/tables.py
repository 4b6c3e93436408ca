"""The cases of the decision tables: what goes in, and what has to come out.

They stand in ``tables/<table>.csv``, one case a line: what it is about, the inputs, the outputs.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from engine import decisions

CASES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Case:
    """What goes into a table and what has to come out, each by name."""

    table: str
    what: str
    inputs: Mapping[str, object]
    outputs: Mapping[str, object]

    def holds(self, model: decisions.DecisionModel) -> bool:
        """Whether the table answers as it has to."""
        found = model.evaluate(self.table, self.inputs).value
        return found == self.outputs or [found] == list(self.outputs.values())


def cases(table: str, outputs: list[str]) -> tuple[Case, ...]:
    """The cases of a table whose outputs are named so; a cell that is no JSON number or truth value is a string."""
    path = CASES / f"{table}.csv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [{name: _value(cell) for name, cell in row.items()} for row in csv.DictReader(lines)]
    return tuple(
        Case(table, str(row.pop("case")), row, {name: row.pop(name) for name in outputs}) for row in rows
    )


def _value(cell: str) -> object:
    try:
        return json.loads(cell, parse_float=Decimal)
    except ValueError:
        return cell
