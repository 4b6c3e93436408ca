"""What the climb of an issue promises by its drawing alone: duties kept apart, deadlines watched, all explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.interpreter.model import EventKind, NodeType
from tests.models.source import MODELS, components, form, process
from workflows.issues import rules
from workflows.issues.service_tasks import TASKS

MODEL = process(MODELS / "issue_escalation" / "issue_escalation.bpmn")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "issue_escalation.md"

FIELDS = {
    "issue_report": "title description category severity grid_id place geo occurred_at people_affected photos"
    " anonymous reporter_name reporter_phone involves_minor consent",
    "duplicate_review": "is_duplicate master_issue note",
    "grid_handle": "first_contact_at on_site on_site_at action_taken result before_after up_reason",
    "community_handle": "result party opinion extend_request",
    "dispatch": "departments whistle requirement deadline",
    "dept_receipt": "receipt return_reason",
    "dept_handle": "contacted_at measures result legal_basis extend_request evidence",
    "verify": "verifier verified_at verified reason photos",
    "callback": "channel reached responded solved satisfaction comment",
}
"""The nine forms with the names everybody else knows their fields by."""


def barred(step: str) -> set[str]:
    return set(MODEL.nodes[step].headers["gov.notBy"].split(","))


def test_the_lanes_are_those_of_the_three_levels_and_whoever_they_work_with() -> None:
    lanes = "reporter grid_worker grid_secretary community subdistrict department system"
    assert set(MODEL.lanes) == set(lanes.split())


@pytest.mark.parametrize("name", FIELDS)
def test_a_form_keeps_the_names_of_its_fields(name: str) -> None:
    keys = {one.get("key") or one.get("path") for one in components(form(f"issue_escalation.{name}"))}
    assert set(FIELDS[name].split()) <= keys


def test_whoever_handled_an_issue_neither_verifies_it_nor_calls_back() -> None:
    assert barred("verify") == set(rules.HANDLING)
    assert barred("callback") == {*rules.HANDLING, "verify"}


def test_handling_are_the_steps_that_fill_in_a_handling_form() -> None:
    handling = {"grid_handle", "community_handle", "dept_handle"}
    found = {
        node.id
        for node in MODEL.nodes.values()
        if node.type is NodeType.USER_TASK and (node.form_id or "").partition(".")[2] in handling
    }
    assert found == set(rules.HANDLING)


@pytest.mark.parametrize(
    ("host", "interrupts", "stays"),
    [
        ("grid_handle", {"grid_due"}, {"grid_contact", "grid_yellow"}),
        ("community_stage", {"community_due"}, {"community_yellow"}),
        ("dept_handle", set(), {"dept_yellow", "dept_red", "dept_supervise"}),
        ("dept_receipt", {"receipt_deadline"}, set()),
        ("duplicate_review", {"duplicate_overdue"}, set()),
        ("dispatch", set(), {"dispatch_late"}),
        ("callback", set(), {"callback_late"}),
    ],
)
def test_each_deadline_is_watched_and_only_levels_that_can_hand_on_are_interrupted(
    host: str, interrupts: set[str], stays: set[str]
) -> None:
    found = {one.id: one.interrupting for one in MODEL.boundary_events(host)}
    assert {one for one, interrupting in found.items() if interrupting} == interrupts
    assert {one for one, interrupting in found.items() if not interrupting} == stays
    assert all(
        one.event is not None and one.event.kind is EventKind.TIMER for one in MODEL.boundary_events(host)
    )


def test_every_user_task_with_a_public_promise_has_a_due_date() -> None:
    without = {
        node.id for node in MODEL.nodes.values() if node.type is NodeType.USER_TASK and node.due_date is None
    }
    assert without == {"issue_report"}


def test_every_outcome_of_the_rules_is_an_end_of_the_drawing() -> None:
    ends = {node.name for node in MODEL.nodes.values() if node.type is NodeType.END}
    said = {
        rules.outcome({"route": route, "followup": followup, "answered_by": answered, "level": level})
        for route in ("handle", "restricted")
        for followup in ("close", "supervise")
        for answered in (None, "deliberation")
        for level in ("grid", "community", "subdistrict")
    }
    assert said <= ends
    conditions = {flow.condition.text for flow in MODEL.outgoing("gw_outcome") if flow.condition is not None}
    assert said - {"网格内办结"} == {text.split('"')[1] for text in conditions}


def test_the_stages_a_reporter_is_told_are_of_elements_that_exist() -> None:
    named = {element for _stage, elements in rules._STAGES for element in elements}
    assert named <= MODEL.nodes.keys()


def test_every_handler_is_called_somewhere() -> None:
    assert set(TASKS) <= {node.job_type for node in MODEL.nodes.values()}


def test_every_answer_that_is_waited_for_lets_the_clock_run_again() -> None:
    for node in MODEL.nodes.values():
        if node.type is NodeType.CATCH and node.event and node.event.kind is EventKind.MESSAGE:
            assert {mapping.target: mapping.source.text for mapping in node.outputs}["paused"] == "=false"


def test_the_reference_speaks_of_every_step() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    for node in MODEL.nodes.values():
        if node.type not in {NodeType.END, NodeType.START, NodeType.BOUNDARY}:
            assert f"`{node.id}` {node.name}" in reference, node.id
