"""A name nobody produces is refused at deployment, where everything that produces names is known."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused
from engine.registry import JobContext, Registry
from engine.runtime import Engine
from tests.integration.engine.builders import CLERK, PLACE, flow, process, user_task
from tests.integration.engine.play import END, service
from tests.integration.engine.test_elements import DMN

FORM = json.dumps({"id": "any", "title": "any", "components": [{"key": "answer"}]}).encode()
BEGIN = (
    '<bpmn:startEvent id="s"><bpmn:extensionElements><zeebe:ioMapping><zeebe:output source="=0" target="rounds"/>'
    "</zeebe:ioMapping></bpmn:extensionElements></bpmn:startEvent>"
)


@pytest.fixture
def registry() -> Registry:
    registry = Registry()

    @registry.service_task("work", outputs=["present"])
    def work(job: JobContext) -> Mapping[str, int]:
        return {"present": 1}

    registry.service_task("free")(work)
    return registry


def script(expression: str) -> str:
    return (
        '<bpmn:scriptTask id="x"><bpmn:extensionElements><zeebe:script resultVariable="found" '
        f'expression="{expression}"/></bpmn:extensionElements></bpmn:scriptTask>'
    )


def deployed(
    engine: Engine, expression: str, *, start: str = BEGIN, job: str = "work", more: str = ""
) -> None:
    """Start, a form, a service, and a script that reads."""
    body = start + user_task("t") + service("w", job) + script(expression) + END + more
    body += flow("s", "t") + flow("t", "w") + flow("w", "x") + flow("x", "e")
    files = [Resource("p.bpmn", process(body)), Resource("any.form", FORM), Resource("r.dmn", DMN.encode())]
    with engine.work(CLERK, PLACE) as work:
        deploy(work, files)


@pytest.mark.parametrize(
    "name", ["rounds", "answer", "present", "matter_no", "initiator_name", "found"], ids=str
)
def test_what_a_start_a_form_a_service_or_the_engine_produces_may_be_read(engine: Engine, name: str) -> None:
    deployed(engine, f"=[{name}]")


def test_a_misspelt_name_is_refused_with_its_element(engine: Engine) -> None:
    with pytest.raises(DeploymentRefused, match="读到“anwser”，流程里没有任何一步产生它") as refusal:
        deployed(engine, "=anwser")
    assert [problem.element for problem in refusal.value.problems] == ["x"]


def test_a_table_fed_by_a_name_nobody_produces_is_refused(engine: Engine) -> None:
    rule = (
        '<bpmn:businessRuleTask id="b"><bpmn:extensionElements><zeebe:calledDecision decisionId="route" '
        'resultVariable="way"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    )
    with pytest.raises(DeploymentRefused, match="决策表“route”读到“households”"):
        deployed(engine, "=answer", more=rule + flow("x", "b"))


def test_names_bound_inside_an_expression_are_its_own(engine: Engine) -> None:
    deployed(engine, "=for n in [answer] return n + rounds")


@pytest.mark.parametrize(
    "more",
    [{"start": '<bpmn:startEvent id="s"/>'}, {"job": "free"}],
    ids=["a start that says nothing", "a service that says nothing"],
)
def test_where_something_may_produce_any_name_none_is_refused(engine: Engine, more: dict[str, str]) -> None:
    deployed(engine, "=anything", **more)


CAUGHT = '<bpmn:receiveTask id="r" messageRef="m"/>'


@pytest.mark.parametrize(("payload", "accepted"), [("verdict", True), ("other", False), (None, True)])
def test_a_message_may_declare_what_it_brings(engine: Engine, payload: str | None, accepted: bool) -> None:
    declared = f'<zeebe:properties><zeebe:property name="gov.payload" value="{payload}"/></zeebe:properties>'
    message = (
        '<bpmn:message id="m" name="msg"><bpmn:extensionElements><zeebe:subscription correlationKey="=matter_no"/>'
        f"{declared if payload else ''}</bpmn:extensionElements></bpmn:message>"
    )
    body = BEGIN + CAUGHT + script("=verdict") + END + flow("s", "r") + flow("r", "x") + flow("x", "e")
    with engine.work(CLERK, PLACE) as work:
        files = [Resource("p.bpmn", process(body, extra=message))]
        if accepted:
            deploy(work, files)
        else:
            with pytest.raises(DeploymentRefused, match="“verdict”"):
                deploy(work, files)


def test_a_process_may_declare_what_its_starters_hand_in(engine: Engine) -> None:
    given = (
        '<bpmn:extensionElements><zeebe:properties><zeebe:property name="gov.inputs" value="topic, place"/>'
        '</zeebe:properties></bpmn:extensionElements><bpmn:startEvent id="s"/>'
    )
    deployed(engine, "=topic + place", start=given)
    with pytest.raises(DeploymentRefused, match="“tpoic”"):
        deployed(engine, "=tpoic", start=given)
