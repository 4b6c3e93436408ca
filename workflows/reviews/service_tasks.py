"""What the model of the half-yearly review may call."""

from __future__ import annotations

from engine.registry import Handler, Registry
from workflows.reviews import closing, convening, drawing, voting

PANEL = "invited_now: number, panels: list"
RESULTS = "results: list, graded: list, followups: list"

TASKS: dict[str, tuple[Handler, str, str]] = {
    "reviews.prepare": (drawing.prepare, "", "period: string, periods: list, title: string"),
    "reviews.build_pool": (
        drawing.build_pool,
        "grids: list, quota: list, criteria: list, meeting_at: string, period: string",
        "title: string, pool_size: number, pool_sha256: string",
    ),
    "reviews.draw": (drawing.draw, "draw_seed, grids: list", "draw_seed: string, panels: list"),
    "reviews.publish_roster": (
        drawing.publish_roster,
        "excluded, title: string",
        "roster_notice_id: string, roster_until: string, excluded: list",
    ),
    "reviews.fill_panel": (drawing.fill_panel, "grids: list, title: string", PANEL),
    "reviews.redraw": (drawing.redraw, "panel_checks: list", "invited_now: number"),
    "reviews.withdraw_evaluator": (drawing.withdraw_evaluator, "person: string", ""),
    "reviews.publish_reports": (
        convening.publish_reports,
        "panels: list, self_reports: list, meeting_at: string, title: string",
        "duties_notice_id: string",
    ),
    "reviews.attendance": (convening.attendance, "sign_ins: list, panels: list", "attendances: list"),
    "reviews.void": (convening.void_review, "attendances: list, title: string", ""),
    "reviews.merge": (convening.merge_review, "", ""),
    "reviews.answer_objection": (
        convening.answer_objection,
        "objector: string, duty_finding: string, reply: string",
        "",
    ),
    "reviews.open": (
        voting.open_review,
        "quorums: list, attendances: list, title: string",
        "open_grids: list, phone_count: number, paper_panels: list, vote_deadline_at: string",
    ),
    "reviews.compare": (
        voting.compare,
        "paper_a, paper_b, tries: number",
        "paper_match: boolean, tries: number, mismatch: string, needs_supervisor: boolean",
    ),
    "reviews.tally": (
        voting.tally,
        "papers, papers_now: list, quorums: list, attendances: list",
        "papers, papers_now: list, tallies: list, balanced: boolean, reconcile_lines: list",
    ),
    "reviews.feedback": (
        closing.feedback,
        "grades: list, tallies: list, panels: list, title: string",
        RESULTS,
    ),
    "reviews.settle_appeals": (
        closing.settle_appeals,
        "findings: list, results: list, papers",
        f"{RESULTS}, recount: boolean, paper_panels: list",
    ),
    "reviews.publish_result": (
        closing.publish_result,
        "results: list, title: string",
        "result_notice_id: string, result_until: string",
    ),
    "reviews.report_adjustment": (closing.report_adjustment, "result, title: string", ""),
    "reviews.publish_report": (
        closing.publish_report,
        "summary: string, suggestions: string, usage: list, results: list, title: string",
        "report_notice_id: string",
    ),
}
"""Job type → handler, the variables it cannot do without, those it may return."""


def register(registry: Registry) -> None:
    """Make the handlers known."""
    for job_type, (handler, inputs, outputs) in TASKS.items():
        registry.service_task(job_type, inputs=inputs, outputs=outputs)(handler)
