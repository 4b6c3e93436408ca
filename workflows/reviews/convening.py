"""Service tasks around the meeting: reports made public, who is there, objections answered, a review that cannot be held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.registry import JobContext
from engine.timing import read_instant
from workflows.ballots import store as ballots
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.calendar.model import Unit
from workflows.moments import local_date
from workflows.notices import desk
from workflows.notices.model import NoticeKind
from workflows.organisation import store as organisation
from workflows.reviews import store
from workflows.reviews.model import Standing, Way

Results = dict[str, Any]

PUBLICITY_DAYS = 5
"""Working days for which results and early ends are on the board (design value; 罗湖方案：公示不少于 5 日)."""


def publish_reports(job: JobContext) -> Results:
    """Publish what the grid leaders report, what their duties are and what they promise; objections until the meeting."""
    variables, work = job.variables, job.work
    names = {panel["grid"]: panel for panel in variables["panels"]}
    told = {one["grid"]: one for one in variables["self_reports"] if one}
    body = "\n\n".join(_report(panel, told.get(grid)) for grid, panel in names.items())
    title = f"{variables['title']}：网格负责人述职、职责和服务承诺"
    until = max(read_instant(variables["meeting_at"]), work.now)
    notice = desk.publish(work, NoticeKind.DUTIES, title, body, job.matter_no, until)
    _tell_panel(job, "述职已公开", "网格负责人的述职和承诺已经公开，到会前请看一看；评议会时间见方案。")
    return {"duties_notice_id": notice}


def attendance(job: JobContext) -> Results:
    """Count who signed in; each of them evaluates on the phone or on paper, never both."""
    work = job.work
    sheets = {one["grid"]: one["attendance"] for one in job.variables["sign_ins"]}
    counted = []
    for panel in job.variables["panels"]:
        present = [row for row in sheets.get(panel["grid"]) or [] if row["present"]]
        for way in Way:
            persons = [row["person"] for row in present if row["way"] == way]
            store.update_members(work.connection, work.community, job.matter_no, persons, {"way": str(way)})
        paper = sum(row["way"] == Way.PAPER for row in present)
        here = {"present": len(present), "phone": len(present) - paper, "paper": paper}
        counted.append(
            {"grid": panel["grid"], "grid_name": panel["grid_name"], "entitled": panel["entitled"]} | here
        )
    return {"attendances": counted}


def void_review(job: JobContext) -> None:
    """No panel has a quorum: say so in public, and to those who have to call the review again."""
    lines = [
        f"{one['grid_name']}：应到 {one['entitled']} 人，实到 {one['present']} 人，不足三分之二。"
        for one in job.variables["attendances"]
    ]
    _announce(job, f"{job.variables['title']}：到会不足，评议无效，须重开", "\n".join(lines))
    _tell_posts(
        job, "评议无效，须重开", "各网格到会都不足三分之二，请重新发起评议。", "organiser", "secretariat"
    )


def merge_review(job: JobContext) -> None:
    """The subdistrict lets the review be held together with the next one: boxes are closed, those concerned are told."""
    work = job.work
    for box in ballots.of_matter(work.connection, work.community, job.matter_no):
        store.close(work.connection, box, work.now)
    reason = job.variables.get("merge_reason") or "街道批准"
    _announce(job, f"{job.variables.get('title')}：并入下一期评议", f"理由：{reason}。")
    _tell_posts(job, "评议并入下一期", f"街道批准并入下一期评议：{reason}。", "organiser", "secretariat")


def answer_objection(job: JobContext) -> None:
    """Tell the objector what the supervisors found, and publish it without their name."""
    variables = job.variables
    finding, reply = variables["duty_finding"], variables["reply"]
    text = f"《{variables['title']}》（{job.matter_no}）：您的异议{finding}。答复：{reply}"
    desk.tell(job.work, [variables["objector"]], "您的异议已经核查", text, job.matter_no)
    if finding != "不成立":
        _announce(job, f"{variables['title']}：述职和承诺异议的核查", f"核查结论：{finding}。{reply}")


def _report(panel: Mapping[str, Any], told: Mapping[str, Any] | None) -> str:
    head = f"【{panel['grid_name']}】负责人：{panel['subject_names'] or '暂缺'}。{panel['issues']}。"
    if told is None or not told.get("report"):
        return f"{head}\n未按时提交述职。"
    said = [
        ("职责", told["duties"]),
        ("服务承诺", told["promises"]),
        ("述职", told["report"]),
        ("存在问题", told["problems"]),
        ("下步打算", told["plan"]),
    ]
    return "\n".join([head, *(f"{name}：{words}" for name, words in said)])


def _announce(job: JobContext, title: str, body: str) -> None:
    work = job.work
    until = calendar_rules.due_at(calendar.load(work.connection), work.now, PUBLICITY_DAYS, Unit.WORK_DAY)
    desk.publish(work, NoticeKind.REVIEW_RESULT, title, body, job.matter_no, until)


def _tell_panel(job: JobContext, title: str, body: str) -> None:
    work = job.work
    coming = store.pool(work.connection, work.community, job.matter_no, [Standing.ACCEPTED])
    text = f"《{job.variables['title']}》（{job.matter_no}）：{body}"
    desk.tell(work, [one.person for one in coming], title, text, job.matter_no)


def _tell_posts(job: JobContext, title: str, body: str, *roles: str) -> None:
    """Tell the holders of the community's posts."""
    work, today = job.work, local_date(job.work.now)
    text = f"《{job.variables.get('title')}》（{job.matter_no}）：{body}"
    persons = [
        one.id for role in roles for one in organisation.holders(work.connection, role, work.community, today)
    ]
    desk.tell(work, persons, title, text, job.matter_no)
