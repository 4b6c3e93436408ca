"""What the half-yearly review promises by its drawing alone: secrecy, duties kept apart, deadlines, all explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.interpreter.model import EventKind, NodeType
from tests.models.source import MODELS, components, form, process
from workflows.reviews.service_tasks import TASKS

MODEL = process(MODELS / "semiannual_review" / "semiannual_review.bpmn")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "semiannual_review.md"

FIELDS = {
    "review_plan": "period grids panel_size quota criteria grades ballot_mode meeting_at draw_seed",
    "sample_verify": "excluded verified signatures",
    "roster_objection": "content evidence",
    "evaluator_accept": "accept reason need_paper need_help",
    "self_report": "report patrol_hours visit_coverage issues problems plan",
    "review_sign_in": "attendance",
    "review_ballot": "scores overall suggestion",
    "paper_entry": "issued returned counts invalid photo",
    "tally_certify": "reconcile anomaly signatures",
    "subject_statement": "accept_result statement",
    "appeal_review": "finding reason",
    "rectification_plan": "items deadline",
    "review_report": "summary suggestions usage",
}
"""The forms with the names everybody else knows their fields by."""


def test_the_lanes_are_those_who_hold_a_review_and_those_it_is_about() -> None:
    lanes = "subdistrict organiser supervisor system evaluator subject teller resident"
    assert set(MODEL.lanes) == set(lanes.split())


@pytest.mark.parametrize("name", FIELDS)
def test_a_form_keeps_the_names_of_its_fields(name: str) -> None:
    keys = {one.get("key") or one.get("path") for one in components(form(f"semiannual_review.{name}"))}
    assert set(FIELDS[name].split()) <= keys


def test_whoever_asks_hundreds_asks_a_roster() -> None:
    asked = {node.id for node in MODEL.nodes.values() if node.headers.get("gov.kind") == "roster"}
    assert asked == {"evaluator_accept", "review_ballot"}


def test_two_tellers_enter_the_paper_forms() -> None:
    assert MODEL.nodes["paper_entry_a"].headers["gov.notBy"] == "paper_entry_b"
    assert MODEL.nodes["paper_entry_b"].headers["gov.notBy"] == "paper_entry_a"


@pytest.mark.parametrize(
    ("host", "interrupts", "stays"),
    [
        ("evaluator_accept", {"accept_deadline"}, set()),
        ("self_report", {"report_deadline"}, set()),
        ("review_ballot", {"vote_deadline"}, set()),
        ("subject_statement", {"statement_deadline"}, set()),
        ("rectification_plan", set(), {"plan_late"}),
        ("wait_closed", set(), {"closing_late"}),
    ],
)
def test_each_deadline_is_watched_and_only_what_can_go_on_without_is_interrupted(
    host: str, interrupts: set[str], stays: set[str]
) -> None:
    found = {one.id: one.interrupting for one in MODEL.boundary_events(host)}
    assert {one for one, interrupting in found.items() if interrupting} == interrupts
    assert {one for one, interrupting in found.items() if not interrupting} == stays


def test_it_starts_twice_a_year_by_itself() -> None:
    (timed,) = (
        node
        for node in MODEL.start_events(MODEL.process_id)
        if node.event is not None and node.event.kind is EventKind.TIMER
    )
    assert timed.event is not None
    assert timed.event.expression is not None
    assert timed.event.expression.text == "R/2026-06-20T09:00:00+08:00/P6M"


def test_every_handler_is_called_somewhere() -> None:
    assert set(TASKS) <= {node.job_type for node in MODEL.nodes.values()}


def test_the_reference_speaks_of_every_step() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    for node in MODEL.nodes.values():
        if node.type not in {NodeType.END, NodeType.START, NodeType.BOUNDARY}:
            assert f"`{node.id}` {node.name}" in reference, node.id
