"""Tasks in other hands, with the persons checked and told: 转办, 委派, 加签, 退回, 撤回."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine import handover, instances, returning, signing, task_administration, user_tasks
from engine.errors import NotAllowed
from engine.runtime import Work
from engine.user_tasks import UserTask
from workflows.moments import local_date
from workflows.notices import desk
from workflows.organisation import store as organisation

OPINION_FORM = "collaboration.opinion"
"""The form an opinion is given with."""


def transfer(work: Work, key: int, person: str, reason: str) -> None:
    """转办: give one's task away for good; the new doer and whoever started the matter are told."""
    _require(work, key, [person], reason)
    task = handover.transfer(work, key, person, reason)
    _tell(
        work,
        [person],
        f"转办给您：{task.name}",
        f"{work.actor.name}把这项任务转给您办理。原因：{reason}。",
        task,
    )
    _tell_starter(work, task, f"“{task.name}”已转给{_name(work, person)}办理。")


def delegate(work: Work, key: int, person: str, reason: str) -> None:
    """委派: let somebody prepare one's task; it comes back for one's own decision."""
    _require(work, key, [person], reason)
    task = handover.delegate(work, key, person, reason)
    text = f"{work.actor.name}请您代为准备这项任务，准备好后请交还，由{work.actor.name}决定。要求：{reason}。"
    _tell(work, [person], f"委派给您：{task.name}", text, task)


def resolve(work: Work, key: int, note: str) -> None:
    """交还: hand a delegated task back to its owner."""
    task = handover.resolve(work, key, note)
    text = f"{work.actor.name}已把您委派的任务办好交还，请核对后办结。" + (f"说明：{note}。" if note else "")
    _tell(work, [task.owner or ""], f"已交还：{task.name}", text, task)


def recall(work: Work, key: int) -> None:
    """收回: take a delegated task back from whoever prepares it."""
    task = handover.recall(work, key)
    text = f"{work.actor.name}已收回委派给您的这项任务，您不需要再办理。"
    _tell(work, [task.assignee or ""], f"委派已收回：{task.name}", text, task)


def ask_opinions(work: Work, key: int, persons: Sequence[str], reason: str) -> list[int]:
    """加签: ask for opinions before doing one's task; the keys of the tasks in which they are given."""
    _require(work, key, persons, reason)
    keys = signing.add(work, key, persons, OPINION_FORM, reason)
    for task in user_tasks.by_keys(work, keys):
        text = f"{work.actor.name}办理前想听听您的意见。说明：{reason}。"
        _tell(work, [task.assignee or ""], f"请您加签：{task.name.removeprefix('加签：')}", text, task)
    return keys


def drop_opinion(work: Work, key: int, reason: str) -> None:
    """减签: no longer ask for an opinion; ``key`` is the task in which it would have been given."""
    signer = signing.remove(work, key, reason)
    title = f"不再需要加签：{signer.name.removeprefix('加签：')}"
    _tell(work, [signer.assignee or ""], title, f"{work.actor.name}不再需要您的加签意见。", signer)


def send_back(work: Work, key: int, element_id: str, reason: str) -> int | None:
    """退回: send one's task back to an earlier step; whoever did that gets it again. The key of the new task."""
    _require(work, key, [], reason)
    before = next(
        (one for one in returning.targets(work, user_tasks.get(work, key)) if one.element_id == element_id),
        None,
    )
    task, opened = returning.send_back(work, key, element_id, reason)
    if before is not None and opened is not None:
        _give_again(work, opened, before.person)
        _tell(
            work,
            [before.person],
            f"退回给您：{before.name}",
            f"{work.actor.name}在“{task.name}”把事项退回。原因：{reason}。",
            task,
        )
    return opened


def take_back(work: Work, key: int) -> int | None:
    """撤回: take back what one has just done; the key of the task to do again."""
    opened = returning.take_back(work, key)
    if opened is not None:
        _give_again(work, opened, work.actor.id)
    return opened


def _give_again(work: Work, key: int, person: str) -> None:
    """Whoever did a step before gets it again, if it is free and they still may take it."""
    [task] = user_tasks.by_keys(work, [key])
    able = organisation.principals(work.connection, person, local_date(work.now))
    if task.assignee is None and not able.isdisjoint({*task.candidate_groups, *task.candidate_users}):
        task_administration.assign(work, key, person, override=False)


def _require(work: Work, key: int, persons: Iterable[str], reason: str) -> None:
    user_tasks.get(work, key)  # whoever the task does not concern learns nothing else
    if not reason.strip():
        raise NotAllowed("请写明原因，对方和以后查看的人都要看。")
    for person in persons:
        organisation.require_person(work.connection, person)


def _name(work: Work, person: str) -> str:
    return organisation.require_person(work.connection, person).name


def _tell_starter(work: Work, task: UserTask, text: str) -> None:
    with work.as_system():
        starter = instances.get(work, task.instance_key).started_by
    if starter != work.actor.id:
        _tell(work, [starter], f"事项换人办理：{task.name}", text, task)


def _tell(work: Work, persons: Iterable[str], title: str, text: str, task: UserTask) -> None:
    body = f"《{task.instance_title}》（{task.matter_no}）：{text}"
    desk.tell(work, persons, title[:255], body, task.matter_no)
