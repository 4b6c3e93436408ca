"""Service tasks around the forms: boxes opened, two entries compared, everything counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.registry import JobContext
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox, BallotMode
from workflows.moments import feel_text
from workflows.reviews import arithmetic, rules, store
from workflows.reviews.arithmetic import OVERALL
from workflows.reviews.model import Rating, Review, Sheet
from workflows.reviews.rosters import box_id

Results = dict[str, Any]

MINUTES = 30
"""How long the forms may be filled in on the spot (design value); the header ``minutesOnSite`` overrides it."""
ENTRIES_ALONE = 3
"""When the entries of the two tellers differ for the third time, the supervisors come to the table."""


def open_review(job: JobContext) -> Results:
    """Open a box for each grid with a quorum; those whose panel lacks one are not evaluated."""
    variables, work = job.variables, job.work
    closes_at = work.now + timedelta(minutes=int(job.headers.get("minutesOnSite", MINUTES)))
    valid = {one["grid"] for one in variables["quorums"] if one["quorum_met"]}
    open_now = [one for one in variables["attendances"] if one["grid"] in valid]
    for one in open_now:
        box = BallotBox(
            community=work.community,
            id=box_id(job.matter_no, one["grid"]),
            matter_no=job.matter_no,
            mode=BallotMode.SECRET,
            motion_text=f"{variables['title']}：{one['grid_name']}",
            base_count=one["phone"],
            opened_at=work.now,
            closes_at=closes_at,
        )
        ballots.open_box(work.connection, box)
    return {
        "open_grids": [one["grid"] for one in open_now],
        "phone_count": sum(one["phone"] for one in open_now),
        "paper_panels": [
            {"grid": one["grid"], "grid_name": one["grid_name"], "handed_out": one["paper"]}
            for one in open_now
            if one["paper"]
        ],
        "vote_deadline_at": feel_text(closes_at),
    }


def compare(job: JobContext) -> Results:
    """Whether both tellers entered the same figures; where they differ is told without the figures."""
    variables = job.variables
    first, second = _sheet(variables["paper_a"]), _sheet(variables["paper_b"])
    tries = int(variables["tries"]) + 1
    found = [*arithmetic.differences(first, second), *arithmetic.imbalances(first)]
    return {
        "paper_match": not found,
        "tries": tries,
        "mismatch": "；".join(found),
        "needs_supervisor": bool(found) and tries >= ENTRIES_ALONE,
    }


def tally(job: JobContext) -> Results:
    """Close the boxes and count them together with the paper forms, grid by grid."""
    variables, work = job.variables, job.work
    review = store.get(work.connection, work.community, job.matter_no)
    papers = {**variables["papers"], **_entered(variables["papers_now"])}
    quorums = {one["grid"]: one["quorum_met"] for one in variables["quorums"]}
    failed = store.graded(work.connection, work.community, rules.previous(review.period), "不称职")
    rows = [
        _row(job, review, one, quorums[one["grid"]], papers.get(one["grid"]), one["grid"] in failed)
        for one in variables["attendances"]
    ]
    return {
        "papers": papers,
        "papers_now": [],
        "tallies": rows,
        "balanced": all(row["balanced"] for row in rows),
        "reconcile_lines": [f"{row['grid_name']}：{row['reconciled']}" for row in rows if row["quorum_met"]],
    }


def _row(
    job: JobContext,
    review: Review,
    attendance: Mapping[str, Any],
    quorum_met: bool,
    paper: Mapping[str, Any] | None,
    prev_failed: bool,
) -> Results:
    sheets = [_counted(job, review, attendance)] if quorum_met else []
    if paper is not None:
        sheets.append(_sheet(paper))
    sheet = arithmetic.combined(sheets)
    found = arithmetic.Tally(
        entitled=int(attendance["entitled"]),
        present=int(attendance["present"]),
        quorum_met=quorum_met,
        sheet=sheet,
        criteria=review.criteria,
    )
    overall = found.overall
    return {
        "grid": attendance["grid"],
        "grid_name": attendance["grid_name"],
        "entitled": found.entitled,
        "present": found.present,
        "quorum_met": quorum_met,
        "issued": sheet.issued,
        "returned": sheet.returned,
        "valid": sheet.valid,
        "invalid": sheet.invalid,
        "very_satisfied": overall.satisfied,
        "basically": overall.basically,
        "satisfied": overall.content,
        "unsatisfied": overall.unsatisfied,
        "unknown": overall.unknown,
        "prev_failed": prev_failed,
        "balanced": not arithmetic.imbalances(sheet),
        "reconciled": arithmetic.reconciliation(sheet),
        "lines": arithmetic.explanation(found, prev_failed),
    }


def _counted(job: JobContext, review: Review, attendance: Mapping[str, Any]) -> Sheet:
    """What the box of a grid holds, which is closed from now on."""
    work = job.work
    box = ballots.get(work.connection, work.community, box_id(job.matter_no, attendance["grid"]))
    store.close(work.connection, box, work.now)
    overall = ballots.choices(work.connection, box)
    forms = store.scores(work.connection, box)
    answers = {OVERALL: arithmetic.counts(overall)} | {
        name: arithmetic.counts(Counter(form[name] for form in forms)) for name in review.criteria
    }
    return Sheet(int(attendance["phone"]), len(forms), 0, answers)


def _sheet(entry: Mapping[str, Any]) -> Sheet:
    """A teller's entry as the form has it: ``counts`` rows {item, 满意 … 不了解}."""
    columns = {"satisfied": Rating.SATISFIED, "basically": Rating.BASICALLY}
    columns |= {"unsatisfied": Rating.UNSATISFIED, "unknown": Rating.UNKNOWN}
    answers = {
        row["item"]: arithmetic.counts({rating: int(row[name]) for name, rating in columns.items()})
        for row in entry["counts"]
    }
    return Sheet(int(entry["issued"]), int(entry["returned"]), int(entry["invalid"]), answers)


def _entered(outputs: list[Mapping[str, Any] | None]) -> dict[str, Any]:
    """The entries both tellers agreed on, by grid."""
    return {one["grid"]: one["sheet"] for one in outputs if one}
