"""待办 and the page of one task: fill in, save, hand in, see what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import deployments, instances, returning, rosters, user_tasks, worklist
from engine.errors import AlreadyCompleted, FormInvalid
from engine.runtime import Work
from engine.user_tasks import UserTask
from web import receipts
from web.errors import page as error_page
from web.forms import FormState
from web.pages import context, demo, handing, papers, words
from web.pages.cards import MatterCard, TaskCard, guide, matter_card, task_card
from web.pages.desk import Desk
from web.pages.steps import concerns, steps

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

Answer = Response | str | tuple[str, int]
Cards = Sequence[TaskCard | MatterCard]

PAGE = 30
FEW = 8
"""A list that is found through at a glance needs no search."""
OPEN_LIMIT = 200
OPEN_VIEWS = ("assigned", "claimable")


@blueprint.get("")
def inbox() -> str:
    """待办, 可认领, 已办 and 我发起."""
    views = _views()
    view = request.args.get("view", "assigned")
    view = view if view in views else "assigned"
    q = request.args.get("q", "").strip()[:60]
    start = max(0, request.args.get("start", 0, type=int))
    with context.reading() as work:
        counts = worklist.count(work)
        cards = _cards(work, view, q, start)
    limit = OPEN_LIMIT if view in OPEN_VIEWS else PAGE
    shown = cards[:limit]
    return render_template(
        "tasks/inbox.html",
        view=view,
        view_name=views[view][0],
        views=[(name, text, counts.get(name)) for name, (text, _empty) in views.items()],
        counts=counts,
        late=_late(shown) if view == "assigned" else 0,
        person_name=context.me().name,
        groups=_grouped(shown, by_due=view == "assigned"),
        q=q,
        searchable=bool(q) or len(shown) > FEW,
        empty=_("没有找到，换个词试试。") if q else views[view][1],
        more=url_for("tasks.inbox", view=view, q=q or None, start=start + limit)
        if len(cards) > limit
        else "",
    )


def _cards(work: Work, view: str, q: str, start: int) -> Cards:
    if view in OPEN_VIEWS:
        return [task_card(task) for task in worklist.page(work, view, limit=OPEN_LIMIT, search=q)]
    if view == "done":
        done = worklist.page(work, view, limit=PAGE + 1, offset=start, search=q)
        return [task_card(task) for task in done]
    mine = instances.find(work, started_by_me=True, limit=start + PAGE + 1, search=q)
    return [matter_card(matter) for matter in mine[start:]]


def _late(cards: Cards) -> int:
    return sum(card.due.tone == "late" for card in cards if isinstance(card, TaskCard))


def _grouped(cards: Cards, *, by_due: bool) -> list[tuple[str, Cards]]:
    if not by_due:
        return [("", cards)] if cards else []
    titles = {
        "late": _("已超期"),
        "today": _("今天"),
        "week": _("七天内"),
        "later": _("以后"),
        "open": _("不限期"),
    }
    groups: Mapping[str, list[Any]] = {name: [] for name in titles}
    for card in cards:
        if isinstance(card, TaskCard):
            groups[card.due.group].append(card)
    return [(titles[name], found) for name, found in groups.items() if found]


def _views() -> dict[str, tuple[str, str]]:
    """Each view's name, and what it says when it is empty."""
    return {
        "assigned": (_("待办"), _("都办完了。有新的任务会出现在这里。")),
        "claimable": (_("可认领"), _("现在没有可以认领的任务。")),
        "done": (_("已办"), _("您还没有办过任务。")),
        "started": (_("我发起"), _("您还没有发起过事项。")),
    }


@blueprint.get("/<int:key>")
def show(key: int) -> Answer:
    """The task: what is asked, on what basis, and its form."""
    with context.reading() as work:
        task = user_tasks.get(work, key)
        if task.is_roster and rosters.has_answered(work, key):
            return _result(work, task)
        if task.state != "CREATED":
            return _ended(task)
        return _page(work, task)


@blueprint.post("/<int:key>")
def submit(key: int) -> Answer:
    """What a button of the form asked for: hand in, save, or redraw. One transaction."""
    try:
        with context.acting() as work:
            task = user_tasks.hold(work, key)
            if task.state != "CREATED":
                return _ended(task)
            desk = Desk.of(work, task)
            state = desk.read()
            if state.intent != "submit":
                desk.keep(state)
                return _redrawn(desk, state)
            try:
                user_tasks.complete_held(work, task, state)
            except FormInvalid as refusal:  # inside the transaction, so that the draft is kept
                desk.keep(state)
                return _page(work, task, state.with_errors(refusal.errors)), 422
            receipt = receipts.take()
    except AlreadyCompleted as refusal:  # done by another while we waited for our turn
        return _too_late(refusal, key)
    return _handed_in(key, receipt)


def _redrawn(desk: Desk, state: FormState) -> Answer:
    if state.intent == "save" and desk.task.keeps_draft:
        flash(_("草稿已保存，只有您能看到。"), "done")
        return context.go(url_for("tasks.show", key=desk.task.key))
    return _page(desk.work, desk.task, desk.form.review(state, now=desk.work.now))


def _page(work: Work, task: UserTask, state: FormState | None = None) -> str:
    claimable = task.assignee is None and not task.is_roster
    if state is None and not claimable:
        state = Desk.of(work, task).open()
    if request.headers.get("HX-Request") and state is not None:
        return render_template("tasks/form.html", task=task, state=state)
    documentation = deployments.documentation(work, task.definition_key)
    return render_template(
        "tasks/task.html",
        task=task,
        card=task_card(task),
        state=state,
        claimable=claimable,
        hands=handing.hands(work, task),
        releasable=bool(task.candidate_groups or task.candidate_users) and not claimable,
        guide=guide(documentation.get(task.element_id)),
        papers=papers.of_matter(work, task.instance_key),
    )


@blueprint.post("/<int:key>/claim")
def claim(key: int) -> Response:
    with context.acting() as work:
        user_tasks.claim(work, key)
    return redirect(url_for("tasks.show", key=key))


@blueprint.post("/<int:key>/release")
def release(key: int) -> Response:
    with context.acting() as work:
        user_tasks.release(work, key)
    flash(_("已放回，本组其他人可以认领。"), "done")
    return redirect(url_for("tasks.inbox", view="claimable"))


@blueprint.get("/<int:key>/done")
def done(key: int) -> Answer:
    """What happens next."""
    with context.reading() as work:
        task = user_tasks.get(work, key)
        by_actor = task.state == "COMPLETED" and task.completed_by == work.actor.id
        if by_actor or (task.is_roster and rosters.has_answered(work, key)):
            return _result(work, task)
        return _ended(task)


def _handed_in(key: int, receipt: str | None) -> Answer:
    if receipt is None:
        return context.go(url_for("tasks.done", key=key))
    with context.reading() as work:  # the code is shown here and now, it is not kept for another request
        answer = Response(_result(work, user_tasks.get(work, key), receipt), mimetype="text/html")
    answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return answer


def _result(work: Work, task: UserTask, receipt: str | None = None) -> str:
    matter = instances.get(work, task.instance_key)
    coming = user_tasks.of_instance(work, task.instance_key)
    mine = next((one for one in coming if concerns(work, one)), None)
    return render_template(
        "tasks/result.html",
        task=task_card(task),
        headline=_headline(task),
        when=words.moment(task.completed_at or work.now, work.now),
        receipt=receipt,
        returnable=returning.may_take_back(work, task),
        next=steps(work, coming),
        mine=mine,
        next_timer=demo.next_timer(work, task.instance_key),
        ended=matter_card(matter).ended,
    )


def _headline(task: UserTask) -> str:
    if task.is_ballot:
        return _("您的一票已投入票箱")
    return _("已提交：%(name)s", name=task.name) if task.is_roster else _("已办结：%(name)s", name=task.name)


def _ended(task: UserTask) -> Answer:
    if task.state != "COMPLETED" or task.completed_at is None or task.is_roster:
        return error_page(409, user_tasks.WITHDRAWN_ROSTER if task.is_roster else user_tasks.WITHDRAWN)
    if task.completed_by == context.me().id:
        return context.go(url_for("tasks.done", key=task.key))
    return _too_late(
        AlreadyCompleted(task.completed_by or "", task.completed_by_name or "", task.completed_at), task.key
    )


def _too_late(refusal: AlreadyCompleted, key: int) -> Answer:
    if refusal.by == context.me().id:
        return context.go(url_for("tasks.done", key=key))
    when = words.moment(refusal.at, context.now())
    return error_page(
        409, _("%(name)s已于%(when)s办结这一步，不需要再次提交。", name=refusal.by_name, when=when)
    )
