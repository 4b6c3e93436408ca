"""Around a matter: copies to read (抄送), urging (催办), comments (沟通), taking it back as a whole (撤销)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import copies, history, instances, messages, user_tasks
from engine.errors import NotAllowed, NotFound
from engine.instances import ProcessInstance
from engine.runtime import Work
from workflows.collaboration import rules
from workflows.collaboration.errors import TooSoon
from workflows.notices import desk
from workflows.organisation import store as organisation

COMMENTED, URGED = "COMMENTED", "TASK_URGED"
"""Kinds of history events that are written here."""

WITHDRAWALS = ("msg_withdraw_topic", "msg_withdraw_issue")
"""The messages by which whoever started a matter takes it back; a matter waits for at most one of them."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a matter; ``seq`` is its place in the matter's history."""

    seq: int
    at: datetime
    author: str
    author_name: str
    text: str


# -- copies ------------------------------------------------------------------------------------------


def copy_to(work: Work, key: int, persons: Sequence[str], note: str) -> list[str]:
    """抄送: let persons read a matter; those who were sent it now, for nobody is sent it twice."""
    matter = instances.require_part(work, key)
    for person in persons:
        organisation.require_person(work.connection, person)
    fresh = copies.send(work, key, persons, note)
    text = f"{work.actor.name}把这件事项抄送给您，请阅知。" + (f"附言：{note}。" if note else "")
    _tell(work, fresh, "抄送给您", text, matter)
    return fresh


# -- urging ------------------------------------------------------------------------------------------


def urge(work: Work, task_key: int, note: str) -> None:
    """催办: remind whoever has an open step, or could take it, once a day at most (:class:`TooSoon`)."""
    work.hold_task(task_key)
    [task] = user_tasks.by_keys(work, [task_key])
    try:
        matter = instances.require_part(work, task.instance_key)
    except NotFound:
        raise NotFound("任务") from None  # the same as for a task there is not
    if task.state != "CREATED":
        raise NotAllowed("这一步已经办完，不需要再催。")
    if task.assignee == work.actor.id:
        raise NotAllowed("这一步正等您自己办理。")
    if again := rules.urge_again_at(history.last_of(work, matter.key, URGED, task_key), work.now):
        raise TooSoon(again)
    execution = work.execution(matter.key)
    execution.record(URGED, task.element_id, {"task": str(task_key), "note": note})
    text = f"{work.actor.name}请您尽快办理“{task.name}”。" + (f"附言：{note}。" if note else "")
    _tell(work, desk.addressees(work, task), f"催办：{task.name}"[:255], text, matter)


# -- comments ----------------------------------------------------------------------------------------


def comment(work: Work, key: int, text: str) -> int:
    """Say something about a matter to all whom it concerns; its place in the history.

    The words stand beside the chain of digests, like all that may have to be erased some day.
    """
    matter = instances.require_part(work, key)
    if not 0 < len(text.strip()) <= rules.COMMENT_LENGTH:
        raise NotAllowed(f"请写下要说的话，不超过 {rules.COMMENT_LENGTH} 个字。")
    execution = work.execution(key)
    seq = execution.record(COMMENTED, execution.model.process_id, secret={"text": text.strip()})
    doers = [task.assignee for task in user_tasks.of_instance(work, key) if task.assignee]
    others = [person for person in dict.fromkeys([matter.started_by, *doers]) if person != work.actor.id]
    _tell(work, others, "事项有新留言", f"{work.actor.name}：{text.strip()}", matter)
    return seq


def comments(work: Work, key: int) -> list[Comment]:
    """What was said about a matter, oldest first, for those whom it concerns; what was erased is left out."""
    instances.get(work, key)
    return [
        Comment(event.seq, event.at, event.actor_id, event.actor_name, event.data["text"])
        for event in history.timeline(work, key)
        if event.kind == COMMENTED and "text" in event.data
    ]


# -- taking the whole back ---------------------------------------------------------------------------


def may_withdraw(work: Work, matter: ProcessInstance) -> bool:
    """Whether the actor started the matter and it can still be taken back."""
    return matter.started_by == work.actor.id and bool(_withdrawals(work, matter.key))


def withdraw(work: Work, key: int, reason: str) -> list[str]:
    """撤销: whoever started a matter takes it back, with a reason; the messages that said so to it."""
    matter = instances.get(work, key)
    if matter.started_by != work.actor.id:
        raise NotFound("事项")
    if not reason.strip():
        raise NotAllowed("请写明撤回原因。")
    awaited = _withdrawals(work, key)
    told = {"withdraw_reason": reason.strip()}
    reached = [one for one in awaited if messages.publish(work, one, matter.matter_no, told, ttl=None)]
    if not reached:
        raise NotAllowed("这件事项已经结束，或者现在不能撤回。")
    return reached


def _withdrawals(work: Work, key: int) -> list[str]:
    return sorted(messages.awaited(work, key).intersection(WITHDRAWALS))


def _tell(work: Work, persons: Sequence[str], title: str, text: str, matter: ProcessInstance) -> None:
    desk.tell(work, persons, title, f"《{matter.title}》（{matter.matter_no}）：{text}", matter.matter_no)
