"""Which ways through the models the scenarios have gone, and whether any was forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from engine import deployments, history, instances
from engine.history import HistoryEvent
from engine.runtime import Work
from features.desk import Desk

NEVER_TAKEN: Mapping[str, Mapping[str, str]] = {
    "deliberation_meeting": {
        "gw_outcome_to_meeting_failed": "到会无效的会议走不到表决，这条线只是最后一道防线",
    },
    "issue_escalation": {
        "gw_light_to_end_no_card": "网格和社区的黄牌到点必是黄牌，这条线只是表格的兜底",
        "gw_dept_light_to_end_dept_no_card": "部门的定时到点必有牌色，这条线只是表格的兜底",
    },
}
"""By process: the sequence flows no scenario can take, and why."""

_WALKED = ("ELEMENT_ENTERED", "FLOW_TAKEN", "TIMER_FIRED", "MESSAGE_CORRELATED", "DECISION_EVALUATED")

Walk = dict[str, set[str]]
"""By process or decision: the ids of the elements entered, the flows taken, the rules that matched."""


class Paths:
    """The sequence flows of every process deployed, and by scenario what was gone through."""

    def __init__(self) -> None:
        self.drawn: Walk = {}
        self.walked: dict[str, Walk] = {}

    def end(self, desk: Desk, scenario: str) -> None:
        """The end of every scenario: nothing is stuck, unsaid or missing from a record, and its ways are noted."""
        assert desk.stuck() == []
        assert desk.refusal is None, f"没有一句话说到这次拒绝：{desk.refusal}"
        walk: Walk = defaultdict(set)
        with desk.look() as work:
            if not self.drawn:
                self.drawn = _flows(desk, work)
            for matter in instances.find(work, limit=1000):
                assert history.verify(work, matter.key).intact, f"{matter.matter_no} 的记录链断了"
                for event in history.timeline(work, matter.key):
                    _note(walk, matter.process_id, event)
        self.walked[scenario] = dict(walk)

    def gone_through(self, process: str) -> set[str]:
        """The elements and flows of a process that some scenario went through."""
        return {one for walk in self.walked.values() for one in walk.get(process, ())}

    def forgotten(self) -> dict[str, list[str]]:
        """By process: the flows nobody took, without those that nobody can."""
        left = {
            process: sorted(flows - self.gone_through(process) - set(NEVER_TAKEN.get(process, {})))
            for process, flows in self.drawn.items()
        }
        return {process: flows for process, flows in left.items() if flows}

    # -- from one process of the test run to another -------------------------------------------------

    def told(self) -> dict[str, Any]:
        """Everything as JSON."""
        return {"drawn": _listed(self.drawn), "walked": {name: _listed(w) for name, w in self.walked.items()}}

    def add(self, told: Mapping[str, Any]) -> None:
        """Take in what another process has told."""
        self.drawn |= _sets(told["drawn"])
        self.walked |= {name: _sets(walk) for name, walk in told["walked"].items()}


def _flows(desk: Desk, work: Work) -> Walk:
    """The flows of every process that is deployed."""
    return {
        found.process_id: set(desk.engine.catalogue.model(work.connection, found.key).flows)
        for found in deployments.definitions(work)
    }


def _note(walk: Walk, process: str, event: HistoryEvent) -> None:
    if event.kind in _WALKED:
        walk[process].add(event.element_id)
    if event.kind == "DECISION_EVALUATED":
        walk[event.data["decision"]] |= {str(rule) for rule in event.data["rules"]}


def _listed(walk: Walk) -> dict[str, list[str]]:
    return {name: sorted(ids) for name, ids in walk.items()}


def _sets(walk: Mapping[str, list[str]]) -> Walk:
    return {name: set(ids) for name, ids in walk.items()}
