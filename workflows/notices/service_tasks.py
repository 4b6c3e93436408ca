"""What models may call: reminders, and telling people how their matter ended early."""

from __future__ import annotations

from collections.abc import Iterable

from engine import user_tasks
from engine.registry import JobContext, MatterEnded, Registry
from engine.runtime import Actor, Work
from engine.user_tasks import UserTask
from workflows.ballots import store as ballots
from workflows.moments import SHANGHAI
from workflows.notices import desk, store

CARDS = {"yellow": "黄牌提醒：即将到期", "red": "红牌提醒：已经超期"}
"""By the task header ``card``; a reminder without a card is a plain one."""


def register(registry: Registry) -> None:
    """Make the handlers known."""
    registry.service_task("notices.remind")(remind)
    registry.service_task("notices.reject")(reject)
    registry.service_task("notices.withdrawn")(withdrawn)
    registry.matter_ended(ended)


def remind(job: JobContext) -> None:
    """Remind whoever has an open task of the matter; the header ``about`` names one of its steps only."""
    step = job.headers.get("about")
    for task in user_tasks.of_instance(job.work, job.instance_key):
        if step in (None, task.element_id):
            card = CARDS.get(job.headers.get("card", ""), "办理提醒")
            text = _about(job, f"请在“待办”中办理“{task.name}”{_due(task)}。")
            desk.remind(
                job.work, desk.addressees(job.work, task), f"{card}——{task.name}", text, job.matter_no
            )


def reject(job: JobContext) -> None:
    """Tell the proposer and the co-signers in writing why the topic was not taken up."""
    reason = job.variables.get("result_reason") or job.variables.get("opinion") or "理由见议题审核单"
    signers = job.variables.get("joint_signers") or []
    _tell(job, [job.variables["initiator"], *signers], "议题不予受理", f"不予受理的理由：{reason}。")


def withdrawn(job: JobContext) -> None:
    """Tell those who were to take part that the proposer has withdrawn the topic; a running vote is closed."""
    if box := job.variables.get("ballot_box"):
        ballots.close(
            job.work.connection, ballots.get(job.work.connection, job.work.community, box), job.work.now
        )
    invited = [seat["person"] for seat in job.variables.get("roster") or []]
    _tell(
        job,
        [job.variables["initiator"], *invited],
        "提案人已撤回议题",
        "议题已撤回，不再办理；以后可以重新提出。",
    )


def ended(work: Work, matter: MatterEnded) -> None:
    """Tell whoever started a matter how it ended, unless something has just told them."""
    person = matter.started_by
    told = store.told_since(work.connection, [person], matter.matter_no, work.now)
    if person != Actor.system().id and person not in told:
        text = f"《{matter.title}》（{matter.matter_no}）：{matter.end_event or '已终止'}。"
        desk.tell(work, [person], "您发起的事项已结束", text, matter.matter_no)


def _tell(job: JobContext, persons: Iterable[str], title: str, body: str) -> None:
    desk.tell(job.work, persons, title, _about(job, body), job.matter_no)


def _about(job: JobContext, body: str) -> str:
    return f"《{job.variables.get('title') or job.matter_no}》（{job.matter_no}）：{body}"


def _due(task: UserTask) -> str:
    return "" if task.due_at is None else f"，期限 {task.due_at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
