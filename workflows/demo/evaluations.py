"""The demonstration's half-yearly reviews, step by step, in the past.

A review is data (``data/reviews.json``): which half-year, which grids, what was counted; the steps stand here. One is
over, with its report published; the other asks its reviewers whether they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.timing import read_instant
from workflows.demo.answers import local_text
from workflows.demo.player import Player

PROCESS, PLAN = "semiannual_review", "review_plan"
MEETING_DAY = 30
"""Days from the plan to the meeting: ten working days, the longest holidays included."""
OVERALL = "总体评价"
TWO_SIGNATURES = {"signatures": ["签名1.png", "签名2.png"]}


def play_one(player: Player) -> None:
    """Every step up to the one after which the review waits."""
    _plan(player)
    for name, act in _STEPS:
        act(player)
        _decide_extension(player)
        if name == player.matter["until"]:
            return


def _plan(player: Player) -> None:
    player.wait_until(player.moment(0, "09:00"))
    player.begin(PROCESS)
    period = player.variables()["periods"][int(player.matter["period"])]["value"]
    meeting_at = local_text(player.moment(MEETING_DAY, "15:00"))
    player.do(PLAN, {"period": period, "meeting_at": meeting_at, "draw_seed": None, **player.matter["plan"]})


def _verify(player: Player) -> None:
    player.wait_until(player.moment(1, "10:00"))
    player.do("sample_verify", {"excluded": [], "verified": True}, TWO_SIGNATURES)


def _reply(player: Player) -> None:
    """Everybody who is asked comes, or so many of them as the data says; the names may still be on the board."""
    player.wait_until(read_instant(player.variables()["roster_until"]))
    player.ask_all("evaluator_accept", {"accept": "参加"}, player.matter.get("accept"))


def _report(player: Player) -> None:
    player.do_each("self_report", lambda _visible: player.matter["report"])


def _meet(player: Player) -> None:
    player.wait_until(player.moment(MEETING_DAY, "15:00"))
    present = int(player.matter["present"])
    for number, task in enumerate(player.tasks("review_sign_in")):
        rows = player.panel_members(task)
        signed = [
            {**row, "present": n < present, "way": "纸质", "ticket": f"{number + 1}-{n + 1:02}"}
            for n, row in enumerate(rows)
        ]
        player.do("review_sign_in", {"attendance": signed}, by=player.matter["tellers"][0])


def _count(player: Player) -> None:
    """The tellers differ at first, then count again and agree."""
    player.wait_until(player.moment(MEETING_DAY, "15:40"))
    right, wrong = player.matter["sheets"]
    _enter(player, right, wrong)
    _enter(player, right, right)
    player.do("tally_certify", {}, TWO_SIGNATURES)


def _enter(player: Player, *sheets: Mapping[str, int]) -> None:
    indicators = [row["indicator"] for row in player.matter["plan"]["criteria"]]
    for step, teller, sheet in zip(
        ("paper_entry_a", "paper_entry_b"), player.matter["tellers"], sheets, strict=True
    ):
        entry: dict[str, Any] = {
            "issued": player.matter["present"],
            "returned": player.matter["returned"],
            "invalid": player.matter["invalid"],
            "counts": [{"item": item, **sheet} for item in (OVERALL, *indicators)],
        }
        player.do(step, entry, {"photo": ["计票单.png"]}, by=teller)


def _accept_result(player: Player) -> None:
    player.wait_until(player.moment(MEETING_DAY + 2, "10:00"))
    player.do_each("subject_statement", lambda _visible: {"accept_result": "认可"})


def _publish(player: Player) -> None:
    player.wait_until(read_instant(player.variables()["result_until"]))
    player.do("review_report", player.matter["words"])


def _decide_extension(player: Player) -> None:
    """The end of the half-year may lie in the middle of the story."""
    player.do_each(
        "extension_decision", lambda _visible: {"decision": "同意延期", "merge_reason": "代表时间难凑齐。"}
    )


_STEPS: tuple[tuple[str, Callable[[Player], None]], ...] = (
    ("verified", _verify),
    ("replies", _reply),
    ("self_reports", _report),
    ("meeting", _meet),
    ("count", _count),
    ("statement", _accept_result),
    ("report", _publish),
)
