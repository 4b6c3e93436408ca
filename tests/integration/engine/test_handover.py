"""Tasks in other hands: given away, delegated and returned, opinions asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import handover, history, instances, signing, user_tasks
from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused, FormInvalid, NotAllowed, NotFound, WrongState
from engine.runtime import Actor, Engine, Work
from tests.integration.engine.builders import CLERK, PLACE, flow, person, user_task
from tests.integration.engine.play import END, START, leftovers, members, open_tasks, state, task_key, vote

Run = Callable[..., int]

ONE = START + user_task("t") + END + flow("s", "t") + flow("t", "e")
BALLOT = '<zeebe:taskHeaders><zeebe:header key="gov.kind" value="ballot"/></zeebe:taskHeaders>'
ANNA, BERT, CARL = person("安宁", "clerk"), person("白敏", "clerk"), person("常青")


def apart(node: str, *others: str) -> str:
    header = f'<zeebe:header key="gov.notBy" value="{",".join(others)}"/>'
    assigned = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
    return user_task(node, f"{assigned}<zeebe:taskHeaders>{header}</zeebe:taskHeaders>")


TWO = START + apart("a", "b") + apart("b", "a") + END + flow("s", "a") + flow("a", "b") + flow("b", "e")


def acts(engine: Engine, who: Actor, action: Callable[..., object], *arguments: object) -> object:
    with engine.work(who, PLACE) as work:
        return action(work, *arguments)


def claimed(engine: Engine, who: Actor = ANNA, element: str = "t") -> int:
    key = task_key(engine, element)
    acts(engine, who, user_tasks.claim, key)
    return key


def kinds(engine: Engine, instance: int) -> list[str]:
    with engine.look(CLERK, PLACE) as work:
        assert history.verify(work, instance).intact
        return [event.kind for event in history.timeline(work, instance)]


def looked(engine: Engine, who: Actor, look: Callable[..., object], *arguments: object) -> object:
    with engine.look(who, PLACE) as work:
        return look(work, *arguments)


def test_a_task_given_away_belongs_to_the_other(engine: Engine, run: Run) -> None:
    instance = run(ONE)
    key = claimed(engine)
    acts(engine, ANNA, handover.transfer, key, CARL.id, "出差")
    acts(engine, CARL, user_tasks.complete, key, {})
    assert state(engine, instance) == "COMPLETED"


def test_a_delegated_task_comes_back_with_what_was_prepared(engine: Engine, run: Run) -> None:
    instance = run(ONE)
    key = claimed(engine)
    acts(engine, ANNA, handover.delegate, key, CARL.id, "请先核实")
    acts(engine, CARL, user_tasks.save_draft, key, {"opinion": "属实"})
    with pytest.raises(WrongState, match="由委派人决定"):
        acts(engine, CARL, user_tasks.complete, key, {})
    with pytest.raises(NotAllowed, match="由他人办理中"):
        acts(engine, ANNA, user_tasks.complete, key, {})
    acts(engine, CARL, handover.resolve, key, "已核实")
    assert looked(engine, ANNA, user_tasks.draft, key) == {"opinion": "属实"}
    acts(engine, ANNA, user_tasks.complete, key, {})
    assert state(engine, instance) == "COMPLETED"
    assert {"TASK_DELEGATED", "TASK_RESOLVED"} <= set(kinds(engine, instance))


def test_whoever_delegated_sees_the_task_and_may_take_it_back(engine: Engine, run: Run) -> None:
    run(ONE)
    key = claimed(engine)
    acts(engine, ANNA, handover.delegate, key, CARL.id, "请先核实")
    task = looked(engine, ANNA, user_tasks.get, key)
    assert isinstance(task, user_tasks.UserTask)
    assert (task.owner, task.assignee) == (ANNA.id, CARL.id)
    with pytest.raises(NotAllowed, match="不是您委派出去的"):
        acts(engine, CARL, handover.recall, key)
    acts(engine, ANNA, handover.recall, key)
    acts(engine, ANNA, user_tasks.complete, key, {})
    with pytest.raises(NotFound):
        acts(engine, CARL, user_tasks.get, key)


def test_a_delegate_neither_passes_on_nor_gives_back_to_the_group(engine: Engine, run: Run) -> None:
    run(ONE)
    key = claimed(engine)
    acts(engine, ANNA, handover.delegate, key, BERT.id, "请先核实")
    for action in (handover.transfer, handover.delegate):
        with pytest.raises(WrongState):
            acts(engine, BERT, action, key, CARL.id, "我也没空")
    with pytest.raises(WrongState):
        acts(engine, BERT, user_tasks.release, key)


@pytest.mark.parametrize("action", [handover.transfer, handover.delegate])
def test_only_who_has_a_task_gives_it_to_others(
    engine: Engine, run: Run, action: Callable[[Work, int, str, str], object]
) -> None:
    run(ONE)
    key = claimed(engine)
    with pytest.raises(NotAllowed):
        acts(engine, BERT, action, key, CARL.id, "")
    with pytest.raises(NotFound):
        acts(engine, CARL, action, key, CARL.id, "")
    with pytest.raises(NotAllowed, match="另一个人"):
        acts(engine, ANNA, action, key, ANNA.id, "")


@pytest.mark.parametrize("action", [handover.transfer, handover.delegate])
def test_duties_stay_apart_whoever_the_task_is_given_to(
    engine: Engine, run: Run, action: Callable[[Work, int, str, str], object]
) -> None:
    run(TWO)
    acts(engine, ANNA, user_tasks.complete, claimed(engine, ANNA, "a"), {})
    key = claimed(engine, BERT, "b")
    with pytest.raises(NotAllowed, match="分岗"):
        acts(engine, BERT, action, key, ANNA.id, "")


def test_who_prepared_one_duty_does_not_do_the_other(engine: Engine, run: Run) -> None:
    run(TWO)
    key = claimed(engine, ANNA, "a")
    acts(engine, ANNA, handover.delegate, key, BERT.id, "请先录入")
    acts(engine, BERT, handover.resolve, key, "录好了")
    acts(engine, ANNA, user_tasks.complete, key, {})
    with pytest.raises(NotAllowed, match="分岗"):
        claimed(engine, BERT, "b")


@pytest.mark.parametrize("header", ["notBy", "returnTo"])
def test_a_header_that_names_no_task_is_refused_at_deployment(run: Run, header: str) -> None:
    headers = f'<zeebe:taskHeaders><zeebe:header key="gov.{header}" value="s,tt"/></zeebe:taskHeaders>'
    assigned = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
    body = START + user_task("t", assigned + headers) + END + flow("s", "t") + flow("t", "e")
    with pytest.raises(DeploymentRefused, match=f"gov.{header} 里的“tt”不是这个流程的用户任务") as refused:
        run(body)
    assert len(refused.value.problems) == 2


def test_a_ballot_and_ones_own_share_are_not_given_away(engine: Engine, run: Run) -> None:
    run(vote(), {"seats": members(2)})
    with pytest.raises(NotAllowed, match="只能由本人"):
        acts(engine, person("u1"), handover.transfer, task_key(engine, "v", "u1"), CARL.id, "")
    assigned = '<zeebe:assignmentDefinition assignee="u1"/>'
    run(
        START + user_task("w", assigned + BALLOT) + END + flow("s", "w") + flow("w", "e"), process_id="ballot"
    )
    for action in (handover.transfer, handover.delegate):
        with pytest.raises(NotAllowed, match="只能由本人"):
            acts(engine, person("u1"), action, task_key(engine, "w"), CARL.id, "")
    with pytest.raises(NotAllowed, match="只能由本人"):
        acts(engine, person("u1"), signing.add, task_key(engine, "w"), [CARL.id], "any", "")


def test_ones_own_share_of_a_repeated_sub_process_is_not_given_away(engine: Engine, run: Run) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=seats" inputElement="seat"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
    )
    inner = '<bpmn:startEvent id="s2"/>' + user_task(
        "w", '<zeebe:assignmentDefinition assignee="=seat.person"/>'
    )
    inner += '<bpmn:endEvent id="e2"/>' + flow("s2", "w") + flow("w", "e2")
    body = START + f'<bpmn:subProcess id="each">{loop}{inner}</bpmn:subProcess>' + END
    run(body + flow("s", "each") + flow("each", "e"), {"seats": members(2)})
    with pytest.raises(NotAllowed, match="只能由本人"):
        acts(engine, person("u1"), handover.delegate, task_key(engine, "w", "u1"), CARL.id, "")


# -- opinions ----------------------------------------------------------------------------------------


def asked(engine: Engine, run: Run, *persons: Actor) -> tuple[int, int, list[int]]:
    instance = run(ONE)
    key = claimed(engine)
    keys = acts(engine, ANNA, signing.add, key, [one.id for one in persons], "any", "请把关")
    assert isinstance(keys, list)
    return instance, key, keys


def test_a_task_waits_for_the_opinions_asked_for_it(engine: Engine, run: Run) -> None:
    instance, key, signers = asked(engine, run, BERT, CARL)
    with pytest.raises(WrongState, match="还有 2 位"):
        acts(engine, ANNA, user_tasks.complete, key, {})
    acts(engine, BERT, user_tasks.complete, signers[0], {"opinion": "同意"})
    assert state(engine, instance) == "ACTIVE"
    with pytest.raises(WrongState, match="还有 1 位"):
        acts(engine, ANNA, user_tasks.complete, key, {})
    acts(engine, CARL, user_tasks.complete, signers[1], {"opinion": "不同意"})
    acts(engine, ANNA, user_tasks.complete, key, {})
    assert state(engine, instance) == "COMPLETED"
    assert leftovers(engine) == {}


def test_an_opinion_is_kept_and_is_no_variable(engine: Engine, run: Run) -> None:
    instance, key, signers = asked(engine, run, CARL)
    acts(engine, CARL, user_tasks.complete, signers[0], {"opinion": "同意"})
    with engine.look(ANNA, PLACE) as work:
        [opinion] = signing.of_task(work, key)
        assert opinion.completed_seq is not None
        assert history.values_of(work, instance, opinion.completed_seq) == {"opinion": "同意"}
        assert "opinion" not in instances.variables(work, instance)
    assert "TASK_SIGNED" in kinds(engine, instance)


def test_asking_twice_asks_once(engine: Engine, run: Run) -> None:
    _, key, _ = asked(engine, run, CARL)
    assert acts(engine, ANNA, signing.add, key, [CARL.id], "any", "再问一次") == []
    assert looked(engine, ANNA, lambda work: user_tasks.get(work, key).open_signers) == 1


def test_who_asked_may_do_without_an_opinion(engine: Engine, run: Run) -> None:
    instance, key, signers = asked(engine, run, CARL)
    with pytest.raises(NotAllowed):
        acts(engine, BERT, signing.remove, signers[0], "不用了")
    acts(engine, ANNA, signing.remove, signers[0], "不用了")
    with pytest.raises(WrongState, match="撤销"):
        acts(engine, CARL, user_tasks.complete, signers[0], {})
    with pytest.raises(WrongState):
        acts(engine, ANNA, signing.remove, signers[0], "不用了")
    acts(engine, ANNA, user_tasks.complete, key, {})
    assert state(engine, instance) == "COMPLETED"


def test_a_task_that_is_no_opinion_is_not_removed_as_one(engine: Engine, run: Run) -> None:
    run(ONE)
    with pytest.raises(NotFound):
        acts(engine, ANNA, signing.remove, claimed(engine), "")


def test_an_opinion_satisfies_its_form(engine: Engine, run: Run) -> None:
    with engine.work(CLERK, PLACE) as work:
        schema = b'{"id": "strict", "title": "x", "components": [{"key": "opinion"}]}'
        deploy(work, [Resource("strict.form", schema)])
    run(ONE)
    key = claimed(engine)
    [signer] = acts(engine, ANNA, signing.add, key, [CARL.id], "strict", "")  # type: ignore[misc]
    with pytest.raises(FormInvalid):
        acts(engine, CARL, user_tasks.complete, signer, {})


def test_a_signer_asks_nobody_else(engine: Engine, run: Run) -> None:
    _, _, signers = asked(engine, run, CARL)
    with pytest.raises(NotAllowed, match="加签"):
        acts(engine, CARL, signing.add, signers[0], [BERT.id], "any", "")


def test_who_gave_an_opinion_on_one_duty_does_not_do_the_other(engine: Engine, run: Run) -> None:
    run(TWO)
    key = claimed(engine, ANNA, "a")
    [signer] = acts(engine, ANNA, signing.add, key, [BERT.id], "any", "")  # type: ignore[misc]
    acts(engine, BERT, user_tasks.complete, signer, {})
    acts(engine, ANNA, user_tasks.complete, key, {})
    with pytest.raises(NotAllowed, match="分岗"):
        claimed(engine, BERT, "b")


def test_when_the_matter_is_stopped_opinions_are_no_longer_asked_for(engine: Engine, run: Run) -> None:
    instance, _, signers = asked(engine, run, BERT, CARL)
    acts(engine, CLERK, instances.cancel, instance)
    assert open_tasks(engine, instance) == []
    with pytest.raises(WrongState):
        acts(engine, CARL, user_tasks.complete, signers[1], {})
    assert leftovers(engine) == {}
