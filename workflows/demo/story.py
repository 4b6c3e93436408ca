"""Plays the demonstration's matters with the real engine, in the past: every step is done by somebody entitled.

A matter is data (``data/matters.json``): when it began, what people wrote, and the step after which it waits
for the present. The steps themselves, and when they happen, stand here.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from engine import instances, messages, timers, user_tasks, worker
from engine.runtime import Actor, Engine, Work
from engine.user_tasks import UserTask
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.calendar.model import Unit
from workflows.demo import answers
from workflows.moments import SHANGHAI, local_date
from workflows.organisation import store as organisation
from workflows.organisation.options import seat_table

PROCESS = "deliberation_meeting"
LEDGER = "hazard_ledger"

BEFORE_AND_AFTER = ("整改前.png", "整改后.png")

Matter = Mapping[str, Any]
Files = Mapping[str, Sequence[str]]
Keep = Callable[[Work, int, str], Mapping[str, Any]]
"""Keeps a sample file for a matter (its instance key) under a name, and gives the reference forms store."""


def no_file(_work: Work, _instance_key: int, name: str) -> Mapping[str, Any]:
    """A reference without a file behind it, where the caller stores none."""
    return {"id": f"demo-{name}", "name": name, "size": 0, "type": mimetypes.guess_type(name)[0]}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of every matter: its name, days after the matter began, time of day, and who does what."""

    name: str
    day: int
    clock: str
    act: Callable[[Player], None]


def play(engine: Engine, community: str, story: Mapping[str, Any], keep: Keep) -> None:
    """Play all matters in the order they began; afterwards nothing is due any more."""
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
    for matter in sorted(story["matters"], key=lambda one: -int(one["days_ago"])):
        Player(past, clock, community, matter, keep, present).play()
    worker.run_due(engine, community)


class StoryClock:
    """A clock that each matter of the story sets back to its own beginning."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


class Player:
    """Plays one matter, never beyond the present."""

    def __init__(
        self,
        engine: Engine,
        clock: StoryClock,
        community: str,
        matter: Matter,
        keep: Keep,
        present: datetime,
    ) -> None:
        self.matter = matter
        self.key = 0
        self._community = community
        self._keep = keep
        self._present = present
        self._first_day = local_date(present) - timedelta(days=int(matter["days_ago"]))
        self._engine = engine
        self._clock = clock
        self._clock.moment = self._moment(0, time(8, 30))
        self._actors: dict[str, Actor] = {}

    def play(self) -> None:
        """Every step up to the one after which the matter waits."""
        for step in STEPS:
            self._wait_until(self._moment(step.day, time.fromisoformat(step.clock)))
            step.act(self)
            if step.name == self.matter["until"]:
                return

    def claim(self, step: str) -> None:
        """Somebody takes the step upon them."""
        task = self._task(step)
        with self._engine.work(self._doer(task), self._community) as work:
            user_tasks.claim(work, task.key)

    def start(self, data: Mapping[str, Any]) -> None:
        """The initiator starts the matter and hands the topic in."""
        with self._engine.work(self._actor(self.matter["initiator"]), self._community) as work:
            self.key = instances.start(work, PROCESS, {})
        self.do("topic_proposal", data)

    def do(self, step: str, data: Mapping[str, Any], files: Files | None = None) -> None:
        """Whoever has to do the step does it; ``files`` names the samples of each file field."""
        self._complete(self._task(step), data, files or {})

    def do_each(self, step: str, given: Callable[[Mapping[str, Any]], Mapping[str, Any] | None]) -> None:
        """Everybody who has the step answers; who is given nothing to answer leaves it open."""
        for task in self.tasks(step):
            with self._engine.look(self._doer(task), self._community) as work:
                data = given(user_tasks.context(work, task.key))
            if data is not None:
                self._complete(task, data, {})

    def tasks(self, step: str) -> list[UserTask]:
        """The matter's open tasks of a step."""
        with self._engine.look(Actor.system(), self._community) as work:
            return [one for one in user_tasks.of_instance(work, self.key) if one.element_id == step]

    def variables(self) -> dict[str, Any]:
        """What the matter holds."""
        with self._engine.look(Actor.system(), self._community) as work:
            return instances.variables(work, self.key)

    def seat_table(self, body: str) -> list[dict[str, Any]]:
        """The seats of the body with those who hold them."""
        with self._engine.store.snapshot() as connection:
            return seat_table(connection, body)

    def tell(self, message: str, person: str, data: Mapping[str, Any]) -> None:
        """A person sends the matter a message."""
        number = str(self.variables()["matter_no"])
        with self._engine.work(self._actor(person), self._community) as work:
            messages.publish(work, message, number, data)

    def close_ledger(self, data: Mapping[str, Any]) -> None:
        """The ledger entry this matter caused is closed."""
        number = self.variables()["matter_no"]
        with self._engine.look(Actor.system(), self._community) as work:
            mine = [
                one.key
                for one in instances.find(work, state="ACTIVE")
                if one.process_id == LEDGER and instances.variables(work, one.key)["source_no"] == number
            ]
            entries = [task for key in mine for task in user_tasks.of_instance(work, key)]
        for entry in entries:
            self._complete(entry, data, {"evidence": BEFORE_AND_AFTER})

    def moment(self, days: int, clock: str) -> datetime:
        """A moment counted from the day the matter began."""
        return self._moment(days, time.fromisoformat(clock))

    def now(self) -> datetime:
        """The matter's present."""
        return self._clock.now()

    def is_short_notice(self, meeting: datetime) -> bool:
        """Whether fewer than three working days are left before a meeting."""
        with self._engine.store.snapshot() as connection:
            earliest = calendar_rules.due_at(calendar.load(connection), self.now(), 3, Unit.WORK_DAY)
        return meeting < earliest

    def _task(self, step: str) -> UserTask:
        tasks = self.tasks(step)
        if not tasks:
            raise LookupError(f"《{self.matter['proposal']['title']}》没有走到“{step}”这一步。")
        return tasks[0]

    def _complete(self, task: UserTask, data: Mapping[str, Any], files: Files) -> None:
        with self._engine.work(self._doer(task), self._community) as work:
            kept = {
                field: [self._keep(work, task.instance_key, name) for name in names]
                for field, names in files.items()
            }
            user_tasks.complete(work, task.key, {**data, **kept})

    def _doer(self, task: UserTask) -> Actor:
        return self._actor(task.assignee or next(self._candidates(task)))

    def _candidates(self, task: UserTask) -> Iterator[str]:
        yield from task.candidate_users
        with self._engine.store.snapshot() as connection:
            for group in task.candidate_groups:
                yield from organisation.members(connection, group, local_date(self._clock.now()))

    def _actor(self, person: str) -> Actor:
        if person not in self._actors:
            with self._engine.store.snapshot() as connection:
                name = organisation.require_person(connection, person).name
                principals = organisation.principals(connection, person, local_date(self._clock.now()))
            self._actors[person] = Actor(person, name, principals)
        return self._actors[person]

    def _wait_until(self, moment: datetime) -> None:
        """Time passes, and what comes due meanwhile happens when it is due; never beyond the present."""
        goal = min(moment, self._present)
        while (due := self._next_due()) is not None and due <= goal:
            self._clock.moment = max(due, self._clock.moment)
            worker.run_due(self._engine, self._community)
        self._clock.moment = goal

    def _next_due(self) -> datetime | None:
        with self._engine.store.snapshot() as connection:
            return timers.next_due(connection)

    def _moment(self, days: int, clock: time) -> datetime:
        return datetime.combine(self._first_day + timedelta(days=days), clock, SHANGHAI)


def _propose(player: Player) -> None:
    player.start(answers.proposal(player.matter))


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


def _close_ledger(player: Player) -> None:
    today = local_date(player.now()).isoformat()
    player.close_ledger({"result": player.matter["result"], "completed_at": today})


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
    Step("ledger", LEDGER_DAY, "16:00", _close_ledger),
    Step("result", 46, "10:00", _publish_result),
    Step("feedback", 48, "20:00", _give_feedback),
)
"""The pace leaves room for the longest holidays; a meeting too soon after its notice is called urgent."""
