"""A name that cannot exist where it is read is refused at deployment, and so is a type that cannot work."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import pytest

from engine import instances
from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused, Problem
from engine.registry import JobContext, Registry
from engine.runtime import Engine
from tests.integration.engine.builders import CLERK, PLACE, declare, flow, process, user_task
from tests.integration.engine.conftest import AnyForm
from tests.integration.engine.play import END, START, open_incidents, service
from tests.integration.engine.test_elements import DMN

FORM = json.dumps({"id": "any", "title": "any", "components": [{"key": "answer"}]}).encode()
BEGIN = (
    '<bpmn:startEvent id="s"><bpmn:extensionElements><zeebe:ioMapping><zeebe:output source="=0" target="rounds"/>'
    "</zeebe:ioMapping></bpmn:extensionElements></bpmn:startEvent>"
)


@pytest.fixture
def registry() -> Registry:
    registry = Registry()

    @registry.service_task("work", outputs="present: number")
    def work(job: JobContext) -> Mapping[str, int]:
        return {"present": 1}

    @registry.service_task("count", inputs="seats: list, rounds: number")
    def count(job: JobContext) -> None: ...

    return registry


def script(expression: str, node: str = "x", result: str = "found") -> str:
    return (
        f'<bpmn:scriptTask id="{node}"><bpmn:extensionElements><zeebe:script resultVariable="{result}" '
        f'expression="{expression}"/></bpmn:extensionElements></bpmn:scriptTask>'
    )


def deployed(
    engine: Engine, body: str, *, inputs: Iterable[str] = (), extra: str = "", process_id: str = "p"
) -> None:
    content = process(body, inputs=inputs, extra=extra, process_id=process_id)
    files = [Resource(f"{process_id}.bpmn", content), Resource("any.form", FORM)]
    with engine.work(CLERK, PLACE) as work:
        deploy(work, [*files, Resource("r.dmn", DMN.encode())])


def refused(engine: Engine, body: str, **more: Iterable[str]) -> tuple[Problem, ...]:
    with pytest.raises(DeploymentRefused) as refusal:
        deployed(engine, body, **more)
    return refusal.value.problems


def reading(expression: str, *, start: str = BEGIN) -> str:
    """Start, a form, a service, and a script that reads."""
    body = start + user_task("t") + service("w") + script(expression) + END
    return body + flow("s", "t") + flow("t", "w") + flow("w", "x") + flow("x", "e")


@pytest.mark.parametrize("name", ["rounds", "answer", "present", "matter_no", "initiator_name"])
def test_what_a_start_a_form_a_service_or_the_engine_produces_may_be_read(engine: Engine, name: str) -> None:
    deployed(engine, reading(f"=[{name}]"))


def test_a_misspelt_name_is_refused_with_element_position_and_likely_correction(engine: Engine) -> None:
    (problem,) = refused(engine, reading("=rounds + anwser"))
    assert problem.element == "x"
    assert "表达式“=rounds + anwser”第 11 个字符：没有变量“anwser”，是不是“answer”？" in problem.message
    assert "走到这里之前没有一步产生“anwser”" in problem.message


def test_names_bound_inside_an_expression_are_its_own(engine: Engine) -> None:
    deployed(engine, reading("=for n in [answer] return n + rounds"))


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("=countt([answer])", "“countt”不是函数，是不是“count”？"),
        ("=rounds + &quot;1&quot;", "“\\+”两边的类型不合：number 和 string"),
        ("=present &lt; matter_no", "“<”两边的类型不合：number 和 string"),
    ],
)
def test_what_can_never_work_with_the_types_that_are_known_is_refused(
    engine: Engine, expression: str, sentence: str
) -> None:
    with pytest.raises(DeploymentRefused, match=sentence):
        deployed(engine, reading(expression))


def test_a_variable_that_hides_a_function_called_in_the_model_is_refused(engine: Engine) -> None:
    (problem,) = refused(engine, reading("=count([answer])"), inputs=["count"])
    assert "变量“count”与函数同名，请给变量改名" in problem.message


def test_a_type_is_taken_for_granted_only_where_all_that_write_the_name_agree(engine: Engine) -> None:
    body = BEGIN + script("=matter_no", "r", "rounds") + script("=rounds + &quot;1&quot;") + END
    deployed(engine, body + flow("s", "r") + flow("r", "x") + flow("x", "e"))


def test_counting_up_keeps_a_number_a_number(engine: Engine) -> None:
    body = BEGIN + script("=rounds + 1", "up", "rounds") + script("=upper case(rounds)") + flow("s", "up")
    with pytest.raises(DeploymentRefused, match="函数“upper case”不接受这些参数（number）"):
        deployed(engine, body + flow("up", "x"))


def test_moments_are_kept_as_text(engine: Engine) -> None:
    body = START + script("=now()", "n", "begun") + script("=begun &lt; now()") + flow("s", "n")
    (problem,) = refused(engine, body + flow("n", "x"))
    assert "“<”两边的类型不合：string 和 date and time" in problem.message


# -- the place -----------------------------------------------------------------------------------------


def test_what_is_produced_only_later_is_refused_with_its_producer(engine: Engine) -> None:
    body = START + script("=answer") + user_task("t") + END + flow("s", "x") + flow("x", "t") + flow("t", "e")
    (problem,) = refused(engine, body)
    assert "“answer”由“t”产生，走到这里时还没有" in problem.message


def test_what_an_earlier_round_of_a_loop_produced_may_be_read(engine: Engine) -> None:
    body = START + '<bpmn:exclusiveGateway id="g" default="g_x"/>' + script("=answer") + user_task("t") + END
    body += flow("s", "g") + flow("g", "x") + flow("x", "t") + flow("t", "g")
    deployed(engine, body + flow("g", "e", "=false"))


def parallel(read: str) -> str:
    """Two branches, one writing ``answer``; ``read`` stands in the other, and its end behind the join."""
    body = START + '<bpmn:parallelGateway id="f"/><bpmn:parallelGateway id="j"/>' + user_task("t") + END
    body += flow("s", "f") + flow("f", "t") + flow("t", "j") + flow("f", "x") + flow("x", "j") + script(read)
    return body + user_task("late", writes=["verdict"]) + flow("j", "late") + flow("late", "e")


def test_a_branch_may_read_what_the_other_branch_writes(engine: Engine) -> None:
    deployed(engine, parallel("=answer"))


def test_a_branch_cannot_read_what_is_written_behind_the_join(engine: Engine) -> None:
    (problem,) = refused(engine, parallel("=verdict"))
    assert "“verdict”由“late”产生，走到这里时还没有" in problem.message


def iterated(more: str = "", *, outer: str = "") -> str:
    """A multi-instance sub-process whose rounds write ``answer``; ``outer`` stands behind it."""
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
    loop += (
        'inputCollection="=seats" inputElement="seat" outputCollection="answers" outputElement="=answer"/>'
    )
    loop += "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    inner = '<bpmn:startEvent id="is"/>' + user_task("t") + script("=[seat, loopCounter]" + more, "y", "own")
    body = f'<bpmn:subProcess id="sp">{loop}{inner}{flow("is", "t")}{flow("t", "y")}</bpmn:subProcess>'
    return (
        START + body + script(outer or "=answers") + END + flow("s", "sp") + flow("sp", "x") + flow("x", "e")
    )


def test_a_round_sees_its_item_and_leaves_its_collection_behind(engine: Engine) -> None:
    deployed(engine, iterated(), inputs=["seats: list"])


@pytest.mark.parametrize("name", ["seat", "answer", "own", "loopCounter"])
def test_what_belongs_to_a_round_ends_with_it(engine: Engine, name: str) -> None:
    (problem,) = refused(engine, iterated(outer=f"=[{name}]"), inputs=["seats: list"])
    assert (problem.element, f"没有变量“{name}”" in problem.message) == ("x", True)


def mapped(source: str) -> str:
    """A task with an input mapping to ``own``."""
    mapping = f'<zeebe:ioMapping><zeebe:input source="{source}" target="own"/></zeebe:ioMapping>'
    return user_task("t", '<zeebe:assignmentDefinition candidateGroups="clerk"/>' + mapping)


def test_an_input_mapping_ends_with_its_activity(engine: Engine) -> None:
    body = START + mapped("=1") + script("=own") + flow("s", "t") + flow("t", "x")
    assert "没有变量“own”" in refused(engine, body)[0].message


def test_a_mapping_may_not_read_itself(engine: Engine) -> None:
    (problem,) = refused(engine, START + mapped("=own") + flow("s", "t"))
    assert "没有变量“own”" in problem.message


def test_the_condition_of_a_flow_sees_what_its_source_wrote(engine: Engine) -> None:
    body = (
        START
        + user_task("t")
        + user_task("u")
        + flow("s", "t")
        + '<bpmn:exclusiveGateway id="g" default="g_e"/>'
    )
    body += END + flow("t", "g") + flow("g", "u", "=answr = 1") + flow("g", "e")
    (problem,) = refused(engine, body)
    assert (problem.element, "是不是“answer”" in problem.message) == ("g_u", True)


# -- tables, forms, handlers -----------------------------------------------------------------------------


RULE = (
    '<bpmn:businessRuleTask id="b"><bpmn:extensionElements><zeebe:calledDecision decisionId="route" '
    'resultVariable="way"/></bpmn:extensionElements></bpmn:businessRuleTask>'
)


def test_a_table_fed_by_a_name_nobody_produces_is_refused(engine: Engine) -> None:
    (problem,) = refused(engine, START + RULE + flow("s", "b"), inputs=["house_holds: number"])
    assert "决策表“route”要用“households”，是不是“house_holds”？" in problem.message


def test_a_table_fed_by_a_name_of_another_type_is_refused(engine: Engine) -> None:
    (problem,) = refused(engine, START + RULE + flow("s", "b"), inputs=["households: string"])
    assert "决策表“route”要的“households”是 number，这里是 string" in problem.message


def test_a_handler_without_what_it_needs_is_refused(engine: Engine) -> None:
    (problem,) = refused(engine, BEGIN + service("w", "count") + flow("s", "w"))
    assert "服务程序“count”要用“seats”" in problem.message


def test_a_form_that_reads_a_name_nobody_produces_is_refused(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnyForm, "reads", lambda self, schema: frozenset({"matter_no", "place"}))
    (problem,) = refused(engine, START + user_task("t") + flow("s", "t"))
    assert "表单“any”要用“place”" in problem.message


def test_a_handler_that_returns_what_it_did_not_declare_becomes_an_incident(
    engine: Engine, registry: Registry
) -> None:
    registry.service_task("free")(lambda job: {"presnt": 1})
    deployed(engine, START + service("w", "free") + END + flow("s", "w") + flow("w", "e"))
    with engine.work(CLERK, PLACE) as work:
        instances.start(work, "p", {})
    assert open_incidents(engine) == ["服务程序“free”返回了没有声明的变量 presnt，请联系系统管理员。"]


# -- declarations ------------------------------------------------------------------------------------------


CAUGHT = (
    START
    + '<bpmn:receiveTask id="r" messageRef="m"/>'
    + END
    + flow("s", "r")
    + flow("r", "x")
    + flow("x", "e")
)


def message(payload: Iterable[str]) -> str:
    return (
        '<bpmn:message id="m" name="msg"><bpmn:extensionElements><zeebe:subscription correlationKey="=matter_no"/>'
        f"{declare('gov.payload', payload)}</bpmn:extensionElements></bpmn:message>"
    )


def test_a_message_brings_what_it_declares(engine: Engine) -> None:
    deployed(engine, CAUGHT + script("=verdict"), extra=message(["verdict"]))
    assert "没有变量“verdict”" in refused(engine, CAUGHT + script("=verdict"), extra=message([]))[0].message


def test_a_process_is_given_what_it_declares(engine: Engine) -> None:
    deployed(engine, reading("=topic + place"), inputs=["topic: string", "place: string"])
    (problem,) = refused(engine, reading("=tpoic"), inputs=["topic"])
    assert "是不是“topic”？" in problem.message


def test_a_task_for_a_program_outside_declares_what_it_brings_back(engine: Engine) -> None:
    job = '<zeebe:taskDefinition type="print"/><zeebe:taskHeaders><zeebe:header key="gov.worker" value="external"/>'
    task = '<bpmn:serviceTask id="w"><bpmn:extensionElements>' + job + "</zeebe:taskHeaders>{}"
    body = START + task + "</bpmn:extensionElements></bpmn:serviceTask>" + script("=pages + 1") + END
    body += flow("s", "w") + flow("w", "x") + flow("x", "e")
    deployed(engine, body.replace("{}", declare("gov.outputs", ["pages: number"])))
    assert "没有变量“pages”" in refused(engine, body.replace("{}", ""))[0].message


def test_a_declaration_of_an_unknown_type_is_refused(engine: Engine) -> None:
    (problem,) = refused(engine, START + user_task("t", writes=["pages: numbr"]) + flow("s", "t"))
    assert "声明 gov.outputs 读不懂：没有类型“numbr”" in problem.message


def test_a_called_process_brings_back_what_it_writes(engine: Engine) -> None:
    deployed(engine, START + user_task("t") + END + flow("s", "t") + flow("t", "e"), process_id="child")
    call = '<bpmn:callActivity id="c"><bpmn:extensionElements><zeebe:calledElement processId="child"/>'
    body = START + call + "</bpmn:extensionElements></bpmn:callActivity>" + flow("s", "c") + flow("c", "x")
    deployed(engine, body + script("=answer"))
    assert "是不是“answer”" in refused(engine, body + script("=answr"))[0].message


def test_the_variable_of_the_title_must_exist(engine: Engine) -> None:
    titled = '<bpmn:extensionElements><zeebe:properties><zeebe:property name="gov.title" value="titel"/>'
    titled += "</zeebe:properties></bpmn:extensionElements>" + START + user_task("t", writes=["title"])
    (problem,) = refused(engine, titled + flow("s", "t"))
    assert "标题变量 gov.title 要用“titel”，是不是“title”？" in problem.message
