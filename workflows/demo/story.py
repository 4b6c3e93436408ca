"""The demonstration's matters, step by step, in the past.

A matter is data (``data/matters.json``): when it began, what people wrote, and the step after which it waits
for the present. The steps themselves, and when they happen, stand here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import worker
from engine.runtime import Engine
from workflows.demo import answers, evaluations, reports
from workflows.demo.player import BEFORE_AND_AFTER, Keep, Player, StoryClock
from workflows.moments import local_date


@dataclass(frozen=True, slots=True)
class Step:
    """A step of every matter: its name, days after the matter began, time of day, and who does what."""

    name: str
    day: int
    clock: str
    act: Callable[[Player], None]


def play(engine: Engine, community: str, story: Mapping[str, Any], keep: Keep) -> None:
    """Play all topics, issues, findings and reviews, each sort in the order they began; then nothing is due any more.

    ``story`` has the matters of each sort by its name in :data:`_SORTS`; a sort it does not have is not played.
    """
    present = engine.clock.now()
    clock = StoryClock(present)
    past = Engine(
        engine.store,
        registry=engine.registry,
        groups=engine.groups,
        forms=engine.forms,
        numbering=engine.numbering,
        clock=clock,
    )
    for sort, play_one in _SORTS.items():
        for matter in sorted(story.get(sort, ()), key=lambda one: -int(one["days_ago"])):
            play_one(Player(past, clock, community, matter, keep, present))
    worker.run_due(engine, community)


def _play_one(player: Player) -> None:
    """Every step up to the one after which the matter waits."""
    for step in STEPS:
        player.wait_until(player.moment(step.day, step.clock))
        step.act(player)
        if step.name == player.matter["until"]:
            return


def _propose(player: Player) -> None:
    player.start("deliberation_meeting", "topic_proposal", answers.proposal(player.matter))


def _claim(player: Player) -> None:
    player.claim("topic_screening")


def _screen(player: Player) -> None:
    player.do("topic_screening", answers.screening(player.matter, player.now()))


def _approve(player: Player) -> None:
    player.do("party_approval", answers.approval(player.matter, player.variables()))


def _select(player: Player) -> None:
    body = player.variables()["body_id"]
    player.do("stakeholder_selection", answers.selection(player.matter, player.seat_table(body)))


def _notify(player: Player) -> None:
    meeting = player.moment(MEETING_DAY, "19:00")
    data = answers.notice(player.matter, meeting, urgent=player.is_short_notice(meeting))
    player.do("meeting_notice", data, {"materials": ["议题材料.pdf"]})


def _reply(player: Player) -> None:
    player.do_each("rsvp", lambda visible: answers.rsvp(player.matter, visible["seat"]))
    player.do_each("recusal_declaration", lambda visible: answers.declaration(player.matter, visible["seat"]))
    player.do_each("recusal_decision", answers.recusal_decision)


def _meet(player: Player) -> None:
    player.do("sign_in", answers.sign_in(player.matter, player.variables(), player.now()))


def _deliberate(player: Player) -> None:
    player.do("deliberation_record", answers.deliberation(player.matter, player.variables()))


def _move(player: Player) -> None:
    deadline = local_date(player.moment(LEDGER_DAY, "00:00"))
    player.do("motion", answers.motion(player.matter, deadline))


def _vote(player: Player) -> None:
    player.do_each("ballot", lambda visible: answers.ballot(player.matter, visible["voter"]["seat"]))


def _confirm_tally(player: Player) -> None:
    player.do("tally_confirm", {}, {"signatures": ["监票人签名.png", "计票人签名.png"]})


def _draft_minutes(player: Player) -> None:
    player.do("minutes", answers.minutes(player.matter, player.variables()))


def _confirm_minutes(player: Player) -> None:
    player.do_each("minutes_confirm", lambda _visible: {"agree_minutes": "确认"})


def _object(player: Player) -> None:
    if objection := player.matter.get("objection"):
        player.tell("msg_objection", objection["objector"], {**objection, "evidence": []})


def _review_objection(player: Player) -> None:
    if player.matter.get("objection"):
        player.do("objection_review", answers.objection_review(player.matter))


def _assign(player: Player) -> None:
    player.do("assignment", answers.assignment(player.matter, player.variables()))


def _enter_ledger(player: Player) -> None:
    with player.caused(LEDGER):
        player.do("intake_entry", answers.entry(player.matter, player.variables(), player.now()))
        player.do("assign", answers.order(player.variables()))


def _take_on(player: Player) -> None:
    with player.caused(LEDGER):
        player.do("receipt", {"receipt": "签收"})


def _put_right(player: Player) -> None:
    with player.caused(LEDGER):
        player.do("rectify", {"percent": 100, "note": player.matter["result"], "next_step": "close"})
        done = {"result": player.matter["result"], "completed_at": answers.local_text(player.now())}
        player.do("close_request", done, {"evidence": BEFORE_AND_AFTER})


def _accept(player: Player) -> None:
    with player.caused(LEDGER):
        player.do("acceptance", answers.acceptance(), {"photos": BEFORE_AND_AFTER[1:]})


def _strike_off(player: Player) -> None:
    with player.caused(LEDGER):
        player.do("close_approval", {"approve": "同意销号", "opinion": "资料齐全，同意销号。"})


def _publish_result(player: Player) -> None:
    player.do(
        "result_publication",
        {"result": player.matter["result"], "publish_days": 7},
        {"photos": BEFORE_AND_AFTER},
    )


def _give_feedback(player: Player) -> None:
    player.do_each(
        "result_feedback", lambda _visible: {"satisfaction": "满意", "comment": "晚上停车方便多了。"}
    )


LEDGER = "hazard_ledger"
MEETING_DAY = 10
LEDGER_DAY = 45

STEPS = (
    Step("proposal", 0, "09:10", _propose),
    Step("claim", 0, "14:00", _claim),
    Step("screening", 1, "10:00", _screen),
    Step("approval", 2, "15:00", _approve),
    Step("selection", 3, "09:30", _select),
    Step("notice", 3, "10:00", _notify),
    Step("replies", 4, "20:00", _reply),
    Step("meeting", MEETING_DAY, "19:05", _meet),
    Step("deliberation", MEETING_DAY, "20:00", _deliberate),
    Step("motion", MEETING_DAY, "20:20", _move),
    Step("vote", MEETING_DAY, "20:25", _vote),
    Step("tally", MEETING_DAY, "20:40", _confirm_tally),
    Step("minutes", 12, "10:00", _draft_minutes),
    Step("confirmation", 12, "20:00", _confirm_minutes),
    Step("objection", 14, "09:00", _object),
    Step("review", 16, "10:00", _review_objection),
    Step("assignment", 33, "09:30", _assign),
    Step("ledger", 33, "15:00", _enter_ledger),
    Step("receipt", 34, "09:00", _take_on),
    Step("rectified", LEDGER_DAY, "09:00", _put_right),
    Step("accepted", LEDGER_DAY, "15:00", _accept),
    Step("struck_off", LEDGER_DAY, "16:30", _strike_off),
    Step("result", 46, "10:00", _publish_result),
    Step("feedback", 48, "20:00", _give_feedback),
)
"""The pace leaves room for the longest holidays; a meeting too soon after its notice is called urgent."""

_SORTS: Mapping[str, Callable[[Player], None]] = {
    "matters": _play_one,
    "issues": reports.play_issue,
    "findings": reports.play_finding,
    "reviews": evaluations.play_one,
}
