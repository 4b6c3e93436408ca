"""The half-yearly review at work, in verbs: two grids with their people, a panel drawn by lot, tellers, supervisors."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine import instances, user_tasks, worklist
from engine.clock import VirtualClock
from engine.runtime import Actor
from engine.timing import read_instant
from engine.user_tasks import UserTask
from features import community
from features.community import COMMUNITY, GRID, SUPERVISOR, TELLERS
from features.desk import Desk, local
from features.papers import Answers, attachments
from web.wiring import Product
from workflows.moments import SHANGHAI
from workflows.reviews import options, store
from workflows.reviews.model import Candidate, Category, Rating, Review, Standing
from workflows.reviews.rules import SEATED

PROCESS = "semiannual_review"
BEGINNING = local("2026-11-02 09:00")
MEETING = "2026-11-20T15:00"
OTHER_GRID = "jsjy-g13"
GRIDS = {"第12网格": GRID, "第13网格": OTHER_GRID}
ORGANISER, SECRETARY, WORKER, OTHER_SECRETARY = "韦立新", "何春兰", "彭永安", "俞佩瑶"
"""Who organises, the secretary and the worker of grid 12, and the secretary of grid 13."""

_NUMBERS = "一二三四五六七八九"
_SIZES = {"居民": 40, "人大": 6, "政协": 7, "驻区": 9, "楼长": 6}
_POSTS = {"人大": "deputy", "政协": "cppcc", "驻区": "unit_delegate", "楼长": "building_leader"}
QUOTA = {
    Category.RESIDENT: 12,
    Category.DEPUTY: 2,
    Category.CPPCC: 1,
    Category.UNIT: 4,
    Category.OTHER: 2,
}
"""Twenty-one on a panel, as in the demonstration's twelfth grid."""
CRITERIA = [{"indicator": "走访服务", "weight": 60}, {"indicator": "事项办理", "weight": 40}]

PEOPLE = {
    f"{kind}{number}": f"{prefix}-{_POSTS.get(kind, 'resident')}-{n:02}"
    for prefix, mark in (("g12", ""), ("g13", "外"))
    for kind, size in _SIZES.items()
    for n in range(1, size + 1)
    for number in (mark + str(n),)
}
"""Those who may be drawn, by a name nobody has: ``居民1``, ``人大外2`` (of the other grid)."""


def organisation() -> dict[str, Any]:
    """The council's community with two grids full of people."""
    everything = community.organisation()
    other = {"id": OTHER_GRID, "kind": "grid", "name": "金色嘉苑第13网格", "parent": COMMUNITY}
    posts = [
        (ORGANISER, "organiser", COMMUNITY),
        (SECRETARY, "grid_secretary", GRID),
        (WORKER, "grid_worker", GRID),
        (OTHER_SECRETARY, "grid_secretary", OTHER_GRID),
    ]
    own = [{"person": community.PEOPLE[name], "role": role, "place": place} for name, role, place in posts]
    return everything | {
        "places": [*everything["places"], other],
        "people": [*everything["people"], *(_somebody(name, id_) for name, id_ in PEOPLE.items())],
        "posts": [*everything["posts"], *own, *_delegates()],
    }


def _somebody(name: str, id_: str) -> dict[str, Any]:
    grid, kind, number = id_.split("-")
    home = f"jsjy-{grid}" if kind == "resident" else None
    gender = "女" if int(number) % 2 else "男"
    return {"id": id_, "name": name, "home": home, "gender": gender, "born": "1980-05-01"}


def _delegates() -> list[dict[str, Any]]:
    found = (id_.split("-") for id_ in PEOPLE.values())
    return [
        {"person": f"{grid}-{role}-{number}", "role": role, "place": f"jsjy-{grid}"}
        for grid, role, number in found
        if role != "resident"
    ]


class Start:
    """The database of the session at its beginning, and at stages many scenarios begin with."""

    def __init__(self, product: Product, database: Path) -> None:
        self.product = product
        self._database = database
        self._kept: dict[str, tuple[Path, Any, int]] = {}
        self.keep("", BEGINNING, 0)

    def keep(self, stage: str, hour: Any, matter: int) -> None:
        """Keep the present under that name."""
        self.product.store.close()
        copy = self._database.with_name(f"stage-{len(self._kept)}.db")
        shutil.copy(self._database, copy)
        self._kept[stage] = copy, hour, matter

    def kept(self, stage: str) -> bool:
        return stage in self._kept

    def restore(self, stage: str = "") -> Reviewing:
        """A scenario of its own, from that stage on."""
        copy, hour, matter = self._kept[stage]
        self.product.store.close()  # with its last connection SQLite writes its log into the file
        shutil.copy(copy, self._database)
        return Reviewing(self.product, VirtualClock(hour), matter)

    def reach(self, review: Reviewing, stage: str, walk: Callable[[Reviewing], None]) -> None:
        """Bring a scenario that has done nothing yet to a stage: by walking the first time, then by copying."""
        if not self.kept(stage):
            walk(review)
            self.keep(stage, review.clock.now(), review.matter)
            return
        there = self.restore(stage)
        review.clock = review.engine.clock = there.clock
        review.matter = there.matter


class Reviewing(Desk):
    """A community that reviews the work of its grids."""

    kept_tasks: Sequence[UserTask] = ()
    """The evaluation as it was opened, to hand it in when it is over."""

    def __init__(self, product: Product, clock: VirtualClock, matter: int) -> None:
        super().__init__(product, clock)
        self.engine.clock = clock
        self.matter = matter

    def person(self, name: str) -> str:
        return PEOPLE.get(name) or super().person(name)

    # -- from the plan to the panel --------------------------------------------------------------------

    def begin(self, by: str = ORGANISER) -> None:
        """Start a review by hand."""
        with self.work(by) as work:
            self.matter = instances.start(work, PROCESS, {})

    def plan(self, *grids: str, **answers: Any) -> None:
        """Hand the plan in; ``grids`` by the names people call them."""
        chosen = [GRIDS[name] for name in grids or ("第12网格",)]
        usual = {
            "period": "2026下半年",
            "grids": chosen,
            "panel_size": 21,
            "quota": [{"category": str(name), "places": places} for name, places in QUOTA.items()],
            "criteria": CRITERIA,
            "meeting_at": MEETING,
            "place": "社区议事厅",
            "draw_seed": "407199261358",
        }
        self.do(ORGANISER, "review_plan", usual | answers)

    def verify(self, excluded: Sequence[Mapping[str, str]] = ()) -> None:
        """The supervisors look at the names."""
        given = {"excluded": list(excluded), "verified": True, "signatures": attachments(2)}
        self.do(SUPERVISOR, "sample_verify", given)

    def publicity_passes(self) -> None:
        self.wait_until(read_instant(self.variables()["roster_until"]))

    def reply(self, person: str, **answers: Any) -> None:
        """An invited person says whether they come."""
        self._roster(person, "evaluator_accept", {"accept": "参加", "need_help": [], **answers})

    def all_accept(self) -> None:
        """Everybody who is asked comes."""
        while self.open_tasks("evaluator_accept"):
            for one in self.pool(Standing.INVITED):
                self.reply(one.person)

    def report(self, by: str = SECRETARY, **answers: Any) -> None:
        """A grid's leader reports."""
        usual = {
            "duties": "走访住户，收集和上报问题，调解邻里纠纷。",
            "promises": "电话二十四小时有人接，小事当天办。",
            "report": "这半年每天在网格里走。" * 30,
            "problems": "夜间巡查少。",
            "plan": "周末也走访。",
        }
        self.do(by, "self_report", usual | answers)

    # -- the meeting -----------------------------------------------------------------------------------

    def to_the_meeting(self) -> None:
        self.wait_until(read_instant(self.variables()["meeting_at"]))

    def sign_in(self, present: Mapping[str, int], paper: int = 0) -> None:
        """So many of each grid sign in, the first of them for paper forms."""
        for task in self.open_tasks("review_sign_in"):
            with self.look() as work:
                panel = user_tasks.context(work, task.key)["panel"]
            here = present.get(panel["grid"], 0)
            rows = [
                {"code": row["code"], "name": row["name"], "person": row["person"], "present": n < here}
                | ({"way": "纸质", "ticket": f"P{n}"} if n < paper else {"way": "手机"} if n < here else {})
                for n, row in enumerate(options.members(self.pool(), panel["grid"]))
            ]
            self._hand_in(TELLERS[0], task, {"attendance": rows})
        self.kept_tasks = self.open_tasks("review_ballot")

    def vote(self, *ratings: Rating | str) -> None:
        """Those on their phones fill in their forms, one rating each, until the ratings are used up."""
        waiting = [one for one in self.pool() if one.way == "手机" and not self.has_voted(one.person)]
        for one, rating in zip(waiting, ratings, strict=False):
            self.evaluate(one.person, rating)

    def evaluate(self, person: str, overall: str, **answers: Any) -> None:
        scores = [{"indicator": row["indicator"], "rating": overall} for row in CRITERIA]
        self._roster(person, "review_ballot", {"scores": scores, "overall": overall, **answers})

    def has_voted(self, person: str) -> bool:
        with self.engine.look(self.acting(person), COMMUNITY) as work:
            return not any(task.element_id == "review_ballot" for task in worklist.page(work, "assigned"))

    def enter(self, who: str, element: str, sheet: Mapping[str, int]) -> None:
        """A teller enters what was counted; every criterion was answered like the whole."""
        answers = {name: sheet[name] for name in ("satisfied", "basically", "unsatisfied", "unknown")}
        items = ["总体评价", *(row["indicator"] for row in CRITERIA)]
        given = {name: sheet[name] for name in ("issued", "returned", "invalid")}
        counts = [{"item": item, **answers} for item in items]
        self.do(who, element, {**given, "counts": counts, "photo": attachments(1)})

    def certify(self, anomaly: str = "") -> None:
        self.do(
            TELLERS[0], "tally_certify", {"anomaly": anomaly, "signatures": [] if anomaly else attachments(2)}
        )

    # -- doing -------------------------------------------------------------------------------------------

    def do(self, who: str, element: str, answers: Answers) -> None:
        """A person hands in the open step of that element with exactly these answers."""
        with self.work(who) as work:
            self._complete(work, self._waiting_for(work, who, element), answers)

    def acting(self, person: str) -> Actor:
        found = self.product.actor(person)
        assert found is not None
        return found

    def _roster(self, person: str, element: str, answers: Answers) -> None:
        (task,) = self.open_tasks(element)
        with self.engine.work(self.acting(person), COMMUNITY) as work:
            user_tasks.complete(work, task.key, answers)

    def _hand_in(self, who: str, task: UserTask, answers: Answers) -> None:
        with self.work(who) as work:
            self._complete(work, task, answers)

    def _complete(self, work: Any, task: UserTask, answers: Answers) -> None:
        if task.assignee is None:
            user_tasks.claim(work, task.key)
        user_tasks.complete(work, task.key, answers)

    # -- seeing ------------------------------------------------------------------------------------------

    def review(self) -> Review:
        with self.look() as work:
            return store.get(work.connection, COMMUNITY, self.instance().matter_no)

    def pool(self, *standings: Standing) -> list[Candidate]:
        with self.look() as work:
            return store.pool(work.connection, COMMUNITY, self.instance().matter_no, standings)

    def seated(self) -> list[Candidate]:
        return self.pool(*SEATED)

    def today(self) -> str:
        return f"{self.clock.now().astimezone(SHANGHAI):%Y-%m-%d}"
