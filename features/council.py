"""The council at work, in verbs: each does one step of the meeting in the name of the person whose step it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import inspect, text

from engine import deployments, instances, messages, user_tasks
from engine.clock import VirtualClock
from engine.deployments import Resource
from engine.runtime import Actor
from engine.timing import read_instant
from engine.user_tasks import UserTask
from features.community import (
    BODIES,
    COMMUNITY,
    COUNCIL,
    MODERATOR,
    NAMES,
    PARTY,
    PEOPLE,
    PROPOSER,
    RECORDER,
    SECRETARY,
    TELLERS,
)
from features.desk import Desk, Fill
from features.installation import models
from features.papers import Answers
from features.stages import Stages, stage
from features.striking import LEDGER, strike_off
from web.wiring import Product
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox
from workflows.moments import SHANGHAI

PROCESS = "deliberation_meeting"
IN_PERSON, BY_ALTERNATE, ABSENT = "本人到会", "候补代会", "缺席"


class Council(Desk):
    """A community with its deliberating bodies; ``body`` is the one a scenario speaks of."""

    kept_ballot: UserTask

    def __init__(self, product: Product, clock: VirtualClock, stages: Stages) -> None:
        super().__init__(product, clock)
        self.stages = stages
        self.body = COUNCIL

    # -- the way of a topic to the meeting -------------------------------------------------------------

    def propose(self, by: str = PROPOSER, **answers: Any) -> None:
        with self.work(by) as work:
            self.matter = instances.start(work, PROCESS, {})
        self.act(by, "topic_proposal", {"body_id": BODIES[self.body], **answers})

    def bring_from(self, message: str, number: str, told: Mapping[str, Any], by: str | None) -> None:
        """Let a matter of another process, with that number, ask for a deliberation; ``by`` nobody: by itself."""
        actor = self.actor(by) if by else Actor.system()
        with self.engine.work(actor, COMMUNITY) as work:
            asked = {"source_no": number, **told}
            assert messages.publish(work, message, number, asked) == 1
            (self.matter,) = (one.key for one in instances.find(work, started_by_me=True))
        self.reached = None

    def screen(self, **answers: Any) -> None:
        self.act(SECRETARY, "topic_screening", answers)

    def approve(self, **answers: Any) -> None:
        chair = self.holder(PARTY)
        self.act(chair, "party_approval", {"approved_by": PEOPLE[chair], **answers})

    @stage
    def bring_to_agenda(self, *, personal: bool = False, **approval: Any) -> None:
        """Propose, screen and approve."""
        self.propose()
        self.screen(personal_matter=personal)
        self.approve(**approval)

    def select(self, answers: Fill | None = None) -> None:
        self.act(SECRETARY, "stakeholder_selection", answers)

    def notify(self, meeting_at: str, **answers: Any) -> None:
        self.act(SECRETARY, "meeting_notice", {"meeting_at": _typed(meeting_at), **answers})

    @stage
    def convene(self, meeting_at: str, *, meeting_mode: str = "现场", **agenda: Any) -> None:
        """Everything up to the notice."""
        self.bring_to_agenda(**agenda)
        self.select()
        self.notify(meeting_at, meeting_mode=meeting_mode)

    # -- the meeting -----------------------------------------------------------------------------------

    def declare(self, seat: str, relation: str) -> None:
        self.act(self.holder(seat), "recusal_declaration", {"relation": relation, "detail": "如实申报。"})

    def decide_recusal(self, by: str, seat: str, result: str, substitute: str | None = None) -> None:
        """Decide the one open case, which must be that seat's."""
        (task,) = self.open_tasks("recusal_decision")
        assert PEOPLE[self.holder(seat)] == self.visible_at(task)["seat"]["person"]
        answers = {"recusal_result": result, "substitute": substitute, "decided_by": PEOPLE[by]}
        self.act(by, "recusal_decision", answers)

    @stage
    def hold_meeting(self) -> None:
        """Who was asked answers the invitation and declares no interest, and the hour comes."""
        self.each("recusal_declaration")
        self.each("rsvp")
        self.wait_until(read_instant(self.variables()["meeting_at"]))

    def sign_in(
        self,
        present: Iterable[str],
        *,
        ways: Mapping[str, str] | None = None,
        relations: Mapping[str, str] | None = None,
    ) -> None:
        """Register who is there; ``ways`` to be there and ``relations`` declared at the door go by seat name."""
        here, ways, relations = set(present), ways or {}, relations or {}

        def entry(seat: str) -> Answers:
            attend = ways.get(seat, IN_PERSON) if seat in here else ABSENT
            return {"attend": attend, "relation": relations.get(seat), "signed": seat in here}

        def sheet(shown: dict[str, Any]) -> Answers:
            return {"attendance": [row | entry(row["seat_name"]) for row in shown["attendance"]]}

        self.act(RECORDER, "sign_in", sheet)

    def reconvene(self, new_time: str) -> None:
        self.act(SECRETARY, "reconvene", {"new_time": _typed(new_time)})

    def days_after_meeting(self, days: int) -> str:
        """The same hour so many days after the meeting called last."""
        met = read_instant(self.variables()["meeting_at"]).astimezone(SHANGHAI)
        return (met + timedelta(days=days)).strftime("%Y-%m-%d %H:%M")

    def deliberate(self, **answers: Any) -> None:
        self.act(MODERATOR, "deliberation_record", answers)

    @stage
    def meet(self, meeting_at: str, count: int, **agenda: Any) -> None:
        """Everything up to the motion, with so many seats present."""
        self.convene(meeting_at, **agenda)
        self.hold_meeting()
        self.sign_in(self.some_seats(count))
        self.deliberate()

    # -- the vote --------------------------------------------------------------------------------------

    def move(self, **answers: Any) -> None:
        deadline = self.days_after_meeting(40)[:10]
        self.act(MODERATOR, "motion", {"deadline": deadline, **answers})

    def vote(self, choices: Iterable[str], **answers: Any) -> None:
        """The open ballots say these, in the order of the seats; what is left over stays open."""
        for task, choice in zip(self.open_tasks("ballot"), choices, strict=False):
            self.act(NAMES[task.assignee or ""], "ballot", {"choice": choice, **answers})

    def keep_ballot(self, voter: str) -> None:
        """Remember a voter's open ballot, to hand it in once more or too late."""
        (self.kept_ballot,) = (one for one in self.open_tasks("ballot") if one.assignee == PEOPLE[voter])

    def confirm_tally(self) -> None:
        self.act(TELLERS[0], "tally_confirm")

    @stage
    def resolve(self, meeting_at: str) -> None:
        """Everything up to a motion carried by eight seats."""
        self.meet(meeting_at, 8)
        self.move()
        self.vote(["同意"] * 6 + ["反对", "弃权"])
        self.confirm_tally()

    def box(self) -> BallotBox:
        """The box of the latest vote."""
        with self.look() as work:
            return ballots.get(work.connection, COMMUNITY, self.variables()["ballot_box"])

    # -- what follows ----------------------------------------------------------------------------------

    def write_minutes(self, **answers: Any) -> None:
        self.act(RECORDER, "minutes", answers)

    def review_objection(self, finding: str, remedy: str, *members: str) -> None:
        """The supervisors named are of one opinion; the first of them hands it in."""
        votes = [{"member": PEOPLE[name], "opinion": finding} for name in members]
        self.act(members[0], "objection_review", {"finding": finding, "remedy": remedy, "votes": votes})

    def assign(self, **answers: Any) -> None:
        self.act(self.holder(PARTY), "assignment", answers)

    def ledger_entry(self) -> UserTask:
        """The ledger's open task about this matter."""
        with self.elsewhere(LEDGER):
            (task,) = self.open_tasks()
        return task

    def close_ledger(self) -> None:
        strike_off(self)

    def redeploy(self, by: str, file: str = "", old: str = "", new: str = "") -> None:
        """Deploy one of the product's models with a change, or all of them as they are."""
        assert self.product.is_administrator(self.actor(by))
        found = [Resource(path.name, path.read_bytes()) for path in models() if path.name.endswith(file)]
        changed = [replace(one, content=one.content.replace(old.encode(), new.encode())) for one in found]
        assert (changed != found) is bool(file), f"{file} 里没有“{old}”"
        with self.work(by) as work:
            deployments.deploy(work, changed)

    # -- seats and tables ------------------------------------------------------------------------------

    def seats(self) -> list[dict[str, Any]]:
        """The seat table of the deliberating body."""
        with self.look() as work:
            offered = self.product.offered(work.connection, {"body_id": BODIES[self.body]})
        seats: list[dict[str, Any]] = offered["council_seats"]
        return seats

    def seat_names(self) -> list[str]:
        return [seat["seat_name"] for seat in self.seats()]

    def some_seats(
        self, count: int, *, including: Iterable[str] = (), without: Iterable[str] = ()
    ) -> list[str]:
        """So many seats: those named, then the others in their order; vacant ones never."""
        roster = [seat["seat_name"] for seat in self.variables()["roster"]]
        named = [*including]
        others = [seat for seat in roster if seat not in named and seat not in [*without]]
        found = [*named, *others][:count]
        assert len(found) == count, f"凑不齐 {count} 个席位：{found}"
        return found

    def holder(self, seat: str) -> str:
        """Who holds a seat."""
        return next(NAMES[row["titular"]] for row in self.seats() if row["seat_name"] == seat)

    def visible_at(self, task: UserTask) -> dict[str, Any]:
        """The variables somebody sees who opens that task."""
        with self.look() as work:
            return user_tasks.context(work, task.key)

    def rows_of_all_tables(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that lies in the database, table by table, as whoever may read it all would find it."""
        with self.engine.store.snapshot() as connection:
            names = inspect(connection).get_table_names()
            return {
                name: [dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]  # noqa: S608
                for name in names
            }


def _typed(moment: str) -> str:
    return moment.replace(" ", "T")
