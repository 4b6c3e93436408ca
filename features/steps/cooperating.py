"""转办、委派、加签、退回、撤回、催办、抄送：一个人的任务，几个人的事。"""

from __future__ import annotations

from pytest_bdd import step, then

from engine import copies, returning, signing, user_tasks
from engine.runtime import Work
from features.community import PEOPLE
from features.council import Council
from features.steps.words import listed, sentence
from workflows.collaboration import matters, tasks


def own(council: Council, work: Work, name: str) -> int:
    """The actor's task of that name, taken from the group where it is still free; anybody's where they have none."""
    mine = [task for task in council.inbox_of(work.actor.name) if task.name == name]
    key = (mine[0] if mine else council.task(name)).key
    if user_tasks.get(work, key).assignee is None:
        user_tasks.claim(work, key)
    return key


@step(sentence('{who:人}认领"{name:文}"'))
def _(council: Council, who: str, name: str) -> None:
    with council.work(who) as work:
        user_tasks.claim(work, council.task(name).key)


@step(sentence('{who:人}办结"{name:文}"'))
def _(council: Council, who: str, name: str) -> None:
    council.act(who, council.task(name).element_id)


@step(sentence('{who:人}试着办结"{name:文}"'))
def _(council: Council, who: str, name: str) -> None:
    with council.trying():
        council.act(who, council.task(name).element_id)


# -- 转办与委派 ----------------------------------------------------------------------------------------


@step(sentence('{who:人}把"{name:文}"转给{other:人}，原因是"{reason:文}"'))
def transfer(council: Council, who: str, name: str, other: str, reason: str) -> None:
    with council.work(who) as work:
        tasks.transfer(work, own(council, work, name), PEOPLE[other], reason)


@step(sentence('{who:人}试着把"{name:文}"转给{other:人}'))
def _(council: Council, who: str, name: str, other: str) -> None:
    with council.trying():
        transfer(council, who, name, other, "请代办")


@step(sentence('{who:人}把"{name:文}"委派给{other:人}，要求是"{reason:文}"'))
def _(council: Council, who: str, name: str, other: str, reason: str) -> None:
    with council.work(who) as work:
        tasks.delegate(work, own(council, work, name), PEOPLE[other], reason)


@step(sentence('{who:人}交还"{name:文}"，说明"{note:文}"'))
def _(council: Council, who: str, name: str, note: str) -> None:
    with council.work(who) as work:
        tasks.resolve(work, council.task(name).key, note)


# -- 加签 ----------------------------------------------------------------------------------------------


@step(sentence('{who:人}就"{name:文}"请{others:词}加签，说明"{reason:文}"'))
def _(council: Council, who: str, name: str, others: str, reason: str) -> None:
    with council.work(who) as work:
        asked = [PEOPLE[one] for one in listed(others)]
        tasks.ask_opinions(work, own(council, work, name), asked, reason)


@step(sentence('{who:人}签署"{position:文}"'))
def _(council: Council, who: str, position: str) -> None:
    with council.work(who) as work:
        (task,) = (one for one in council.inbox_of(who) if one.signs_for is not None)
        user_tasks.complete(work, task.key, {"position": position, "opinion": "请注意安全。"})


@step(sentence("{who:人}减去{other:人}的加签"))
def _(council: Council, who: str, other: str) -> None:
    (asked,) = (one for one in council.inbox_of(other) if one.signs_for is not None)
    with council.work(who) as work:
        assert asked.key in [one.key for one in signing.of_task(work, asked.signs_for or 0)]
        tasks.drop_opinion(work, asked.key, "")


# -- 退回与撤回 ----------------------------------------------------------------------------------------


@step(sentence('{who:人}把"{name:文}"退回到"{target:文}"，原因是"{reason:文}"'))
def send_back(council: Council, who: str, name: str, target: str, reason: str) -> None:
    with council.work(who) as work:
        key = own(council, work, name)
        steps = {one.name: one.element_id for one in returning.targets(work, user_tasks.get(work, key))}
        tasks.send_back(work, key, steps.get(target, target), reason)


@step(sentence('{who:人}试着把"{name:文}"退回到"{target:文}"'))
def _(council: Council, who: str, name: str, target: str) -> None:
    with council.trying():
        send_back(council, who, name, target, "有误")


@step(sentence('{who:人}撤回"{name:文}"'))
def take_back(council: Council, who: str, name: str) -> None:
    with council.work(who) as work:
        done = user_tasks.of_instance(work, council.matter, state="COMPLETED")
        tasks.take_back(work, next(one.key for one in reversed(done) if one.name == name))


@step(sentence('{who:人}试着撤回"{name:文}"'))
def _(council: Council, who: str, name: str) -> None:
    with council.trying():
        take_back(council, who, name)


# -- 催办、抄送、留言 ----------------------------------------------------------------------------------


@step(sentence('{who:人}催办"{name:文}"'))
def urge(council: Council, who: str, name: str) -> None:
    with council.work(who) as work:
        matters.urge(work, council.task(name).key, "")


@step(sentence('{who:人}试着催办"{name:文}"'))
def _(council: Council, who: str, name: str) -> None:
    with council.trying():
        urge(council, who, name)


@step(sentence("{who:人}把这件议题抄送给{other:人}"))
def _(council: Council, who: str, other: str) -> None:
    with council.work(who) as work:
        matters.copy_to(work, council.matter, [PEOPLE[other]], "")


@step(sentence("{who:人}打开抄送的议题"))
def _(council: Council, who: str) -> None:
    with council.work(who) as work:
        copies.mark_read(work, council.matter)


@step(sentence('{who:人}试着留言"{words:文}"'))
def _(council: Council, who: str, words: str) -> None:
    with council.trying(), council.work(who) as work:
        matters.comment(work, council.matter, words)


@then(sentence("{who:人}{seen:词}看过抄送"))
def _(council: Council, who: str, seen: str) -> None:
    with council.look() as work:
        (copy,) = (one for one in copies.of_matter(work, council.matter) if one.person == PEOPLE[who])
    assert (copy.read_at is not None) is {"已经": True, "还没有": False}[seen]


@then(sentence('{who:人}收到的消息里有"{title:文}"'))
def _(council: Council, who: str, title: str) -> None:
    assert council.letters(who, title)
