"""What else can be done with a task besides doing it: a small form for each, and buttons that need none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from engine import duties, history, returning, signing, user_tasks
from engine.errors import NotFound
from engine.runtime import Work
from engine.user_tasks import UserTask
from web import once
from web.forms import Errors, Form, FormState
from web.pages import context
from web.pages.cards import task_card
from web.pages.people import Names, colleagues
from workflows.collaboration import tasks

blueprint = Blueprint("handing", __name__, url_prefix="/tasks")

Answer = Response | str | tuple[str, int]
Data = Mapping[str, Any]

NO_FILES: MultiDict[str, FileStorage] = MultiDict()


def _form(identity: str, *components: Mapping[str, Any]) -> Form:
    return Form.compile({"id": identity, "components": list(components)})


def _component(kind: str, key: str, label: str, *, required: bool = True, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "key": key, "label": label, "validate": {"required": required}, **more}


def _text(key: str, label: str, *, required: bool = True) -> dict[str, Any]:
    found = _component("textarea", key, label, required=required)
    found["validate"]["maxLength"] = 500
    return found


PERSON = _component("select", "person", "交给谁", valuesExpression="=people", properties={"kind": "person"})
PERSONS = _component(
    "taglist", "persons", "请哪些人", valuesExpression="=people", properties={"kind": "person"}
)
STEP = _component("radio", "target", "退回到哪一步", valuesExpression="=steps")


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do with a task: its name, what it means, its form, and what happens."""

    name: Any
    lead: Any
    form: Form
    act: Callable[[Work, int, Data], object]
    done: Any


VERBS: Mapping[str, Verb] = {
    "transfer": Verb(
        _l("转办"),
        _l("这项任务从此归对方办理，您不再负责。对方和发起人都会收到通知。"),
        _form("transfer", PERSON, _text("reason", "原因")),
        lambda work, key, data: tasks.transfer(work, key, data["person"], data["reason"]),
        _l("已转办，对方会收到通知。"),
    ),
    "delegate": Verb(
        _l("委派"),
        _l("请对方先替您准备，准备好后交还，仍由您核对并办结。"),
        _form("delegate", PERSON, _text("reason", "请对方做什么")),
        lambda work, key, data: tasks.delegate(work, key, data["person"], data["reason"]),
        _l("已委派，对方交还后您会收到通知。"),
    ),
    "resolve": Verb(
        _l("交还"),
        _l("您已存的草稿会一并交给委派人，由委派人核对并办结。"),
        _form("resolve", _text("note", "说明", required=False)),
        lambda work, key, data: tasks.resolve(work, key, data.get("note") or ""),
        _l("已交还，委派人会收到通知。"),
    ),
    "signers": Verb(
        _l("加签"),
        _l("办结之前先请别人签署意见。所有人签完，或者您减去没有签的，才能办结。"),
        _form("signers", PERSONS, _text("reason", "想听什么意见")),
        lambda work, key, data: tasks.ask_opinions(work, key, data["persons"], data["reason"]),
        _l("已请人加签，对方会收到通知。"),
    ),
    "return": Verb(
        _l("退回"),
        _l("把事项送回前面的一步重办，您这一步随之撤销；那一步办好后，流程会再走到您这里。"),
        _form("return", STEP, _text("reason", "退回原因")),
        lambda work, key, data: tasks.send_back(work, key, data["target"], data["reason"]),
        _l("已退回，那一步的办理人会收到通知。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion asked for: of whom, and what they said. ``droppable`` while it is missing."""

    key: int
    who: str
    position: str
    text: str
    droppable: bool


@dataclass(frozen=True, slots=True)
class Hands:
    """In whose hands a task is, for its page.

    ``ways`` are the verbs open to the reader, by key and name; ``delegated_to`` names who prepares it for the
    reader, ``delegated_by`` for whom the reader prepares it; ``waiting`` counts the opinions that are missing.
    """

    ways: list[tuple[str, str]]
    delegated_to: str
    delegated_by: str
    opinions: list[Opinion]
    waiting: int


def hands(work: Work, task: UserTask) -> Hands:
    """In whose hands a task is, and what its reader can do about it."""
    me, names = work.actor.id, Names(work.connection, [task])
    given = task.owner is not None
    return Hands(
        ways=[(name, str(VERBS[name].name)) for name in _ways(work, task)],
        delegated_to=names.person(task.assignee or "") if given and task.owner == me else "",
        delegated_by=names.person(task.owner or "") if given and task.assignee == me else "",
        opinions=_opinions(work, task),
        waiting=task.open_signers,
    )


def _ways(work: Work, task: UserTask) -> list[str]:
    if task.assignee != work.actor.id or duties.is_personal(work, task):
        return []
    if task.owner is not None:
        return ["resolve"]
    if task.signs_for is not None:
        return ["transfer"]
    return ["transfer", "delegate", "signers", *(["return"] if returning.targets(work, task) else [])]


def _opinions(work: Work, task: UserTask) -> list[Opinion]:
    asked = [one for one in signing.of_task(work, task.key) if one.state != "CANCELED"]
    names = Names(work.connection, asked)
    return [_opinion(work, one, names, task) for one in asked]


def _opinion(work: Work, one: UserTask, names: Names, task: UserTask) -> Opinion:
    said: Data = {}
    if one.completed_seq is not None:
        said = history.values_of(work, one.instance_key, one.completed_seq)
    droppable = one.state == "CREATED" and task.assignee == work.actor.id
    position = str(said.get("position") or _("还没有签署"))
    return Opinion(one.key, names.who(one), position, str(said.get("opinion") or ""), droppable)


# -- verbs with a form -------------------------------------------------------------------------------

PATH = f"/<int:key>/<any({', '.join(VERBS)}):verb>"


@blueprint.get(PATH)
def ask(key: int, verb: str) -> str:
    """The form of a verb, while it is open to the reader."""
    with context.reading() as work:
        task = _open_to(work, key, verb)
        return _page(
            task, verb, VERBS[verb].form.open(_offered(work, task), None, now=work.now), context.once()
        )


@blueprint.post(PATH)
def act(key: int, verb: str) -> Answer:
    """Do it, once however often the form is sent."""
    asked, mark = VERBS[verb], request.args.get("once", "") or context.once()
    after = url_for("tasks.inbox") if verb != "signers" else url_for("tasks.show", key=key)
    with context.acting() as work:
        if once.earlier_answer(work, mark) is not None:
            return context.go(after)
        task = _open_to(work, key, verb)
        variables = _offered(work, task)
        state = asked.form.read(request.form, NO_FILES, variables, now=work.now)
        result = asked.form.validate(state, now=work.now)
        if state.intent != "submit" or isinstance(result, Errors):
            errors = result.errors if isinstance(result, Errors) and state.intent == "submit" else {}
            once.forget(work, mark)
            return _page(task, verb, state.with_errors(errors), mark), 422 if errors else 200
        asked.act(work, key, result.data)
        once.note_answer(work, mark, after)
    flash(str(asked.done), "done")
    return context.go(after)


def _open_to(work: Work, key: int, verb: str) -> UserTask:
    task = user_tasks.get(work, key)
    if task.state != "CREATED" or verb not in _ways(work, task):
        raise NotFound("任务")
    return task


def _offered(work: Work, task: UserTask) -> dict[str, Any]:
    return {
        "people": colleagues(work),
        "steps": [
            {
                "value": one.element_id,
                "label": _("%(step)s（%(who)s办的）", step=one.name, who=one.person_name),
            }
            for one in returning.targets(work, task)
        ],
    }


def _page(task: UserTask, verb: str, state: FormState, mark: str) -> str:
    action = url_for("handing.act", key=task.key, verb=verb, once=mark)
    template = "tasks/verb_form.html" if request.headers.get("HX-Request") else "tasks/verb.html"
    return render_template(template, task=task_card(task), verb=VERBS[verb], state=state, action=action)


# -- verbs that are one press ------------------------------------------------------------------------


@blueprint.post("/<int:key>/recall")
def recall(key: int) -> Response:
    with context.acting() as work:
        tasks.recall(work, key)
    flash(_("已收回，由您继续办理。"), "done")
    return context.go(url_for("tasks.show", key=key))


@blueprint.post("/<int:key>/signers/<int:signer>/removal")
def drop(key: int, signer: int) -> Response:
    with context.acting() as work:
        tasks.drop_opinion(work, signer, "")
    flash(_("已减签，对方会收到通知。"), "done")
    return context.go(url_for("tasks.show", key=key))


@blueprint.post("/<int:key>/taking-back")
def take_back(key: int) -> Response:
    with context.acting() as work:
        opened = tasks.take_back(work, key)
        instance_key = user_tasks.get(work, key).instance_key
    flash(_("已撤回，请改好后重新提交。"), "done")
    if opened is None:
        return context.go(url_for("matters.show", key=instance_key))
    return context.go(url_for("tasks.show", key=opened))
