"""Nothing an administrator types is ever compiled or executed as Python, wherever it is typed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import instances, user_tasks, worker
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused, Refusal
from engine.registry import Registry
from engine.runtime import Engine
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no store's concern

MARK = "yishi_was_executed"
PYTHON = f"__import__('pathlib').Path('{MARK}').touch()"
TEXTS = (PYTHON, f"={PYTHON}", f"=[].__class__.__base__.__subclasses__() or {PYTHON}", f"R3/{PYTHON}")

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
LINE = flow("s", "x") + flow("x", "e")


def node(tag: str, inner: str = "", extensions: str = "", attributes: str = "") -> str:
    extended = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return START + f'<bpmn:{tag} id="x" {attributes}>{extended}{inner}</bpmn:{tag}>' + END + LINE


def typed(tag: str, text: str = "{}") -> str:
    return f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{tag}>'


def timer(kind: str) -> str:
    return f"<bpmn:timerEventDefinition>{typed(kind)}</bpmn:timerEventDefinition>"


def loop(settings: str, inner: str = "") -> str:
    extensions = f"<zeebe:loopCharacteristics {settings}/>"
    return (
        "<bpmn:multiInstanceLoopCharacteristics>"
        f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>{inner}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def header(key: str) -> str:
    return f'<zeebe:taskHeaders><zeebe:header key="{key}" value="{{}}"/></zeebe:taskHeaders>'


def mapping(kind: str) -> str:
    return f'<zeebe:ioMapping><zeebe:{kind} source="{{}}" target="r"/></zeebe:ioMapping>'


def assigned(attribute: str) -> str:
    return f'<zeebe:userTask/><zeebe:assignmentDefinition {attribute}="{{}}"/>'


ASSIGNED = '<zeebe:userTask/><zeebe:assignmentDefinition assignee="u"/>'
RECEIVE = '<bpmn:receiveTask id="x" messageRef="m"/>'
SENT = '<bpmn:messageEventDefinition messageRef="m"/>'
SEND = '<zeebe:taskDefinition type="publish-message"/>'
CONDITIONAL = f"<bpmn:conditionalEventDefinition>{typed('condition')}</bpmn:conditionalEventDefinition>"

CARDINALITY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{}</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)

SITES = {
    "flow condition": START + '<bpmn:exclusiveGateway id="x" default="d"/>' + END + flow("s", "x")
    + flow("x", "e", "{}") + flow("x", "e", name="d"),
    "script": node("scriptTask", extensions='<zeebe:script expression="{}" resultVariable="r"/>'),
    "input mapping": node("task", extensions=mapping("input")),
    "output mapping": node("task", extensions=mapping("output")),
    "assignee": node("userTask", extensions=assigned("assignee")),
    "candidate groups": node("userTask", extensions=assigned("candidateGroups")),
    "candidate users": node("userTask", extensions=assigned("candidateUsers")),
    "due date": node("userTask", extensions=ASSIGNED + '<zeebe:taskSchedule dueDate="{}"/>'),
    "priority": node("userTask", extensions=ASSIGNED + '<zeebe:priorityDefinition priority="{}"/>'),
    "timer date": node("intermediateCatchEvent", timer("timeDate")),
    "timer duration": node("intermediateCatchEvent", timer("timeDuration")),
    "timer cycle": START + user_task("x") + END + LINE
    + f'<bpmn:boundaryEvent id="b" attachedToRef="x" cancelActivity="false">{timer("timeCycle")}</bpmn:boundaryEvent>',
    "condition event": node("intermediateCatchEvent", CONDITIONAL),
    "collection": node("task", loop('inputCollection="{}" inputElement="i"')),
    "output element": node("task", loop('inputCollection="=[1]" inputElement="i" outputCollection="o" outputElement="{}"')),
    "completion condition": node("task", loop('inputCollection="=[1, 2]"', typed("completionCondition"))),
    "called process": node("callActivity", extensions='<zeebe:calledElement processId="{}"/>'),
    "correlation key": START + RECEIVE + END + LINE,
    "sent key": node("intermediateThrowEvent", SENT, SEND + header("correlationKey")),
    "sent time to live": node("intermediateThrowEvent", SENT, SEND + header("timeToLive")),
    "header": node("serviceTask", extensions='<zeebe:taskDefinition type="work"/>' + header("k")),
    "job type": node("serviceTask", extensions='<zeebe:taskDefinition type="{}"/>'),
    "title": START + END + flow("s", "e"),
    "python script": START + '<bpmn:scriptTask id="x"><bpmn:script>{}</bpmn:script></bpmn:scriptTask>' + END + LINE,
    "cardinality": node("task", CARDINALITY),
    "standard loop": node("task", f"<bpmn:standardLoopCharacteristics>{typed('loopCondition')}</bpmn:standardLoopCharacteristics>"),
}  # fmt: skip

DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    '<decision id="rule" name="rule"><decisionTable id="t"><input id="i"><inputExpression id="ie"><text>INPUT</text>'
    '</inputExpression></input><output id="o" name="out"/><rule id="r"><inputEntry id="c"><text>CELL</text></inputEntry>'
    '<outputEntry id="v"><text>OUTPUT</text></outputEntry></rule></decisionTable></decision></definitions>'
)
USES_RULE = node(
    "businessRuleTask", extensions='<zeebe:calledDecision decisionId="rule" resultVariable="r"/>'
)
CELLS = ("INPUT", "CELL", "OUTPUT")

_heard: list[str] = []
_listening: list[bool] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _listening and event in ("compile", "exec", "os.system", "subprocess.Popen"):
        _heard.append(f"{event} {arguments!r:.400}")


sys.addaudithook(_hear)


@pytest.fixture
def nothing_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail if the typed text reaches Python's compiler or leaves its mark."""
    monkeypatch.chdir(tmp_path)
    _heard.clear()
    _listening.append(True)
    try:
        yield
    finally:
        _listening.clear()
    assert [event for event in _heard if MARK in event or "__subclasses__" in event] == []
    assert not (tmp_path / MARK).exists()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def play(engine: Engine, clock: VirtualClock, *files: Resource) -> None:
    """Deploy, start, do what can be done, let time pass; every refusal is an answer."""
    try:
        with engine.work(CLERK, PLACE) as work:
            deploy(work, list(files))
        with engine.work(CLERK, PLACE) as work:
            key = instances.start(work, "p", {})
        with engine.work(CLERK, PLACE) as work:
            for task in user_tasks.of_instance(work, key):
                user_tasks.complete(work, task.key, {})
    except (DeploymentRefused, Refusal):
        return
    clock.set(clock.now().replace(year=2027))
    worker.run_due(engine)


@pytest.mark.parametrize("text", TEXTS, ids=["plain", "feel", "escape", "cycle"])
@pytest.mark.parametrize("site", SITES)
def test_a_model_never_runs_python(
    engine: Engine, clock: VirtualClock, registry: Registry, nothing_is_executed: None, site: str, text: str
) -> None:
    registry.service_task("work")(lambda job: None)
    key = escaped(text) if site == "correlation key" else "=matter_no"
    message = (
        '<bpmn:message id="m" name="m"><bpmn:extensionElements>'
        f'<zeebe:subscription correlationKey="{key}"/></bpmn:extensionElements></bpmn:message>'
    )
    body = SITES[site].replace("{}", escaped(text))
    properties = f'<zeebe:property name="gov.title" value="{escaped(text)}"/>'
    titled = (
        f"<bpmn:extensionElements><zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements>"
    )
    content = process((titled if site == "title" else "") + body, extra=message)
    play(engine, clock, Resource("p.bpmn", content), Resource("any.form", ANY_FORM))


@pytest.mark.parametrize("text", TEXTS, ids=["plain", "feel", "escape", "cycle"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_decision_table_never_runs_python(
    engine: Engine, clock: VirtualClock, nothing_is_executed: None, cell: str, text: str
) -> None:
    harmless = {"INPUT": "1", "CELL": "-", "OUTPUT": "1"} | {cell: escaped(text).lstrip("=")}
    table = DMN
    for name, value in harmless.items():
        table = table.replace(f">{name}<", f">{value}<")
    play(engine, clock, Resource("p.bpmn", process(USES_RULE)), Resource("rule.dmn", table.encode()))
