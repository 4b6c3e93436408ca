"""Messages, signals, decisions, expressions, forms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.clock import VirtualClock
from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL_FORM, DECISION, FORM, MESSAGE, chain, element, process


@pytest.fixture
def waiting(admin: Api) -> str:
    admin.deploy(("waiting.bpmn", MESSAGE))
    return admin.start("waiting", case_no="C-1")


def state(api: Api, instance: str) -> str:
    return str(api.get(f"/v2/process-instances/{instance}")["state"])


def test_a_published_message_reaches_who_waits(waiting: str, admin: Api):
    body = {"name": "answer", "correlationKey": "C-1", "variables": {"text": "好"}}
    assert admin.post("/v2/messages/publication", body)["messageKey"].isdigit()
    assert state(admin, waiting) == "COMPLETED"


def test_a_message_waits_as_long_as_it_lives(admin: Api, clock: VirtualClock):
    admin.deploy(("waiting.bpmn", MESSAGE))
    for case in ("C-1", "C-2"):
        body = {"name": "answer", "correlationKey": case, "timeToLive": 60_000}
        admin.post("/v2/messages/publication", body)
    assert state(admin, admin.start("waiting", case_no="C-1")) == "COMPLETED"
    clock.advance(timedelta(seconds=61))
    assert state(admin, admin.start("waiting", case_no="C-2")) == "ACTIVE"


def test_the_same_message_id_counts_once(admin: Api):
    body = {"name": "answer", "correlationKey": "C-1", "timeToLive": 60_000, "messageId": "m-1"}
    admin.post("/v2/messages/publication", body)
    assert admin.post("/v2/messages/publication", body, status=409)["title"] == "INVALID_STATE"


def test_correlating_tells_the_matter_it_reached(waiting: str, admin: Api):
    body = {"name": "answer", "correlationKey": "C-1"}
    assert admin.post("/v2/messages/correlation", body)["processInstanceKey"] == waiting
    admin.post("/v2/messages/correlation", body, status=404)


def test_correlating_can_start_a_matter(admin: Api):
    start = element("startEvent", "s", inner='<bpmn:messageEventDefinition messageRef="m1"/>')
    extra = '<bpmn:message id="m1" name="begin"/>'
    body = start + element("endEvent", "e") + chain("s", "e")
    admin.deploy(("begins.bpmn", process("begins", body, extra=extra)))
    started = admin.post("/v2/messages/correlation", {"name": "begin"})["processInstanceKey"]
    assert admin.get(f"/v2/process-instances/{started}")["processDefinitionId"] == "begins"


def test_who_waits_for_a_message_can_be_looked_up(waiting: str, admin: Api):
    [found] = admin.search("message-subscriptions", messageName="answer")
    assert (found["correlationKey"], found["processInstanceKey"]) == ("C-1", waiting)


def test_a_signal_reaches_everybody_who_waits(admin: Api):
    catch = element("intermediateCatchEvent", "c", inner='<bpmn:signalEventDefinition signalRef="s1"/>')
    extra = '<bpmn:signal id="s1" name="alarm"/>'
    body = element("startEvent", "s") + catch + element("endEvent", "e") + chain("s", "c", "e")
    admin.deploy(("p.bpmn", process("alarmed", body, extra=extra)))
    started = [admin.start("alarmed"), admin.start("alarmed")]
    admin.post("/v2/signals/broadcast", {"signalName": "alarm"})
    assert {state(admin, key) for key in started} == {"COMPLETED"}


def test_a_decision_answers_with_the_rule_that_matched(admin: Api):
    admin.deploy(("fees.dmn", DECISION))
    answer = admin.post(
        "/v2/decision-definitions/evaluation", {"decisionDefinitionId": "fee", "variables": {"people": 4}}
    )
    assert answer["output"] == '{"price":100,"why":"少"}'
    [decision] = answer["evaluatedDecisions"]
    assert [rule["ruleId"] for rule in decision["matchedRules"]] == ["few"]
    assert decision["evaluatedInputs"][0]["inputValue"] == "4"
    key = answer["decisionDefinitionKey"]
    again = admin.post(
        "/v2/decision-definitions/evaluation", {"decisionDefinitionKey": key, "variables": {"people": 40}}
    )
    assert again["output"] == '{"price":50,"why":"多"}'


def test_a_decision_is_found_with_the_file_it_came_in(admin: Api):
    admin.deploy(("fees.dmn", DECISION))
    [decision] = admin.search("decision-definitions", decisionDefinitionId="fee", isLatestVersion=True)
    assert (decision["decisionRequirementsId"], decision["decisionRequirementsName"]) == ("fees", "费用")
    xml = admin.get(f"/v2/decision-definitions/{decision['decisionDefinitionKey']}/xml")
    assert xml.encode() == DECISION
    assert (
        admin.get(f"/v2/decision-requirements/{decision['decisionRequirementsKey']}")["resourceName"]
        == "fees.dmn"
    )


def test_a_decision_without_its_input_says_what_is_missing(admin: Api):
    admin.deploy(("fees.dmn", DECISION))
    answer = admin.post("/v2/decision-definitions/evaluation", {"decisionDefinitionId": "fee"})
    assert (answer["failedDecisionDefinitionId"], answer["output"]) == ("fee", "null")
    assert "people" in answer["failureMessage"]


def test_an_unknown_decision_is_not_found(admin: Api):
    admin.post("/v2/decision-definitions/evaluation", {"decisionDefinitionId": "none"}, status=404)


def test_an_expression_is_tried_out(admin: Api):
    body = {"expression": "=people * 2", "variables": {"people": 21}}
    assert admin.post("/v2/expression/evaluation", body)["result"] == 42
    assert (
        "没有" in admin.post("/v2/expression/evaluation", {"expression": "=nobody + 1"}, status=400)["detail"]
    )


def test_a_form_is_read_as_it_was_deployed(admin: Api):
    deployed = admin.deploy(("approval.form", APPROVAL_FORM))["deployments"][0]["form"]
    form = admin.get(f"/v2/forms/{deployed['formKey']}")
    assert (form["formId"], form["schema"].encode()) == (FORM["id"], APPROVAL_FORM)
