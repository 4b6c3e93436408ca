"""Service tasks around the vote: box, tellers' sheets, count, publicity, archive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine import values
from engine.registry import JobContext
from engine.timing import read_instant
from workflows.ballots import rules as counting
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox, BallotMode, Count, PaperSheet, Threshold
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.calendar.model import Unit
from workflows.matters import rules as numbers
from workflows.matters import store as matters
from workflows.meetings import rules, store
from workflows.meetings.errors import UnbalancedSheets
from workflows.moments import feel_text, local_date
from workflows.notices import desk
from workflows.notices import store as notices
from workflows.notices.model import NoticeKind

Results = dict[str, Any]

OUTCOMES = {"passed": "通过", "rejected": "未通过"}


def open_ballot(job: JobContext) -> Results:
    """Set up the box of the next round; the host may raise an open vote to a secret one, never lower it.

    The headers ``minutesOnSite`` and ``daysOnline`` change how long it stays open.
    """
    variables, work = job.variables, job.work
    round_ = int(variables["ballot_round"]) + 1
    secret = variables["ballot_mode"] == BallotMode.SECRET or bool(variables.get("raise_to_secret"))
    box = BallotBox(
        community=work.community,
        id=f"{job.matter_no}/{round_}",
        matter_no=job.matter_no,
        mode=BallotMode.SECRET if secret else BallotMode.NAMED,
        motion_text=variables["motion_text"],
        base_count=len(variables["voters"]),
        opened_at=work.now,
        closes_at=_closing(job),
    )
    ballots.open_box(work.connection, box)
    return {
        "ballot_box": box.id,
        "ballot_round": round_,
        "ballot_mode": str(box.mode),
        "vote_deadline_at": feel_text(box.closes_at),
    }


def check_paper(job: JobContext) -> Results:
    """Whether both tellers entered the same figures and these can be counted."""
    first, second = job.variables["paper_a"], job.variables["paper_b"]
    sheets = _sheet(first), _sheet(second)
    return {"paper_match": sheets[0] == sheets[1] and not _problems(job, sheets[0])}


def tally(job: JobContext) -> Results:
    """Close the box and count it together with the paper votes."""
    variables, work = job.variables, job.work
    box = ballots.get(work.connection, work.community, variables["ballot_box"])
    ballots.close(work.connection, box, work.now)
    count = ballots.count(work.connection, box)
    if variables.get("paper_issued"):
        sheet = _sheet(variables["paper_a"])
        if problems := _problems(job, sheet):
            raise UnbalancedSheets(problems)
        count += sheet.count
    threshold = Threshold(
        int(variables["pass_num"]), int(variables["pass_den"]), bool(variables["strict_more"])
    )
    return {
        "agree": count.agree,
        "disagree": count.disagree,
        "abstain": count.abstain,
        "invalid_votes": count.invalid,
        "issued": box.base_count,
        "returned": count.returned,
        "base_count": box.base_count,
        "tally_lines": counting.explain(count, box.base_count, threshold),
        "tally_basis": counting.basis(threshold),
    }


def publish_resolution(job: JobContext) -> Results:
    """Publish the decision without personal data, counting its days by the Civil Code.

    Seven days, unless the header ``publicityDays`` says otherwise.
    """
    variables, work = job.variables, job.work
    until = _after_days(job, work.now, _setting(job, "publicityDays", rules.PUBLICITY_DAYS))
    year = local_date(work.now).year
    number = matters.next_number(work.connection, work.community, numbers.RESOLUTION, year)
    verdict = OUTCOMES[variables["outcome"]]
    lines = [
        f"决议编号：{number}（{verdict}）",
        f"表决事项：{variables['motion_text']}",
        *variables["tally_lines"],
        variables["public_version"],
    ]
    title = f"决议公示：{variables['title']}（{verdict}）"
    notice_id = desk.publish(work, NoticeKind.RESOLUTION, title, "\n".join(lines), job.matter_no, until)
    return {"notice_id": notice_id, "publicity_until": feel_text(until), "resolution_no": number}


def resume_publicity(job: JobContext) -> Results:
    """Add the days the objection's review took, so that only the rest of the publicity runs (not all of it anew)."""
    variables, work = job.variables, job.work
    received = local_date(read_instant(variables["objection_received_at"]))
    paused = (local_date(work.now) - received).days
    end = read_instant(variables["publicity_until"])
    until = calendar_rules.extended(calendar.load(work.connection), end, paused)
    notices.extend(work.connection, work.community, int(variables["notice_id"]), until)
    return {"publicity_until": feel_text(until)}


def publish_result(job: JobContext) -> Results:
    """Publish what became of the decision."""
    variables, work = job.variables, job.work
    until = _after_days(job, work.now, int(variables["publish_days"]))
    title = f"结果公开：{variables['title']}"
    notice_id = desk.publish(work, NoticeKind.RESULT, title, variables["result"], job.matter_no, until)
    return {"result_notice_id": notice_id}


def archive(job: JobContext) -> Results:
    """File the matter under a number, with a digest of everything it holds."""
    work = job.work
    digest = values.digest(values.dump(dict(job.variables)))
    year = local_date(work.now).year
    number = matters.next_number(work.connection, work.community, numbers.ARCHIVE, year)
    store.file(work.connection, work.community, number, job.matter_no, digest, work.now)
    return {"archive_no": number, "archive_digest": digest}


def _closing(job: JobContext) -> datetime:
    """A vote in the room stays open for half an hour, one online for three days."""
    if job.variables["meeting_mode"] == rules.ON_SITE:
        minutes = _setting(job, "minutesOnSite", rules.VOTE_MINUTES_ON_SITE)
        return job.work.now + timedelta(minutes=minutes)
    return _after_days(job, job.work.now, _setting(job, "daysOnline", rules.VOTE_DAYS_ONLINE))


def _setting(job: JobContext, header: str, default: int) -> int:
    """A number the model may set by a task header."""
    return int(job.headers.get(header, default))


def _after_days(job: JobContext, start: datetime, days: int) -> datetime:
    return calendar_rules.due_at(calendar.load(job.work.connection), start, days, Unit.NATURAL_DAY)


def _sheet(entry: Mapping[str, Any]) -> PaperSheet:
    said = Count(*(int(entry[name]) for name in ("agree", "disagree", "abstain", "invalid")))
    return PaperSheet(int(entry["issued"]), int(entry["returned"]), said)


def _problems(job: JobContext, sheet: PaperSheet) -> list[str]:
    connection, community = job.work.connection, job.work.community
    box = ballots.get(connection, community, job.variables["ballot_box"])
    return counting.sheet_problems(sheet, len(ballots.participants(connection, box)), box.base_count)
