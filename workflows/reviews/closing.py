"""Service tasks after the count: feedback, appeals, results and report in public, what follows for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.registry import JobContext
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.calendar.model import Unit
from workflows.moments import feel_text, local_date
from workflows.notices import desk
from workflows.notices.model import NoticeKind
from workflows.organisation import store as organisation
from workflows.organisation.model import PlaceKind
from workflows.reviews import arithmetic, store
from workflows.reviews.convening import PUBLICITY_DAYS

Results = dict[str, Any]
Row = Mapping[str, Any]

FOLLOW_UPS = ("rectify", "adjust_post")
"""What of table review_grade asks somebody to do something; 表扬 and none do not."""
INVALID, AGAIN = "无效", "reconvene"

RECOUNT, REVIEW_AGAIN = "更正计票", "重新评议"
"""The findings on an appeal that change something; 维持 does not."""


def feedback(job: JobContext) -> Results:
    """Keep the results, and tell each of those who were reviewed theirs in writing (within ten days: at once)."""
    grades = {one["grid"]: one for one in job.variables["grades"]}
    subjects = {panel["grid"]: panel["subjects"] for panel in job.variables["panels"]}
    rows = [
        {**one, **grades[one["grid"]], "subjects": subjects[one["grid"]]} for one in job.variables["tallies"]
    ]
    found = _kept(job, rows)
    for row in rows:
        head = f"《{job.variables['title']}》（{job.matter_no}）{row['grid_name']}：等次“{row['grade']}”。"
        text = "\n".join([head, *row["lines"]])
        desk.tell(job.work, row["subjects"], "评议结果反馈", text, job.matter_no)
    return found


def settle_appeals(job: JobContext) -> Results:
    """What the supervisors found on the appeals: counted again, evaluated again, or left as it is."""
    findings = {one["grid"]: one["finding"] for one in job.variables["findings"]}
    again = {grid for grid, finding in findings.items() if finding == REVIEW_AGAIN}
    recount = {grid for grid, finding in findings.items() if finding == RECOUNT}
    rows = [
        {**one, "grade": INVALID, "follow_up": AGAIN} if one["grid"] in again else one
        for one in job.variables["results"]
    ]
    papers = job.variables["papers"]
    names = {one["grid"]: one["grid_name"] for one in rows}
    return _kept(job, rows) | {
        "recount": bool(recount),
        "paper_panels": [
            {"grid": grid, "grid_name": names[grid], "handed_out": papers[grid]["issued"]}
            for grid in sorted(recount & papers.keys())
        ],
    }


def publish_result(job: JobContext) -> Results:
    """The grades with their arithmetic, on the board for five working days."""
    variables, work = job.variables, job.work
    until = _working_days_later(job, int(job.headers.get("workDays", PUBLICITY_DAYS)))
    body = "\n\n".join(
        "\n".join([f"【{row['grid_name']}】等次：{row['grade']}", *row["lines"]])
        for row in variables["results"]
    )
    title = f"{variables['title']}结果"
    notice = desk.publish(work, NoticeKind.REVIEW_RESULT, title, body, job.matter_no, until)
    store.change(work.connection, work.community, job.matter_no, {"results_at": work.now})
    return {"result_notice_id": notice, "result_until": feel_text(until)}


def report_adjustment(job: JobContext) -> None:
    """Twice unqualified: the subdistrict's party committee is told that another person should have the post."""
    variables, work = job.variables, job.work
    result = variables["result"]
    today, chain = local_date(work.now), organisation.place_chain(work.connection, work.community)
    where = organisation.nearest_post(work.connection, "subdistrict", chain, today)
    persons = organisation.holders(work.connection, "subdistrict", where, today) if where else []
    text = (
        f"《{variables['title']}》（{job.matter_no}）：{result['grid_name']}连续两次评为不称职，"
        "建议调整岗位，请提交街道党工委研究。"
    )
    desk.tell(work, [one.id for one in persons], "岗位调整建议", text, job.matter_no)


def publish_report(job: JobContext) -> Results:
    """Publish the report, with the figures of the whole review beside the organiser's words."""
    variables, work = job.variables, job.work
    report = {
        "summary": variables["summary"],
        "suggestions": variables["suggestions"],
        "usage": variables["usage"],
        "figures": figures(variables["results"], _grids(job)),
    }
    now = {"report": report, "report_at": work.now}
    store.change(work.connection, work.community, job.matter_no, now)
    body = "\n".join(
        [
            report["summary"],
            *(f"{one['grid_name']}：{one['grade']}" for one in variables["results"]),
            f"共性意见：{report['suggestions']}",
            f"结果运用：{'、'.join(report['usage'])}",
            *report["figures"],
        ]
    )
    until = _working_days_later(job, PUBLICITY_DAYS)
    title = f"{variables['title']}报告"
    notice = desk.publish(work, NoticeKind.REVIEW_REPORT, title, body, job.matter_no, until)
    return {"report_notice_id": notice}


def figures(rows: Sequence[Row], grids: int) -> list[str]:
    """评议覆盖率, 到会率, 满意率 and 不了解率 of the whole review, each with what it was counted from."""
    held = [row for row in rows if row["grade"] != INVALID]
    shares = [
        ("评议覆盖率（评定等次的网格 ÷ 全部网格）", len(held), grids),
        ("到会率（实到 ÷ 应到）", _sum(rows, "present"), _sum(rows, "entitled")),
        ("满意率（满意和基本满意 ÷ 有效票）", _sum(held, "satisfied"), _sum(held, "valid")),
        ("不了解率（不了解 ÷ 有效票）", _sum(held, "unknown"), _sum(held, "valid")),
    ]
    return [
        f"{name}：{part} ÷ {whole} {arithmetic.percent(Fraction(part, whole))}"
        for name, part, whole in shares
        if whole
    ]


def _kept(job: JobContext, rows: Sequence[Row]) -> Results:
    """Results as the store, the appeals and what follows need them."""
    work = job.work
    review = store.get(work.connection, work.community, job.matter_no)
    store.record(work.connection, work.community, job.matter_no, review.period, rows, work.now)
    return {
        "results": list(rows),
        "graded": [row for row in rows if row["grade"] != INVALID],
        "followups": [row for row in rows if row["follow_up"] in FOLLOW_UPS],
    }


def _sum(rows: Iterable[Row], name: str) -> int:
    return sum(int(row[name]) for row in rows)


def _grids(job: JobContext) -> int:
    work = job.work
    return len(organisation.places(work.connection, work.community, PlaceKind.GRID))


def _working_days_later(job: JobContext, days: int) -> Any:
    return calendar_rules.due_at(calendar.load(job.work.connection), job.work.now, days, Unit.WORK_DAY)
