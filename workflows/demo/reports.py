"""The demonstration's issues and what was found for the ledger, step by step, in the past.

Each is data (``data/issues.json``, ``data/ledger.json``): who reported it when, and what was done on which day by
whom. It stops where its steps end, and waits there for the present.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.timing import read_instant
from workflows.demo.answers import local_text
from workflows.demo.player import Player
from workflows.moments import local_date

ISSUE = ("issue_escalation", "issue_report")
FINDING = ("hazard_ledger", "ledger_entry")
"""A process and its first step."""

NOW, DUE = "now", "due"
"""Stand in the data for the moment at which the step is done, and for the one by which the issue is due."""

LATER = re.compile(r"\+(?P<days>\d+)")
"""Stands for the day so many days after the step."""

SAME_FOR_ALL = {"people_affected": 1, "involves_minor": False, "anonymous": False, "consent": True}


def play_issue(player: Player) -> None:
    """Report an issue and do its steps."""
    _play(player, ISSUE, {**SAME_FOR_ALL, **player.matter["report"]})


def play_finding(player: Player) -> None:
    """Enter what was found into the ledger and do its steps."""
    found_at = local_text(player.moment(0, player.matter["clock"]))
    _play(player, FINDING, {"found_at": found_at, **player.matter["report"]})


def _play(player: Player, first: tuple[str, str], report: Mapping[str, Any]) -> None:
    player.wait_until(player.moment(0, player.matter["clock"]))
    player.start(*first, report, player.matter.get("files"))
    for step in player.matter["steps"]:
        player.wait_until(player.moment(int(step["day"]), step["clock"]))
        player.do(step["step"], _written(player, step["data"]), step.get("files"), step.get("by"))


def _written(player: Player, data: Mapping[str, Any]) -> dict[str, Any]:
    words = {NOW: player.now()}
    if DUE in data.values():
        words[DUE] = read_instant(player.variables()["due_at"])
    moments = {word: local_text(moment) for word, moment in words.items()}

    def written(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        later = LATER.fullmatch(value)
        if later is not None:
            return (local_date(player.now()) + timedelta(days=int(later["days"]))).isoformat()
        return moments.get(value, value)

    return {name: written(value) for name, value in data.items()}
