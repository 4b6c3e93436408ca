"""What the process of residents' issues may call."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from engine import user_tasks
from engine.registry import Handler, JobContext, Registry
from engine.timing import read_instant
from workflows.issues import rules, store
from workflows.issues.model import Closing, Issue, Level, Reason
from workflows.issues.visitors import PUBLIC
from workflows.moments import SHANGHAI, feel_text, local_date
from workflows.notices import desk
from workflows.organisation import store as organisation
from workflows.organisation.rules import read_group

Results = dict[str, Any]
GRID_WORKER, DUTY = "grid_worker", "subdistrict"


def prepare(job: JobContext) -> Results:
    """What can be known before anybody writes: whether a grid worker reports, which grid it probably is."""
    variables = job.variables
    reporter = str(variables["initiator"])
    today = local_date(job.work.now)
    held = [read_group(one) for one in organisation.principals(job.work.connection, reporter, today)]
    own = [where for kind, word, where in held if (kind, word) == ("post", GRID_WORKER)]
    sent = [variables["grid_id"], *(variables["grid_ids"] or [])]
    home = organisation.people(job.work.connection, [reporter]).get(reporter)
    likely = [*sent, *own, home.home if home else None]
    return {
        "by_grid_worker": bool(own),
        "grid_id": next((one for one in likely if one), None),
        "description": variables["description"] or variables["facts"],
    }


def enter(job: JobContext) -> Results:
    """Enter the issue, look for the same thing in the last thirty days, give a query code where nobody signed in."""
    variables, work = job.variables, job.work
    unknown = variables["initiator"] == PUBLIC.id
    code = rules.query_code(secrets.token_bytes(rules.CODE_BYTES)) if unknown else None
    new = Issue(
        community=work.community,
        matter_no=job.matter_no,
        instance_key=job.instance_key,
        grid=variables["grid_id"],
        category=variables["category"],
        title=variables["title"],
        place=variables["place"],
        description=variables["description"],
        reported_at=work.now,
        reporter=None if unknown or variables["anonymous"] else variables["initiator"],
        sensitive=bool(variables["involves_minor"]) or variables["category"] == "key_person",
        query_code=code,
    )
    store.register(work.connection, new)
    return {
        "duplicates": [_choice(one) for one in store.same_as(work.connection, new)],
        "query_code": code,
        "reported_at": feel_text(work.now),
        "level_since": feel_text(work.now),
    }


def merge(job: JobContext) -> None:
    """The issue becomes a part of its master; its reporter is told, and again when the master is closed."""
    master = str(job.variables["master_issue"])
    store.merge(job.work.connection, job.work.community, job.matter_no, master)
    _tell_reporter(job, "事项已并入", f"与 {master} 是同一件事，已并入一起办理，办结时告诉您。")


def announce(job: JobContext) -> None:
    """Tell the reporter who handles the issue until when; what must be visited or reported is told at once."""
    variables = job.variables
    level = rules.LEVEL_NAMES[Level(variables["level"])]
    due, contact = _moment(variables["due_at"]), _moment(variables["contact_due_at"])
    _tell_reporter(
        job,
        f"事项由{level}办理",
        f"现由{level}办理，{contact}前与您联系，{due}前办完。",
    )
    if variables["level_since"] == variables["reported_at"]:
        _alert(job, str(variables["must_action"]), contact)


def step_up(job: JobContext) -> Results:
    """The next level takes over, from now on; why stands in the record, and a level's delay is counted."""
    variables, because = job.variables, Reason(job.headers["because"])
    now = feel_text(job.work.now)
    written = variables["up_reason"] if variables["level"] == Level.GRID else variables["opinion"]
    record = rules.step_up(variables["level"], because, written, now)
    return {
        "level": record["target"],
        "level_since": now,
        "step_ups": [*variables["step_ups"], record],
        "overdue_times": int(variables["overdue_times"]) + (because is Reason.OVERDUE),
        "extended": False,
    }


def refuse(job: JobContext) -> None:
    """Tell the reporter why the issue is not taken up, and where to go instead."""
    _tell_reporter(job, "事项不予受理", f"不予受理的理由：{job.variables['up_reason']}。")


def hand_in(job: JobContext) -> Results:
    """Who has handled the issue so far, and what was done: for whoever verifies and calls back."""
    done = user_tasks.of_instance(job.work, job.instance_key, "COMPLETED")
    doers = [one.completed_by for one in done if one.element_id in rules.HANDLING and one.completed_by]
    return {"handlers": list(dict.fromkeys(doers)), "handling_note": rules.handling_note(job.variables)}


def archive(job: JobContext) -> Results:
    """Close the books: the outcome, what counts for the three rates, and the answer to everybody who reported it."""
    variables, work = job.variables, job.work
    outcome = rules.outcome(variables)
    contacts = [variables["first_contact_at"], *(one.get("contacted_at") for one in variables["handlings"])]
    closing = Closing(
        outcome=outcome,
        level=Level(variables["level"]),
        contacted_in_time=rules.contacted_in_time(
            [read_instant(one) if one else None for one in contacts],
            read_instant(variables["first_contact_due_at"]),
            reachable=not variables["anonymous"] and variables["route"] != "restricted",
        ),
        solved=variables["solved"],
        counted_as=variables["counted_as"],
        redo_count=int(variables["redo_count"]),
        return_count=int(variables["return_count"]),
        overdue_times=int(variables["overdue_times"]),
    )
    store.close(work.connection, work.community, job.matter_no, closing, work.now)
    answer = variables["handling_note"] or outcome
    _tell_reporter(job, "事项已办结", f"{outcome}。{answer}")
    merged = store.merged_into(work.connection, work.community, job.matter_no)
    _tell(job, [one.reporter for one in merged], "事项已办结", f"您上报的同一件事{outcome}。{answer}")
    return {"outcome": outcome}


def weigh_withdrawal(job: JobContext) -> Results:
    """Whether the issue goes on although its reporter wants it back."""
    variables = job.variables
    return {"must_go_on": rules.is_major_hazard(variables.get("severity"), variables.get("category"))}


def forget_reporter(job: JobContext) -> Results:
    """A major hazard is handled on without the one who reported it."""
    store.forget_reporter(job.work.connection, job.work.community, job.matter_no)
    _tell(job, [job.variables["initiator"]], "已撤去您的姓名", "重大隐患须继续办理，您的姓名和电话已撤去。")
    return {"anonymous": True, "reporter_name": None, "reporter_phone": None}


def withdraw(job: JobContext) -> None:
    """The reporter has taken the issue back: those who were at it are told."""
    doers = user_tasks.of_instance(job.work, job.instance_key, "COMPLETED")
    persons = [one.completed_by for one in doers]
    _tell(job, [job.variables["initiator"], *persons], "上报人已撤回", "上报人已撤回，不再办理。")


TASKS: dict[str, tuple[Handler, str, str]] = {
    "issues.prepare": (
        prepare,
        "initiator: string, grid_id, grid_ids, description, facts",
        "by_grid_worker: boolean, grid_id, description",
    ),
    "issues.register": (
        enter,
        "initiator: string, grid_id, category, title, place, description, anonymous, involves_minor",
        "duplicates: list, query_code, reported_at: string, level_since: string",
    ),
    "issues.merge": (merge, "master_issue, title", ""),
    "issues.announce": (
        announce,
        "level, due_at, contact_due_at, level_since, reported_at, must_action, grid_id, title",
        "",
    ),
    "issues.step_up": (
        step_up,
        "level, up_reason, opinion, step_ups: list, overdue_times: number",
        "level: string, level_since: string, step_ups: list, overdue_times: number, extended: boolean",
    ),
    "issues.refuse": (refuse, "up_reason, title", ""),
    "issues.hand_in": (
        hand_in,
        "handlings: list, action_taken, opinion, measures, party, answer_note",
        "handlers: list, handling_note: string",
    ),
    "issues.archive": (
        archive,
        (
            "route, followup, answered_by, level, first_contact_at, handlings: list, first_contact_due_at, anonymous,"
            " solved, counted_as, redo_count: number, return_count: number, overdue_times: number, handling_note,"
            " title"
        ),
        "outcome: string",
    ),
    "issues.weigh_withdrawal": (weigh_withdrawal, "", "must_go_on: boolean"),
    "issues.forget_reporter": (
        forget_reporter,
        "initiator: string",
        "anonymous: boolean, reporter_name, reporter_phone",
    ),
    "issues.withdraw": (withdraw, "initiator: string", ""),
}
"""Job type → handler, the variables it cannot do without, those it may return."""


def register(registry: Registry) -> None:
    """Make the handlers known."""
    for job_type, (handler, inputs, outputs) in TASKS.items():
        registry.service_task(job_type, inputs=inputs, outputs=outputs)(handler)


def _alert(job: JobContext, action: str, until: str) -> None:
    """必到: the grid's workers go there at once. 必报: the subdistrict's duty knows at once."""
    connection, today = job.work.connection, local_date(job.work.now)
    chain = organisation.place_chain(connection, job.variables["grid_id"])
    alerts = {
        "必到": (GRID_WORKER, f"请在{until}前到场。"),
        "必报": (DUTY, "按“必报”要求报告，请知悉并跟踪。"),
    }
    if action in alerts:
        role, words = alerts[action]
        where = organisation.nearest_post(connection, role, chain, today)
        people = organisation.holders(connection, role, where, today) if where else []
        _tell(job, [one.id for one in people], f"{action}事项", words)


def _tell_reporter(job: JobContext, title: str, body: str) -> None:
    known = store.by_number(job.work.connection, job.work.community, job.matter_no)
    _tell(job, [known.reporter if known else None], title, body)


def _tell(job: JobContext, persons: Iterable[str | None], title: str, body: str) -> None:
    named = [one for one in persons if one and one != PUBLIC.id]
    desk.tell(
        job.work, named, title, f"《{job.variables['title']}》（{job.matter_no}）：{body}", job.matter_no
    )


def _choice(one: Issue) -> dict[str, str]:
    day = one.reported_at.astimezone(SHANGHAI)
    return {"value": one.matter_no, "label": f"{one.matter_no} {one.title}（{day:%m月%d日}上报）"}


def _moment(text: str) -> str:
    instant: datetime = read_instant(text)
    return f"{instant.astimezone(SHANGHAI):%m月%d日 %H:%M}"
