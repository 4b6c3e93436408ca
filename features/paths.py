"""Which ways through the models the scenarios have gone, and whether any was forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from features import lint
from features.council import PROCESS, Council

HERE = Path(__file__).parent

NEVER_TAKEN: Mapping[str, str] = {
    "gw_outcome_to_meeting_failed": "到会无效的会议走不到表决，这条线只是最后一道防线",
}
"""Sequence flows no scenario can take, and why."""


class Paths:
    """The sequence flows taken so far in the session, of all versions of the council's process."""

    def __init__(self) -> None:
        self._drawn: set[str] = set()
        self._taken: set[str] = set()

    def follow(self, council: Council) -> None:
        """Note which way the scenario's matter went."""
        matter = council.instance()
        if matter.process_id != PROCESS:
            return
        with council.look() as work:
            model = council.engine.catalogue.model(work.connection, matter.definition_key)
        self._drawn |= set(model.flows)
        self._taken |= {event.element_id for event in council.timeline() if event.kind == "FLOW_TAKEN"}

    def forgotten(self) -> set[str]:
        """The flows nobody took, without those that nobody can."""
        return self._drawn - self._taken - set(NEVER_TAKEN)


def all_scenarios_ran(session: pytest.Session) -> bool:
    """Whether this session ran every scenario that is written, in this one process, and none failed."""
    written = sum(
        one.runs for path in HERE.glob("*.feature") for one in lint.scenarios(path.read_text("utf-8"))
    )
    here = sum(item.path.parent == HERE for item in session.items)
    return here == written and not session.testsfailed and not hasattr(session.config, "workerinput")
