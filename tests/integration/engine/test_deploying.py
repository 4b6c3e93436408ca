"""Deployments: versions by digest, all or nothing, running matters stay on theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import deployments, instances, user_tasks, worker
from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused, Problem
from engine.runtime import Engine
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task

Run = Callable[..., int]

BODY = (
    '<bpmn:startEvent id="s"/>' + user_task("t") + '<bpmn:endEvent id="e"/>' + flow("s", "t") + flow("t", "e")
)


def deployed(engine: Engine, *resources: Resource) -> list[int]:
    with engine.work(CLERK, PLACE) as work:
        return [found.version for found in deploy(work, list(resources)).definitions]


def model(body: str = BODY, **more: str) -> Resource:
    return Resource("p.bpmn", process(body, **more))


FORM = Resource("any.form", ANY_FORM)
OTHER_FORM = Resource("any.form", ANY_FORM.replace(b'"title": "any"', b'"title": "other"'))


def test_the_same_files_again_bring_no_new_version(engine: Engine) -> None:
    assert deployed(engine, model(), FORM) == [1]
    assert deployed(engine, model(), FORM) == []
    assert deployed(engine, model(BODY + user_task("u") + flow("t", "u")), FORM) == [2]


def test_files_of_the_same_name_in_different_folders_are_different_files(engine: Engine) -> None:
    one = Resource("one/any.form", ANY_FORM)
    other = Resource(
        "two/any.form", ANY_FORM.replace(b'"id": "any", "title": "any"', b'"id": "b", "title": "b"')
    )
    uses_both = BODY + user_task("u").replace("any", "b")
    assert deployed(engine, model(uses_both + flow("t", "u")), one, other) == [1]
    with engine.work(CLERK, PLACE) as work:
        assert deployments.latest_form(work, "any") == {"id": "any", "title": "any", "components": []}
        assert deployments.latest_form(work, "b") == {"id": "b", "title": "b", "components": []}


def test_a_file_is_unseen_until_its_content_was_deployed_under_its_name(engine: Engine) -> None:
    deployed(engine, model(), FORM)
    deployed(engine, OTHER_FORM)
    with engine.look(CLERK, PLACE) as work:
        assert deployments.unseen(work, [model(), FORM, OTHER_FORM]) == []
        assert deployments.unseen(work, [Resource("q.bpmn", model().content)]) != []


def test_a_changed_form_alone_gives_the_processes_that_use_it_a_new_version(engine: Engine) -> None:
    deployed(engine, model(), FORM)
    assert deployed(engine, OTHER_FORM) == [2]


def test_running_matters_stay_on_the_form_they_began_with(engine: Engine) -> None:
    deployed(engine, model(), FORM)
    with engine.work(CLERK, PLACE) as work:
        old = instances.start(work, "p", {})
    deployed(engine, OTHER_FORM)
    with engine.work(CLERK, PLACE) as work:
        new = instances.start(work, "p", {})
    with engine.look(CLERK, PLACE) as work:
        titles = [
            deployments.form(work, user_tasks.of_instance(work, key)[0].form_key or 0)["title"]
            for key in (old, new)
        ]
    assert titles == ["any", "other"]


@pytest.mark.parametrize(
    ("body", "element", "sentence"),
    [
        (BODY.replace("any", "nobodys"), "t", "没有编号为“nobodys”的表单"),
        (BODY.replace('candidateGroups="clerk"', 'candidateGroups="emperor"'), "t", "不认识角色“emperor”"),
        (BODY.replace("<zeebe:userTask/>", '<zeebe:userTask/><zeebe:taskSchedule dueDate="=now( +"/>'), "t", "读不懂"),
        (BODY + '<bpmn:complexGateway id="x"/>', "x", "引擎不执行“complexGateway”"),
        (BODY + '<bpmn:adHocSubProcess id="x"/>', "x", "引擎不执行“adHocSubProcess”"),
        (BODY + user_task("lonely"), "lonely", "没有任何顺序流"),
        (
            '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/>' + user_task("t") + user_task("u")
            + flow("s", "g") + flow("g", "t", "=true") + flow("g", "u", "=false"),
            "g",
            "没有默认出口",
        ),
    ],
)  # fmt: skip
def test_what_cannot_run_is_refused_with_the_element_named(
    engine: Engine, body: str, element: str, sentence: str
) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        deployed(engine, model(body), FORM)
    assert any(
        problem.element.startswith(element) and sentence in problem.message
        for problem in refused.value.problems
    )
    with engine.look(CLERK, PLACE) as work:
        assert deployments.definitions(work) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>', "DOCTYPE"),
        (b"<bpmn:definitions", "XML"),
        (b"", "XML"),
        (b"<d>" + b" " * (2 * 1024 * 1024) + b"</d>", "2 MB"),
        (b"<a>" * 150 + b"</a>" * 150, "嵌套"),
        (process("<bpmn:startEvent/>"), "没有编号"),
        (process('<bpmn:startEvent id="s" isInterrupting="maybe"/>'), "BPMN"),
    ],
    ids=["doctype", "torn", "empty", "large", "deep", "nameless", "not by the schema"],
)
def test_files_that_are_no_models_are_refused_in_a_sentence(
    engine: Engine, content: bytes, sentence: str
) -> None:
    with pytest.raises(DeploymentRefused, match=sentence):
        deployed(engine, Resource("p.bpmn", content))


@pytest.mark.parametrize(("cell", "sentence"), [("1 +", "不完整|缺"), ("nobody", "nobody")])
def test_a_table_whose_cells_cannot_work_is_refused(engine: Engine, cell: str, sentence: str) -> None:
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        '<inputData id="n" name="n"/><decision id="r" name="r"><informationRequirement id="q">'
        '<requiredInput href="#n"/></informationRequirement><decisionTable id="t"><input id="i">'
        '<inputExpression id="e"><text>n</text></inputExpression></input><output id="o" name="out"/><rule id="u">'
        f'<inputEntry id="c"><text>-</text></inputEntry><outputEntry id="v"><text>{cell}</text></outputEntry>'
        "</rule></decisionTable></decision></definitions>"
    )
    with pytest.raises(DeploymentRefused, match=sentence):
        deployed(engine, Resource("r.dmn", table.encode()))


def test_one_bad_file_keeps_all_out(engine: Engine) -> None:
    with pytest.raises(DeploymentRefused, match="决策表"):
        deployed(engine, model(), FORM, Resource("t.dmn", b"<x/>"))
    with engine.look(CLERK, PLACE) as work:
        assert deployments.definitions(work) == []


def test_the_end_of_a_reminder_is_not_the_end_of_the_matter(engine: Engine, run: Run) -> None:
    body = BODY.replace('id="e"', 'id="e" name="办结"')
    body += '<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><bpmn:timerEventDefinition>'
    body += '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT0S</bpmn:timeDuration></bpmn:timerEventDefinition>'
    body += '</bpmn:boundaryEvent><bpmn:endEvent id="r" name="已提醒"/>' + flow("b", "r")
    key = run(body)
    assert worker.run_due(engine) == 1
    with engine.look(CLERK, PLACE) as work:
        assert instances.get(work, key).end_event_name is None


WAITS_FOR_EVER = (
    '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="x_t"/>'
    + user_task("t")
    + user_task("u")
    + '<bpmn:parallelGateway id="join" name="两份意见到齐"/><bpmn:endEvent id="e"/>'
    + flow("s", "x")
    + flow("x", "t")
    + flow("x", "u", "=initiator = source_no")
    + flow("t", "join")
    + flow("u", "join")
    + flow("join", "e")
)
TOO_TANGLED = (
    '<bpmn:startEvent id="s"/><bpmn:inclusiveGateway id="o" default="o_t0"/>'
    + flow("s", "o")
    + "".join(
        user_task(f"t{n}")
        + f'<bpmn:endEvent id="e{n}"><bpmn:terminateEventDefinition id="d{n}"/></bpmn:endEvent>'
        + flow("o", f"t{n}", "=initiator = source_no" if n else "")
        + flow(f"t{n}", f"e{n}")
        for n in range(12)
    )
)


def refusal(engine: Engine, body: str) -> list[Problem]:
    with pytest.raises(DeploymentRefused) as refused:
        deployed(engine, model(body), FORM)
    return list(refused.value.problems)


def test_a_drawing_that_would_wait_for_ever_is_refused_with_its_gateway_named(engine: Engine) -> None:
    [problem] = refusal(engine, WAITS_FOR_EVER)
    assert (problem.element, problem.name) == ("join", "两份意见到齐")
    assert "要等齐所有分支" in problem.message
    assert problem.trace[0] == "s"


def test_a_drawing_the_checker_cannot_judge_is_refused(engine: Engine) -> None:
    [problem] = refusal(engine, TOO_TANGLED)
    assert problem.element == "p"
    assert "判断不出" in problem.message


def test_a_gateway_without_a_default_is_named_once(engine: Engine) -> None:
    body = WAITS_FOR_EVER.replace("parallelGateway", "exclusiveGateway").replace(' default="x_t"', "")
    problems = refusal(engine, body)
    assert [problem.element for problem in problems] == ["x", "x_t"]


def test_a_flow_that_leads_nowhere_is_named(engine: Engine) -> None:
    assert "t_gone" in {problem.element for problem in refusal(engine, BODY + flow("t", "gone"))}


def test_a_drawing_of_too_many_nodes_is_refused(engine: Engine) -> None:
    [problem] = refusal(engine, "".join(f'<bpmn:task id="t{n}"/>' for n in range(2001)))
    assert "超过 2000 个节点" in problem.message


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"3", b'{"id": 3}', b'{"id": "f", "components": NaN}', b'{"id":' + b'{"a":' * 99_000],
    ids=["deep", "no object", "no id", "no number", "cut off"],
)
def test_a_form_that_is_no_schema_is_refused(engine: Engine, content: bytes) -> None:
    with pytest.raises(DeploymentRefused, match=r"JSON|id"):
        deployed(engine, Resource("f.form", content))
