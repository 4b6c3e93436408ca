"""A whole half-yearly review with a thousand reviewers, over the product as it is put together: forms, calendar, tables.

Forty grids with a panel of twenty-five each. Everybody confirms, everybody signs in, everybody fills in the form on the
phone; what is measured is the processor time of this process from the plan to the grades.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine import instances, user_tasks, worker
from engine.clock import VirtualClock
from engine.runtime import Actor
from engine.timing import read_instant
from engine.user_tasks import UserTask
from web import startup
from web.settings import Settings
from web.wiring import Product, build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation
from workflows.reviews import options, store
from workflows.reviews.model import Candidate, Standing

PLACE, BEGINNING = "jsjy", datetime(2026, 11, 2, 1, tzinfo=UTC)
HOST = "host"
PANEL = {"居民代表": 13, "人大代表": 3, "政协委员": 2, "驻区代表": 4, "其他": 3}
POSTS = {"人大代表": "deputy", "政协委员": "cppcc", "驻区代表": "unit_delegate", "其他": "building_leader"}
RATINGS = ("满意", "满意", "基本满意", "不满意", "不了解")
CRITERIA = [{"indicator": "走访服务", "weight": 60}, {"indicator": "事项办理", "weight": 40}]
FILE = {"id": "f", "name": "签名.png", "size": 1, "type": "image/png"}

Seconds = dict[str, float]


def measure(url: str, folder: Path, grids: int) -> Seconds:
    """Seconds of processor time for each part, and for all of them together."""
    hall = Hall(url, folder, grids)
    spent: Seconds = {}
    with _timed(spent, "review_open_cpu_s"):
        hall.opens()
    with _timed(spent, "review_fill_cpu_s"):
        hall.fills_in()
    with _timed(spent, "review_close_cpu_s"):
        hall.closes()
    results = hall.results()
    hall.product.store.close()
    assert len(results) == grids
    assert sum(row["valid"] for row in results) == grids * sum(PANEL.values())
    return spent | {"review_cpu_s": sum(spent.values())}


@contextmanager
def _timed(spent: Seconds, name: str) -> Iterator[None]:
    before = time.process_time()
    yield
    spent[name] = time.process_time() - before


class Hall:
    """A community with so many grids, and everybody in it doing what a review asks of them."""

    def __init__(self, url: str, folder: Path, grids: int) -> None:
        self.grids = [f"jsjy-g{n:02}" for n in range(1, grids + 1)]
        settings = Settings(database_url=url, data_directory=folder / "var", community=PLACE)
        startup.migrate(settings)
        self.clock = VirtualClock(BEGINNING)
        self.product: Product = build(settings, self.clock)
        with self.product.store.transaction() as connection:
            calendar.seed(connection)
            import_organisation(connection, _organisation(self.grids))
        startup.deploy(self.product, startup.models())
        self.host = self._actor(HOST)
        self.key = 0

    def opens(self) -> None:
        """Plan, draw, names in public, everybody confirms, reports, sign-in: until the forms are open."""
        with self.product.engine.work(self.host, PLACE) as work:
            self.key = instances.start(work, "semiannual_review", {})
        self._do("review_plan", _plan(self.grids))
        self._do("sample_verify", {"excluded": [], "verified": True, "signatures": [FILE, FILE]})
        self._wait("roster_until")
        self._everybody("evaluator_accept", Standing.INVITED, lambda _number: {"accept": "参加"})
        self._wait("meeting_at")
        pool = self._pool(Standing.ACCEPTED)
        for task in self._tasks("review_sign_in"):
            self._sign_in(task, pool)

    def fills_in(self) -> None:
        """A thousand people, one form each, each a transaction of their own."""
        self._everybody("review_ballot", Standing.ACCEPTED, lambda number: _form(RATINGS[number % 5]))

    def closes(self) -> None:
        """Count, certify, grade, tell."""
        self._do("tally_certify", {"signatures": [FILE, FILE]})

    def results(self) -> list[dict[str, Any]]:
        with self.product.engine.look(Actor.system(), PLACE) as work:
            number = instances.get(work, self.key).matter_no
            return store.results(work.connection, PLACE, number)

    def _sign_in(self, task: UserTask, pool: list[Candidate]) -> None:
        with self.product.engine.work(self.host, PLACE) as work:
            grid = user_tasks.context(work, task.key)["panel"]["grid"]
            rows = [{**row, "present": True, "way": "手机"} for row in options.members(pool, grid)]
            user_tasks.claim(work, task.key)
            user_tasks.complete(work, task.key, {"attendance": rows})

    def _everybody(self, step: str, standing: Standing, answer: Any) -> None:
        (task,) = self._tasks(step)
        for number, one in enumerate(self._pool(standing)):
            with self.product.engine.work(self._actor(one.person), PLACE) as work:
                user_tasks.complete(work, task.key, answer(number))

    def _do(self, step: str, data: Mapping[str, Any]) -> None:
        (task,) = self._tasks(step)
        with self.product.engine.work(self.host, PLACE) as work:
            user_tasks.claim(work, task.key)
            user_tasks.complete(work, task.key, data)

    def _tasks(self, step: str) -> list[UserTask]:
        with self.product.engine.look(Actor.system(), PLACE) as work:
            return [one for one in user_tasks.of_instance(work, self.key) if one.element_id == step]

    def _pool(self, standing: Standing) -> list[Candidate]:
        with self.product.engine.look(Actor.system(), PLACE) as work:
            number = instances.get(work, self.key).matter_no
            return store.pool(work.connection, PLACE, number, [standing])

    def _wait(self, until: str) -> None:
        with self.product.engine.look(Actor.system(), PLACE) as work:
            target = read_instant(instances.variables(work, self.key)[until])
        while self.clock.now() < target:
            self.clock.set(min(target, self.clock.now() + timedelta(days=1)))
            worker.run_due(self.product.engine)

    def _actor(self, person: str) -> Actor:
        found = self.product.actor(person)
        assert found is not None
        return found


def _plan(grids: list[str]) -> dict[str, Any]:
    return {
        "period": "2026下半年",
        "grids": grids,
        "panel_size": sum(PANEL.values()),
        "quota": [{"category": name, "places": places} for name, places in PANEL.items()],
        "criteria": CRITERIA,
        "meeting_at": "2026-11-20T15:00",
        "place": "社区议事厅",
        "draw_seed": "407199261358",
    }


def _form(rating: str) -> dict[str, Any]:
    scores = [{"indicator": row["indicator"], "rating": rating} for row in CRITERIA]
    return {"scores": scores, "overall": rating}


def _organisation(grids: list[str]) -> dict[str, Any]:
    people = [{"id": HOST, "name": "组织人"}]
    posts = [{"person": HOST, "role": role, "place": PLACE} for role in ("organiser", "supervisor", "teller")]
    for grid in grids:
        for category, places in PANEL.items():
            for n in range(places):
                id_ = f"{grid}-{category}-{n}"
                gender = "女" if n % 2 else "男"
                home = grid if category not in POSTS else None
                people.append({"id": id_, "name": f"某{n}", "home": home, "gender": gender})  # type: ignore[dict-item]
                if category in POSTS:
                    posts.append({"person": id_, "role": POSTS[category], "place": grid})
    outer = [
        ("d", "district", "区", None),
        ("s", "subdistrict", "街道", "d"),
        (PLACE, "community", "社区", "s"),
    ]
    return {
        "places": [
            *({"id": i, "kind": kind, "name": name, "parent": parent} for i, kind, name, parent in outer),
            *(
                {"id": grid, "kind": "grid", "name": f"第{n}网格", "parent": PLACE}
                for n, grid in enumerate(grids, 1)
            ),
        ],
        "people": people,
        "organisations": [],
        "posts": posts,
        "bodies": [
            {
                "id": "council",
                "community": PLACE,
                "place": PLACE,
                "kind": "council",
                "name": "议事会",
                "seats": [],
            }
        ],
    }
