"""Which of several things that could happen comes first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused
from engine.runtime import Engine
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task
from tests.integration.engine.play import complete, open_incidents, open_tasks

Run = Callable[..., int]
START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def inclusive(node: str, default: str = "") -> str:
    return f'<bpmn:inclusiveGateway id="{node}" {default}/>'


def test_an_outer_join_waits_for_the_inner_one_wherever_it_stands_in_the_file(
    engine: Engine, run: Run
) -> None:
    body = START + inclusive("outer_join") + inclusive("inner_join") + "".join(map(user_task, "abct")) + END
    body += inclusive("o1", 'default="never1"') + inclusive("o8", 'default="never2"')
    body += (
        flow("s", "o1")
        + flow("o1", "a", "=true")
        + flow("o1", "o8", "=true")
        + flow("o1", "a", name="never1")
    )
    body += flow("o8", "b", "=true") + flow("o8", "c", "=true") + flow("o8", "b", name="never2")
    body += flow("b", "inner_join") + flow("c", "inner_join") + flow("a", "outer_join")
    body += flow("inner_join", "outer_join") + flow("outer_join", "t") + flow("t", "e")
    key = run(body)
    for task in "abc":
        complete(engine, task)
    assert open_tasks(engine, key) == ["t"]


ERROR = '<bpmn:error id="err" errorCode="bad"/>'
THROWS = '<bpmn:endEvent id="{}"><bpmn:errorEventDefinition errorRef="err"/></bpmn:endEvent>'


def caught_inside(then: str, *, interrupting: str = "true") -> str:
    inner = '<bpmn:startEvent id="is"/>' + THROWS.format("ie") + flow("is", "ie")
    inner += '<bpmn:subProcess id="handler" triggeredByEvent="true">'
    inner += f'<bpmn:startEvent id="hs" isInterrupting="{interrupting}"><bpmn:errorEventDefinition errorRef="err"/>'
    inner += "</bpmn:startEvent>" + then + "</bpmn:subProcess>"
    body = START + f'<bpmn:subProcess id="sp">{inner}</bpmn:subProcess>' + user_task("outside") + END
    body += '<bpmn:boundaryEvent id="b" attachedToRef="sp"><bpmn:errorEventDefinition errorRef="err"/></bpmn:boundaryEvent>'
    return body + flow("s", "sp") + flow("sp", "e") + flow("b", "outside")


def test_an_event_sub_process_catches_before_the_boundary_around_it(engine: Engine, run: Run) -> None:
    key = run(caught_inside(user_task("inside") + flow("hs", "inside")), extra=ERROR)
    assert open_tasks(engine, key) == ["inside"]


def test_an_error_that_handles_an_error_goes_outwards(engine: Engine, run: Run) -> None:
    key = run(caught_inside(THROWS.format("he") + flow("hs", "he")), extra=ERROR)
    assert open_tasks(engine, key) == ["outside"]
    assert open_incidents(engine) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (caught_inside(user_task("inside") + flow("hs", "inside"), interrupting="false"), "必须是中断的"),
        (START + user_task("t") + END + flow("s", "t") + flow("t", "e", "=false"), "每个出口都有条件"),
    ],
)
def test_what_would_stand_for_ever_is_refused(engine: Engine, body: str, sentence: str) -> None:
    files = [Resource("p.bpmn", process(body, extra=ERROR)), Resource("any.form", ANY_FORM)]
    with engine.work(CLERK, PLACE) as work, pytest.raises(DeploymentRefused, match=sentence):
        deploy(work, files, prove=False)
