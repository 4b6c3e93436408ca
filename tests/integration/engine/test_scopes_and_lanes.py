"""Who a task is for by its lane, when it is due, what lies in which scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine import user_tasks, worker
from engine.clock import VirtualClock
from engine.runtime import Engine
from engine.store import tables
from engine.user_tasks import UserTask
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.play import (
    END,
    MESSAGE,
    START,
    complete,
    number,
    open_tasks,
    publish,
    state,
    timer,
    variables,
)

Run = Callable[..., int]


def only_task(engine: Engine, key: int) -> UserTask:
    with engine.look(CLERK, PLACE) as work:
        [task] = user_tasks.of_instance(work, key)
        return task


@runs("laneSet (lanes as candidate groups)")
def test_a_task_without_assignment_is_for_the_role_of_its_lane(engine: Engine, run: Run) -> None:
    lanes = '<bpmn:laneSet id="ls"><bpmn:lane id="clerk" name="文书"><bpmn:flowNodeRef>t</bpmn:flowNodeRef>'
    body = lanes + "</bpmn:lane></bpmn:laneSet>" + START + user_task("t", "<!-- nobody -->") + END
    key = run(body + flow("s", "t") + flow("t", "e"))
    assert only_task(engine, key).candidate_groups == (f"clerk@{PLACE}",)


@runs("zeebe:taskSchedule dueDate", "zeebe:priorityDefinition", "zeebe:formDefinition formId")
def test_a_task_has_a_due_date_a_priority_and_a_form(engine: Engine, run: Run, clock: VirtualClock) -> None:
    details = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P3D&quot;)"/>'
    details += '<zeebe:priorityDefinition priority="=base * 2"/>'
    assigned = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
    body = START + user_task("t", assigned + details) + END + flow("s", "t") + flow("t", "e")
    task = only_task(engine, run(body, {"base": 40}))
    assert (task.due_at, task.priority) == (clock.now() + timedelta(days=3), 80)
    assert task.form_key is not None


def nested(inner: str) -> str:
    """A sub-process with an event sub-process inside it, and a task beside."""
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("beside") + flow("s", "f")
    body += flow("f", "beside") + flow("f", "sp") + END + flow("sp", "e") + flow("beside", "e")
    return body + f'<bpmn:subProcess id="sp"><bpmn:startEvent id="is"/>{inner}</bpmn:subProcess>'


@runs("event subProcess inside a subProcess")
def test_an_event_sub_process_interrupts_its_own_scope_and_no_other(engine: Engine, run: Run) -> None:
    inner = user_task("inside") + flow("is", "inside") + '<bpmn:subProcess id="w" triggeredByEvent="true">'
    inner += '<bpmn:startEvent id="ws"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
    inner += user_task("instead") + flow("ws", "instead") + "</bpmn:subProcess>"
    key = run(nested(inner), extra=MESSAGE)
    assert sorted(open_tasks(engine, key)) == ["beside", "inside"]
    publish(engine, "msg", number(engine, key))
    assert sorted(open_tasks(engine, key)) == ["beside", "instead"]
    complete(engine, "instead")
    complete(engine, "beside")
    assert state(engine, key) == "COMPLETED"


@runs("endEvent terminate inside a subProcess")
def test_terminating_ends_its_own_scope_and_no_other(engine: Engine, run: Run, clock: VirtualClock) -> None:
    inner = '<bpmn:parallelGateway id="g"/>' + flow("is", "g") + user_task("inside") + flow("g", "inside")
    inner += (
        f'<bpmn:intermediateCatchEvent id="c">{timer("timeDuration", "P1D")}</bpmn:intermediateCatchEvent>'
    )
    inner += flow("g", "c") + '<bpmn:endEvent id="ie"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    key = run(nested(inner + flow("c", "ie")))
    clock.advance(timedelta(days=1))
    worker.run_due(engine)
    assert open_tasks(engine, key) == ["beside"]


def scoped(engine: Engine, key: int) -> Mapping[str, set[Any]]:
    """The variables by name, with the scopes they lie in: the matter itself, or an element."""
    with engine.look(CLERK, PLACE) as work:
        rows = work.connection.execute(tables.variable.select().filter_by(instance_key=key)).all()
    found: dict[str, set[Any]] = {}
    for row in rows:
        found.setdefault(row.name, set()).add("matter" if row.scope_key == key else "element")
    return found


@runs("variable scopes")
def test_a_variable_lies_in_the_innermost_scope_that_has_it(engine: Engine, run: Run) -> None:
    mapped = '<zeebe:ioMapping><zeebe:input source="=1" target="level"/></zeebe:ioMapping>'
    inner = user_task("inside") + user_task("after") + flow("is", "inside") + flow("inside", "after")
    body = nested(inner).replace(
        '<bpmn:subProcess id="sp">',
        f'<bpmn:subProcess id="sp"><bpmn:extensionElements>{mapped}</bpmn:extensionElements>',
    )
    key = run(body, {"level": 0, "note": ""})
    complete(engine, "inside", {"level": 2, "note": "改"})
    assert (variables(engine, key)["level"], variables(engine, key)["note"]) == (0, "改")
    assert scoped(engine, key)["level"] == {"matter", "element"}
    assert scoped(engine, key)["note"] == {"matter"}
    complete(engine, "after")
    assert scoped(engine, key)["level"] == {"matter"}
