"""What the ledger promises by its drawing alone: duties kept apart, deadlines watched, all explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.interpreter.model import NodeType
from engine.soundness import Kind, check
from tests.models.source import MODELS, components, form, process
from workflows.ledger import rules
from workflows.ledger.service_tasks import TASKS

MODEL = process(MODELS / "hazard_ledger" / "hazard_ledger.bpmn")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "hazard_ledger.md"

FIELDS = {
    "ledger_entry": "ledger_no ledger_type source_ref place_type place content consequence likelihood photos"
    " found_at",
    "assign": "executor_org responsible_person measures standard deadline accept_by fund interim",
    "receipt": "receipt dispute_reason",
    "progress": "percent note photos",
    "extension": "days reason interim approve",
    "close_request": "result evidence completed_at",
    "acceptance": "verifiers on_site accept_result opinion photos",
    "close_approval": "approve opinion",
}
"""The eight forms with the names everybody else knows their fields by."""

DOERS = {"receipt", "rectify", "close_request"}


def barred(step: str) -> set[str]:
    return set(MODEL.nodes[step].headers["gov.notBy"].split(","))


def test_the_lanes_are_those_who_find_manage_put_right_and_check() -> None:
    lanes = "finder ledger_clerk executor verifier approver subdistrict system"
    assert set(MODEL.lanes) == set(lanes.split())


@pytest.mark.parametrize("name", FIELDS)
def test_a_form_keeps_the_names_of_its_fields(name: str) -> None:
    keys = {one.get("key") or one.get("path") for one in components(form(f"hazard_ledger.{name}"))}
    assert set(FIELDS[name].split()) <= keys


def test_whoever_puts_it_right_neither_prolongs_nor_accepts_nor_approves_it() -> None:
    assert barred("extension") == DOERS
    assert barred("acceptance") == DOERS
    assert barred("close_approval") == {*DOERS, "acceptance"}


@pytest.mark.parametrize(
    ("host", "interrupts", "stays"),
    [
        ("assign", set(), {"assign_late"}),
        ("receipt", {"receipt_deadline"}, set()),
        (
            "rectification",
            {"executor_changed"},
            {"rectify_yellow", "rectify_red", "rectify_supervise", "progress_due"},
        ),
        ("acceptance", set(), {"acceptance_late"}),
        ("close_approval", set(), {"approval_late"}),
    ],
)
def test_each_deadline_is_watched(host: str, interrupts: set[str], stays: set[str]) -> None:
    found = {one.id: one.interrupting for one in MODEL.boundary_events(host)}
    assert {one for one, interrupting in found.items() if interrupting} == interrupts
    assert {one for one, interrupting in found.items() if not interrupting} == stays


def test_every_step_but_the_first_has_a_due_date() -> None:
    without = {
        node.id for node in MODEL.nodes.values() if node.type is NodeType.USER_TASK and node.due_date is None
    }
    assert without == {"ledger_entry"}


def test_every_outcome_of_the_rules_is_an_end_that_answers_the_source() -> None:
    answering = {
        node.name
        for node in MODEL.nodes.values()
        if node.type is NodeType.END and node.event and node.event.name == "msg_ledger_closed"
    }
    assert set(rules.OUTCOMES.values()) == answering


def test_every_handler_is_called_somewhere() -> None:
    assert set(TASKS) <= {node.job_type for node in MODEL.nodes.values()}


def test_the_forms_offer_what_the_rules_know() -> None:
    offered = {
        one["key"]: [value["value"] for value in one["values"]]
        for one in components(form("hazard_ledger.ledger_entry"))
        if "values" in one
    }
    assert tuple(offered["ledger_type"]) == rules.KINDS
    assert offered["place_type"] == list(rules.PLACE_TYPES)


def test_the_process_cannot_hang() -> None:
    assert check(MODEL).kind is Kind.SOUND


def test_the_reference_speaks_of_every_step() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    for node in MODEL.nodes.values():
        if node.type not in {NodeType.END, NodeType.START, NodeType.BOUNDARY}:
            assert f"`{node.id}` {node.name}" in reference, node.id
