"""What a verdict tells the one who drew the model, and what the checker makes of our own models."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.interpreter.model import NodeType, ProcessModel
from engine.soundness import Kind, check
from tests.models.source import BPMN_FILES, process
from tests.unit.engine.soundness.notation import model

OURS = {path.stem: process(path) for path in BPMN_FILES}


@pytest.mark.parametrize("process_id", OURS)
def test_our_own_models_are_sound(process_id: str) -> None:
    assert check(OURS[process_id]).sentence == ""


def test_a_meeting_that_invites_or_asks_but_waits_for_both_is_refused_with_the_gateway_named() -> None:
    verdict = check(_with_type(OURS["deliberation_meeting"], "gw_invite", NodeType.EXCLUSIVE))
    assert verdict.kind is Kind.DEADLOCK
    assert verdict.elements[0] == "gw_invited"
    assert "要等齐所有分支" in verdict.sentence
    assert verdict.trace[-1] == "gw_invited"


def test_a_meeting_whose_branches_are_not_joined_is_refused() -> None:
    verdict = check(_with_type(OURS["deliberation_meeting"], "gw_invited", NodeType.EXCLUSIVE))
    assert verdict.kind is Kind.UNSAFE
    assert verdict.elements[0] == "gw_invited"
    assert OURS["deliberation_meeting"].nodes["gw_invite"].name in verdict.sentence


def test_the_trace_leads_from_the_start_to_the_fault() -> None:
    drawn = model("s -> t1 -> x1 -> t2 -> p1 -> e\nx1 -> t3 -> p1")
    assert check(drawn).trace == ("s", "t1", "x1", "t2", "p1")
    drawn = model("s -> p1 -> t1 -> x1 -> t3 -> e\np1 -> t2 -> x1")
    assert check(drawn).trace == ("s", "p1", "t1", "t2", "x1")


def test_the_missing_branch_is_named() -> None:
    sentence = check(model("s -> x1 -> t1 -> p1 -> e\nx1 -> t2 -> p1")).sentence
    assert sentence.startswith("“p1”要等齐所有分支才继续，可是从“t2”来的那一路可能永远不来")


def test_the_place_where_the_branches_parted_is_named() -> None:
    sentence = check(model("s -> p9 -> t1 -> x1 -> t3 -> e\np9 -> t2 -> x1")).sentence
    assert sentence.startswith("在“p9”分成的几路会先后走到“x1”")


def test_what_is_dead_because_something_before_it_is_comes_after_it() -> None:
    assert check(model("s -> t1 -> e\nt3 -> e2\nt2 -> t3")).elements == ("t2", "t3", "e2")


def test_an_error_that_nobody_throws_is_explained() -> None:
    sentence = check(model("s -> t1 -> e\nb:error=E@t1 -> e2")).sentence
    assert "没有谁抛出这个错误或升级" in sentence


def test_processes_that_call_each_other_in_a_circle_are_found_through_the_others() -> None:
    first, second = model("s -> k1=q -> e", "p"), model("s -> k2=r -> e", "q")
    third = model("s -> k3=p -> e", "r")
    verdict = check(first, {"q": second, "r": third})
    assert verdict.kind is Kind.CALL_CYCLE
    assert verdict.elements == ("k1",)
    assert "p → q → r → p" in verdict.sentence
    assert check(first, {"q": second}).is_sound


def test_who_calls_into_a_circle_never_gets_an_answer() -> None:
    loop = model("s -> k2=q -> e", "q")
    verdict = check(model("s -> k1=q -> e"), {"q": loop})
    assert verdict.kind is Kind.CALL_CYCLE
    assert "q → q" in verdict.sentence


def test_what_is_not_drawn_completely_is_unknown() -> None:
    drawn = model("s -> t1 -> e")
    (first, *_) = drawn.flows.values()
    dangling = replace(drawn, flows={**drawn.flows, first.id: replace(first, target="gone")})
    verdict = check(dangling)
    assert verdict.kind is Kind.UNKNOWN
    assert verdict.elements == (first.id,)
    assert "没有画完整" in verdict.sentence


@pytest.mark.parametrize("node_id", ["s", "b", "t1", "e"])
def test_without_start_host_or_scope_nothing_is_judged(node_id: str) -> None:
    drawn = model("s -> t1 -> e\nb:timer@t1 -> e2")
    changes = {
        "s": {"type": NodeType.TASK},
        "b": {"attached_to": "gone"},
        "t1": {"scope": "t1"},
        "e": {"triggered_by_event": True},
    }
    nodes = {**drawn.nodes, node_id: replace(drawn.nodes[node_id], **changes[node_id])}
    assert check(replace(drawn, nodes=nodes)).kind is Kind.UNKNOWN


def _with_type(drawn: ProcessModel, node_id: str, kind: NodeType) -> ProcessModel:
    node = replace(drawn.nodes[node_id], type=kind)
    return replace(drawn, nodes={**drawn.nodes, node_id: node})
