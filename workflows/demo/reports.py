"""The demonstration's issues, step by step, in the past.

An issue is data (``data/issues.json``): who reported it when, and what was done on which day by whom. It stops
where its steps end, and waits there for the present.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.timing import read_instant
from workflows.demo.answers import local_text
from workflows.demo.player import Player

PROCESS, REPORT = "issue_escalation", "issue_report"

NOW, DUE = "now", "due"
"""Stand in the data for the moment at which the step is done, and for the one by which the issue is due."""

SAME_FOR_ALL = {"people_affected": 1, "involves_minor": False, "anonymous": False, "consent": True}


def play_one(player: Player) -> None:
    """Report the issue and do its steps."""
    player.wait_until(player.moment(0, player.matter["clock"]))
    report = {**SAME_FOR_ALL, **player.matter["report"]}
    player.start(PROCESS, REPORT, report, player.matter.get("files"))
    for step in player.matter["steps"]:
        player.wait_until(player.moment(int(step["day"]), step["clock"]))
        player.do(step["step"], _written(player, step["data"]), step.get("files"), step.get("by"))


def _written(player: Player, data: Mapping[str, Any]) -> dict[str, Any]:
    words = {NOW: player.now()}
    if DUE in data.values():
        words[DUE] = read_instant(player.variables()["due_at"])
    moments = {word: local_text(moment) for word, moment in words.items()}
    return {
        name: moments.get(value, value) if isinstance(value, str) else value for name, value in data.items()
    }
