"""What the process of the ledger may call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.registry import Handler, JobContext, Registry
from engine.runtime import Actor
from engine.timing import read_instant
from workflows.ledger import rules, store
from workflows.ledger.model import Entry, Level, State
from workflows.moments import SHANGHAI, local_date
from workflows.notices import desk
from workflows.organisation import store as organisation
from workflows.organisation.rules import organisation_group, post_group

Results = dict[str, Any]

REPORT_TO = ("subdistrict", "leader")
"""Posts that learn of a major hazard, and of one that is put under supervision, at once."""

GIVEN: Mapping[str, Any] = {
    "ledger_type": None,
    "title": None,
    "place_type": None,
    "place": None,
    "severity": None,
    "sensitive": False,
    "people_affected": 1,
    "executor_org": None,
    "responsible_person": None,
    "measures": None,
    "standard": None,
}
"""What the source of an entry may send along, and what stands there if it does not."""

UNKNOWN = (
    "accept_by",
    "acceptance_opinion",
    "answer_note",
    "days",
    "deadline",
    "dispute_reason",
    "disposal",
    "disposal_reason",
    "extend_days",
    "extend_interim",
    "extend_reason",
    "extension_answer",
    "interim",
    "master_no",
    "next_step",
    "receipt",
    "rectify_by",
    "rejection",
    "result",
    "supervised_for",
)
"""What the forms of later steps ask for or show, unknown in the beginning."""

IN_BEGINNING: Mapping[str, Any] = dict.fromkeys(UNKNOWN) | {
    "council_settled": False,
    "extended": False,
    "former_executors": [],
    "reject_times": 0,
    "ruled": False,
}
HAND_FILLED = ("consequence", "likelihood")
NO_HAZARD = 1
"""Consequence and likelihood proposed for what is no hazard: a resolution or a grievance to be seen to."""


def prepare(job: JobContext) -> Results:
    """What is known before anybody writes, from the matter that asked for the entry if there is one."""
    sent = job.variables
    forwarded = bool(sent.get("title"))
    known = {name: sent.get(name, otherwise) for name, otherwise in GIVEN.items()}
    kind = known["ledger_type"] or (rules.HAZARD if not forwarded else None)
    rating = None if kind in (None, rules.HAZARD) else NO_HAZARD
    grids = sent.get("grid_ids") or []
    return {
        **IN_BEGINNING,
        **known,
        **dict.fromkeys(HAND_FILLED, rating),
        "ledger_type": kind,
        "forwarded": forwarded,
        "finder": None if forwarded else sent["initiator"],
        "source_ref": sent.get("source_no"),
        "source_deadline": sent.get("deadline"),
        "grid_id": grids[0] if len(grids) == 1 else None,
        "content": sent.get("facts") or known["measures"],
        "found_at": sent.get("found_at"),
    }


def enter(job: JobContext) -> Results:
    """Enter the line; tell which open ones may be about the same thing."""
    variables, work = job.variables, job.work
    new = Entry(
        community=work.community,
        matter_no=job.matter_no,
        instance_key=job.instance_key,
        kind=variables["ledger_type"],
        title=variables["title"] or rules.title(variables["place"], variables["content"]),
        place_type=variables["place_type"],
        place=variables["place"],
        content=variables["content"],
        risk=int(variables["consequence"]) * int(variables["likelihood"]),
        found_at=read_instant(variables["found_at"]),
        registered_at=work.now,
        sensitive=bool(variables["sensitive"]),
        grid=variables["grid_id"] or None,
        source_no=variables["source_no"],
        finder=variables["finder"],
    )
    store.enter(work.connection, new)
    duplicates = [_choice(one) for one in store.same_as(work.connection, new)]
    return {"title": new.title, "duplicates": duplicates}


def recur_check(job: JobContext) -> Results:
    """Whether the same trouble was struck off at the same spot less than ninety days ago."""
    last = store.recurring(job.work.connection, _mine(job))
    number = last.matter_no if last else None
    _change(job, recurrence_of=number)
    return {"recurrence_of": number}


def record_grade(job: JobContext) -> None:
    """The grade, raised where the trouble has come back, goes into the line."""
    _change(job, level=str(Level(job.variables["hazard_level"])))


def report_major(job: JobContext) -> None:
    """A major hazard is reported to the subdistrict at once (安全生产法第41条)."""
    place = job.variables["place"]
    _tell(job, _of_posts(job, REPORT_TO), "重大隐患报告", f"{place}发现重大隐患，请立即知悉并督办。")


def issue(job: JobContext) -> Results:
    """The rectification notice: who puts it right, how, by when, and who accepts it."""
    variables, due = job.variables, job.variables["new_due_at"]
    _change(
        job,
        state=str(State.RECTIFYING),
        executor=variables["executor_org"],
        responsible=variables["responsible_person"],
        acceptor=variables["accept_by"],
        measures=variables["measures"],
        standard=variables["standard"],
        due_at=read_instant(due) if due else None,
    )
    if due:
        _tell(
            job,
            [variables["responsible_person"]],
            "整改通知书",
            f"请在{_day(due)}前整改完成：{variables['measures']}",
        )
    return {"due_at": due}


def move(job: JobContext) -> None:
    """The line says how far it has come; the header ``state`` names it."""
    _change(job, state=str(State(job.headers["state"])))


def extend(job: JobContext) -> Results:
    """The one extension there may be."""
    day, due = job.variables["new_deadline"], job.variables["new_due_at"]
    _change(job, due_at=read_instant(due))
    _tell(job, [job.variables["responsible_person"]], "延期已批准", f"整改时限延到{_day(due)}，不能再延。")
    return {"deadline": day, "due_at": due, "extended": True}


def reassign(job: JobContext) -> Results:
    """Another organisation puts it right; the former one stays answerable and stands in the line."""
    variables, due = job.variables, job.variables["new_due_at"]
    former = [*variables["former_executors"], variables["former_org"]]
    names = organisation.organisation_names(job.work.connection, former)
    _change(
        job,
        executor=variables["executor_org"],
        responsible=variables["responsible_person"],
        former="、".join(names.get(one, one) for one in former),
        due_at=read_instant(due),
    )
    _tell(
        job, [variables["responsible_person"]], "整改通知书", f"这笔账改派给您，请在{_day(due)}前整改完成。"
    )
    return {"former_executors": former, "due_at": due}


def hand_in(job: JobContext) -> Results:
    """It is said to be done: who may not be the only ones to accept it, and whether it was in time."""
    variables, work = job.variables, job.work
    today = local_date(work.now)
    group = organisation_group(variables["executor_org"])
    members = organisation.members(work.connection, group, today)
    result = variables["result"] or variables["answer_note"]
    line = _mine(job)
    late = line.late or (line.due_at is not None and line.due_at < work.now)
    _change(job, state=str(State.CHECKING), result=result, late=late)
    return {
        "executor_people": list(dict.fromkeys([*members, variables["responsible_person"]])),
        "result": result,
    }


def reject(job: JobContext) -> Results:
    """Not good enough: back to those who are responsible, with what is missing and a new day."""
    variables, due = job.variables, job.variables["new_due_at"]
    times = int(variables["reject_times"]) + 1
    _change(job, state=str(State.RECTIFYING), rejected=times, due_at=read_instant(due))
    words = f"第 {times} 次退回：{variables['rejection']} 请在{_day(due)}前重新整改。"
    _tell(job, [variables["responsible_person"]], "整改退回", words)
    return {"reject_times": times, "deadline": variables["rectify_by"], "due_at": due}


def supervise(job: JobContext) -> Results:
    """挂牌督办: long overdue, and those above know it; once for each time limit that was missed."""
    _change(job, supervised_at=job.work.now)
    people = [*_of_posts(job, REPORT_TO), job.variables["responsible_person"]]
    _tell(job, people, "挂牌督办", "整改超期满五个工作日，已经挂牌督办并提请督查。")
    return {"supervised_for": job.variables["due_at"]}


def merge(job: JobContext) -> Results:
    """The line becomes a part of another; if that one has ended meanwhile, it has to be handled by itself."""
    connection, community = job.work.connection, job.work.community
    master = store.by_number(connection, community, job.variables["master_no"])
    still_open = master is not None and master.state in rules.OPEN
    if still_open and master is not None:
        _change(job, state=str(State.MERGED), merged_into=master.matter_no, ended_at=job.work.now)
        _tell(
            job,
            [job.variables["finder"]],
            "台账已并入",
            f"与 {master.matter_no} 是同一件事，已并入一起整改。",
        )
    return {"master_open": still_open}


def close(job: JobContext) -> Results:
    """The line ends as the header ``state`` says; who found it is told, and so are those merged into it."""
    variables, work = job.variables, job.work
    state = State(job.headers["state"])
    outcome = rules.OUTCOMES[state]
    result = variables["result"] if state is State.CLOSED else variables["disposal_reason"]
    _change(job, state=str(state), result=result, ended_at=work.now)
    parts = store.merged_into(work.connection, work.community, job.matter_no)
    people = [variables["finder"], variables["responsible_person"], *(one.finder for one in parts)]
    _tell(job, people, f"台账{rules.STATES[state]}", f"{outcome}。{result}")
    answered = [{"matter_no": one.matter_no, "source_no": one.source_no} for one in parts if one.source_no]
    return {"ledger_outcome": outcome, "result": result, "merged": answered}


TASKS: dict[str, tuple[Handler, str, str]] = {
    "ledger.prepare": (
        prepare,
        "initiator: string, source_no",
        (
            "accept_by, acceptance_opinion, answer_note, content, consequence, council_settled: boolean, days,"
            " deadline, dispute_reason, disposal, disposal_reason, executor_org, extend_days, extend_interim,"
            " extend_reason, extended: boolean, extension_answer, finder, former_executors: list,"
            " forwarded: boolean, found_at, grid_id, interim, ledger_type, likelihood, master_no, measures,"
            " next_step, people_affected, place, place_type, receipt, rectify_by, reject_times: number, rejection,"
            " responsible_person, result, ruled: boolean, sensitive, severity, source_deadline, source_ref,"
            " standard, supervised_for, title"
        ),
    ),
    "ledger.register": (
        enter,
        (
            "ledger_type, title, place, content, place_type, consequence: number, likelihood: number, found_at,"
            " sensitive, grid_id, source_no, finder"
        ),
        "title: string, duplicates: list",
    ),
    "ledger.recur_check": (recur_check, "", "recurrence_of"),
    "ledger.record_grade": (record_grade, "hazard_level: string", ""),
    "ledger.report_major": (report_major, "place, grid_id, title", ""),
    "ledger.issue": (
        issue,
        "new_due_at, executor_org, responsible_person, accept_by, measures, standard, title",
        "due_at",
    ),
    "ledger.move": (move, "", ""),
    "ledger.extend": (
        extend,
        "new_deadline, new_due_at, responsible_person, title",
        "deadline, due_at, extended: boolean",
    ),
    "ledger.reassign": (
        reassign,
        "new_due_at, former_executors: list, former_org, executor_org, responsible_person, title",
        "former_executors: list, due_at",
    ),
    "ledger.hand_in": (
        hand_in,
        "executor_org, responsible_person, result, answer_note",
        "executor_people: list, result",
    ),
    "ledger.reject": (
        reject,
        "new_due_at, reject_times: number, rejection, rectify_by, responsible_person, title",
        "reject_times: number, deadline, due_at",
    ),
    "ledger.supervise": (supervise, "grid_id, responsible_person, title, due_at", "supervised_for"),
    "ledger.merge": (merge, "master_no, finder, title", "master_open: boolean"),
    "ledger.close": (
        close,
        "result, disposal_reason, finder, responsible_person, title",
        "ledger_outcome: string, result, merged: list",
    ),
}
"""Job type → handler, the variables it cannot do without, those it may return."""


def register(registry: Registry) -> None:
    """Make the handlers known."""
    for job_type, (handler, inputs, outputs) in TASKS.items():
        registry.service_task(job_type, inputs=inputs, outputs=outputs)(handler)


def _mine(job: JobContext) -> Entry:
    found = store.by_number(job.work.connection, job.work.community, job.matter_no)
    if found is None:
        raise LookupError(f"{job.matter_no} 不在台账上")
    return found


def _change(job: JobContext, **values: Any) -> None:
    store.change(job.work.connection, job.work.community, job.matter_no, **values)


def _of_posts(job: JobContext, roles: Iterable[str]) -> list[str]:
    """Who holds these posts, each at the nearest place around the entry where anybody does."""
    connection, today = job.work.connection, local_date(job.work.now)
    chain = organisation.place_chain(connection, job.variables["grid_id"] or job.work.community)
    places = {role: organisation.nearest_post(connection, role, chain, today) for role in roles}
    groups = [post_group(role, place) for role, place in places.items() if place]
    return [person for group in groups for person in organisation.members(connection, group, today)]


def _tell(job: JobContext, persons: Iterable[str | None], title: str, body: str) -> None:
    named = [one for one in persons if one and one != Actor.system().id]
    text = f"《{job.variables['title']}》（{job.matter_no}）：{body}"
    desk.tell(job.work, named, title, text, job.matter_no)


def _choice(one: Entry) -> dict[str, str]:
    return {
        "value": one.matter_no,
        "label": f"{one.matter_no} {one.title}（{one.registered_at.astimezone(SHANGHAI):%m月%d日}登记）",
    }


def _day(instant: str) -> str:
    return f"{read_instant(instant).astimezone(SHANGHAI):%m月%d日}"
