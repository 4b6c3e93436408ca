"""Service tasks from the plan to the panel: pool, draw, publicity of the names, and who comes for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.registry import JobContext
from engine.timing import read_instant
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.calendar.model import Unit
from workflows.issues import store as issues
from workflows.lots import pool_digest, public_seed
from workflows.moments import SHANGHAI, feel_text, local_date
from workflows.notices import desk
from workflows.notices.model import NoticeKind
from workflows.organisation import store as organisation
from workflows.organisation.model import Person, PlaceKind
from workflows.reviews import rules, store
from workflows.reviews.model import Candidate, Category, Panel, Review, Standing

Results = dict[str, Any]

SUBJECTS = ("grid_secretary", "grid_worker")
"""The posts whose work is reviewed."""
BARRED = ("organiser", "supervisor", "teller")
"""Those who organise, watch and count do not evaluate; nor do those who are reviewed."""
DELEGATES = {
    "deputy": Category.DEPUTY,
    "cppcc": Category.CPPCC,
    "unit_delegate": Category.UNIT,
    "building_leader": Category.OTHER,
}
"""Posts whose holders are drawn in a group of their own, where they hold it or live."""

PUBLICITY_DAYS = 3
"""How long the names hang (design value); the header ``days`` of the task overrides it."""


def prepare(job: JobContext) -> Results:
    """What can be known before anybody plans: which half-years the review may be for."""
    found = rules.periods(local_date(job.work.now))
    return {
        "period": found[0],
        "periods": [{"value": one, "label": one} for one in found],
        "title": f"{found[0]}居民评议",
    }


def build_pool(job: JobContext) -> Results:
    """Enter everybody who may be drawn: of age, in one of the grids, without a part in the review."""
    variables, work = job.variables, job.work
    pool = _pool(job, variables["grids"])
    digest = pool_digest(one.person for one in pool)
    new = Review(
        community=work.community,
        matter_no=job.matter_no,
        period=variables["period"],
        title=f"{variables['period']}居民评议",
        meeting_at=read_instant(variables["meeting_at"]),
        quota={row["category"]: int(row["places"]) for row in variables["quota"]},
        criteria={row["indicator"]: int(row["weight"]) for row in variables["criteria"]},
        pool_size=len(pool),
        pool_sha256=digest,
    )
    store.begin(work.connection, new, pool)
    return {"title": new.title, "pool_size": len(pool), "pool_sha256": digest}


def draw(job: JobContext) -> Results:
    """Draw the panels and their alternates; the witnesses' seed counts, or else one that follows from the pool."""
    work, review, pool = job.work, _review(job), _all(job)
    seed = job.variables["draw_seed"] or public_seed(job.matter_no, [one.person for one in pool])
    store.enter_lots(work.connection, work.community, job.matter_no, rules.drawn(pool, seed, review.quota))
    known = {"seed": seed, "drawn_at": work.now}
    store.change(work.connection, work.community, job.matter_no, known)
    return {"draw_seed": seed, "panels": panels(job)}


def publish_roster(job: JobContext) -> Results:
    """Take out whom the supervisors struck off, call in their alternates, and make the names public (姓和网格)."""
    variables, work = job.variables, job.work
    for row in variables["excluded"] or []:
        changes = {"standing": str(Standing.EXCLUDED), "note": row["reason"]}
        store.update_members(work.connection, work.community, job.matter_no, [row["person"]], changes)
    _invite(job, rules.successors(_all(job), _review(job).quota))
    drawn = [one.person for one in _all(job) if one.standing in rules.SEATED]
    text = f"《{variables['title']}》（{job.matter_no}）：名单先公示，公示期满请在“待办”中确认是否参加。"
    desk.remind(work, drawn, "您被抽为评议代表", text, job.matter_no)
    until = _days_later(job, int(job.headers.get("days", PUBLICITY_DAYS)))
    title = f"{variables['title']}代表名单公示"
    notice = desk.publish(work, NoticeKind.REVIEWERS, title, _names_in_public(job), job.matter_no, until)
    return {"roster_notice_id": notice, "roster_until": feel_text(until), "excluded": []}


def fill_panel(job: JobContext) -> Results:
    """Whoever did not answer does not come; alternates take the free places in the order of their lots."""
    work, quota = job.work, _review(job).quota
    silent = [one.person for one in _all(job) if one.standing is Standing.INVITED]
    _move(job, silent, Standing.SILENT)
    _move(job, [one.person for one in rules.released(_all(job), quota)], Standing.RELEASED)
    invited = _invite(job, rules.successors(_all(job), quota))
    desk.tell(
        work,
        invited,
        "您被抽为评议代表",
        f"《{job.variables['title']}》（{job.matter_no}）：请在“待办”中确认是否参加。",
        job.matter_no,
    )
    return {"invited_now": len(invited), "panels": panels(job)}


def redraw(job: JobContext) -> Results:
    """Draw on where a panel lacks somebody; nobody is left to call in when ``invited_now`` is 0."""
    quota, everybody = _review(job).quota, _all(job)
    called = [
        one
        for check in job.variables["panel_checks"]
        if not check["panel_ok"]
        for one in rules.supplement(
            [member for member in everybody if member.grid == check["grid"]], check["panel_gap"], quota
        )
    ]
    return {"invited_now": len(_invite(job, called))}


def withdraw_evaluator(job: JobContext) -> None:
    """Somebody who had accepted cannot come after all; the next alternate comes instead."""
    person = str(job.variables["person"])
    _move(job, [person], Standing.WITHDRAWN)
    called = rules.successors(_all(job), _review(job).quota)
    _move(job, [one.person for one in called], Standing.ACCEPTED)
    desk.tell(
        job.work,
        [one.person for one in called],
        "请您递补为评议代表",
        f"《{job.variables['title']}》（{job.matter_no}）：有代表不能参加，请您按时到会；不能参加请告知组织方。",
        job.matter_no,
    )


def panels(job: JobContext) -> list[Panel]:
    """The panels as they stand, one for each grid of the plan."""
    work, today = job.work, local_date(job.work.now)
    names = {place.id: place.name for place in organisation.places(work.connection, work.community)}
    accepted = [one for one in _all(job) if one.standing is Standing.ACCEPTED]
    found = []
    for grid in job.variables["grids"]:
        subjects = _subjects(job, grid, today)
        found.append(_panel(job, grid, names[grid], subjects, [one for one in accepted if one.grid == grid]))
    return found


def _panel(
    job: JobContext, grid: str, name: str, subjects: Sequence[Person], members: Sequence[Candidate]
) -> Panel:
    held = Counter(one.category for one in members)
    known = [one.gender for one in members if one.gender is not None]
    return Panel(
        grid=grid,
        grid_name=name,
        subjects=[one.id for one in subjects],
        subject_names="、".join(one.name for one in subjects),
        issues=_handled(job, grid),
        entitled=len(members),
        deputies=held[Category.DEPUTY],
        cppcc=held[Category.CPPCC],
        resident_units=held[Category.UNIT],
        residents=held[Category.RESIDENT],
        women=known.count("女"),
        gender_known=len(known),
    )


def _subjects(job: JobContext, grid: str, today: Any) -> list[Person]:
    """Who answers for the grid: its secretary and workers, or whoever organises the review while there is none."""
    connection = job.work.connection
    found = [one for role in SUBJECTS for one in organisation.holders(connection, role, grid, today)]
    return found or organisation.holders(connection, "organiser", job.work.community, today)


def _handled(job: JobContext, grid: str) -> str:
    """The grid's closed issues of the half-year in one sentence."""
    today = local_date(job.work.now)
    start = datetime(today.year, 1 if today.month <= 6 else 7, 1, tzinfo=SHANGHAI)
    closed = issues.closings(job.work.connection, job.work.community, start, job.work.now, grid)
    on_time = sum(not one.overdue_times for one in closed)
    return f"本期办结事项 {len(closed)} 件，其中没有超时的 {on_time} 件" if closed else "本期没有办结的事项"


def _pool(job: JobContext, grids: Sequence[str]) -> list[Candidate]:
    """The pool by person; who belongs to several groups is counted in the first (:class:`Category`)."""
    connection, today = job.work.connection, local_date(job.work.now)
    barred = _barred(job, grids)
    residents = [one for one in organisation.residents(connection, grids) if rules.of_age(one.born, today)]
    homes = {one.id: one.home for one in residents}
    posts = organisation.posts_at(connection, DELEGATES, [job.work.community, *grids], today)
    delegates = organisation.people(connection, {one.person for one in posts})
    found: list[Candidate] = []
    for post in posts:
        grid = post.place if post.place in grids else homes.get(post.person)
        if grid is not None and rules.of_age(delegates[post.person].born, today):
            found.append(_candidate(delegates[post.person], grid, DELEGATES[post.role]))
    found += [_candidate(one, one.home or "", Category.RESIDENT) for one in residents]
    order = list(Category)
    first: dict[str, Candidate] = {}
    for one in sorted(found, key=lambda one: (order.index(one.category), one.grid, one.person)):
        if one.person not in barred:
            first.setdefault(one.person, one)
    return list(first.values())


def _barred(job: JobContext, grids: Sequence[str]) -> set[str]:
    today, connection = local_date(job.work.now), job.work.connection
    posts = [
        *organisation.posts_at(connection, BARRED, [job.work.community], today),
        *organisation.posts_at(connection, SUBJECTS, grids, today),
    ]
    return {one.person for one in posts}


def _candidate(person: Person, grid: str, category: Category) -> Candidate:
    return Candidate(person.id, person.name, grid, category, person.gender)


def _invite(job: JobContext, called: Iterable[Candidate]) -> list[str]:
    persons = [one.person for one in called]
    _move(job, persons, Standing.INVITED)
    return persons


def _move(job: JobContext, persons: Sequence[str], standing: Standing) -> None:
    if persons:
        changes: Mapping[str, Any] = {"standing": str(standing)}
        store.update_members(job.work.connection, job.work.community, job.matter_no, persons, changes)


def _names_in_public(job: JobContext) -> str:
    """Surname, group and grid: enough for neighbours to object, not enough to find anybody else."""
    work = job.work
    grids = organisation.places(work.connection, work.community, PlaceKind.GRID)
    seated = [one for one in _all(job) if one.standing in rules.SEATED]
    lines = []
    for grid in grids:
        members = "、".join(f"{one.name[:1]}某（{one.category}）" for one in seated if one.grid == grid.id)
        if members:
            lines.append(f"{grid.name}：{members}。")
    how = "抽选种子、候选库和算法在评议页面公布，任何人都可以重算。对名单有异议的，请在公示期内提出。"
    return "\n".join([*lines, how])


def _days_later(job: JobContext, days: int) -> datetime:
    return calendar_rules.due_at(calendar.load(job.work.connection), job.work.now, days, Unit.NATURAL_DAY)


def _review(job: JobContext) -> Review:
    return store.get(job.work.connection, job.work.community, job.matter_no)


def _all(job: JobContext) -> list[Candidate]:
    return store.pool(job.work.connection, job.work.community, job.matter_no)
