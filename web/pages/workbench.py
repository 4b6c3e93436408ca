"""The workbench: beginning, copying and retiring processes, and the page of one draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import comparison, deployments
from engine.errors import DeploymentRefused, Refusal
from engine.runtime import Work
from web.pages import context, people, words
from web.pages.publications import tell_deciders
from web.pages.uploads import resources
from web.vocabulary import title
from workflows.workbench import drafts, publishing
from workflows.workbench.model import Draft, DraftFile
from workflows.workbench.samples import TEMPLATES

blueprint = Blueprint("workbench", __name__, url_prefix="/workbench")

Answer = Response | str | tuple[str, int]
Act = Callable[[Work, Draft], object]


@blueprint.get("/new")
def new() -> str:
    """A blank page or a worked example to begin from."""
    return render_template("workbench/new.html", templates=TEMPLATES, name="")


@blueprint.post("/new")
def create() -> Answer:
    try:
        with context.acting() as work:
            draft = drafts.create(work, request.form.get("name", ""), request.form.get("template", "blank"))
    except Refusal as refusal:
        name = request.form.get("name", "")
        return render_template("workbench/new.html", templates=TEMPLATES, name=name, wrong=str(refusal)), 422
    return redirect(url_for("workbench.show", key=draft.key), 303)


@blueprint.post("/change")
def change() -> Answer:
    """To the draft of a published process, begun if there is none."""
    with context.acting() as work:
        draft = drafts.change(work, request.form.get("process", ""))
    return redirect(url_for("workbench.show", key=draft.key), 303)


@blueprint.post("/copy")
def copy() -> Answer:
    process_id, draft_key = request.form.get("process", ""), request.form.get("draft", type=int)
    with context.acting() as work:
        draft = drafts.copy(work, process_id, request.form.get("name", ""), draft_key)
    return redirect(url_for("workbench.show", key=draft.key), 303)


@blueprint.post("/retire")
def retire_process() -> Answer:
    """Out of use, or back into use."""
    process_id, back = request.form.get("process", ""), "back" in request.form
    with context.acting() as work:
        (deployments.put_back if back else deployments.retire)(work, process_id)
    flash(
        _("已恢复使用。") if back else _("已停用：不能再发起，正在办的事项照常办完。随时可以恢复使用。"),
        "done",
    )
    return redirect(url_for("admin.processes"), 303)


@blueprint.get("/bin")
def bin_() -> str:
    """Drafts that were put away; each can be taken out for 30 days."""
    with context.reading() as work:
        found = drafts.listing(work, retired=True)
        names = people.by_id(work.connection, [draft.retired_by for draft in found])
    rows = [
        {
            "key": draft.key,
            "name": draft.name,
            "by": names[draft.retired_by or ""],
            "when": words.moment(draft.retired_at or draft.created_at, context.now()),
        }
        for draft in found
    ]
    return render_template("workbench/bin.html", drafts=rows)


@blueprint.post("/bin/<int:key>")
def take_out(key: int) -> Answer:
    with context.acting() as work:
        drafts.restore(work, key)
    flash(_("已取回。"), "done")
    return redirect(url_for("workbench.show", key=key), 303)


# -- one draft ---------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:key>")
def show(key: int) -> str:
    """The draft: its files, what is wrong, what it changes, and handing it in."""
    return _page(key)


@blueprint.post("/drafts/<int:key>/name")
def rename(key: int) -> Answer:
    return _done(key, lambda work, draft: drafts.rename(work, draft, request.form.get("name", "")))


@blueprint.post("/drafts/<int:key>/files")
def add_file(key: int) -> Answer:
    """A new form or table, or files made elsewhere."""
    name = request.form.get("name", "")
    add = {"form": drafts.add_form, "table": drafts.add_table}
    kind = request.form.get("kind", "")
    if kind in add:
        return _done(key, lambda work, draft: add[kind](work, draft, name))
    return _done(key, lambda work, draft: drafts.put(work, draft, resources(request)))


@blueprint.post("/drafts/<int:key>/give-up")
def give_up(key: int) -> Answer:
    """One file as published again."""
    return _done(key, lambda work, draft: drafts.give_up(work, draft, request.form.get("file", "")))


@blueprint.post("/drafts/<int:key>/keep")
def keep(key: int) -> Answer:
    """Keep to the draft although something newer was published."""
    return _done(key, drafts.accept_published)


@blueprint.post("/drafts/<int:key>/retire")
def retire(key: int) -> Answer:
    with context.acting() as work:
        drafts.retire(work, drafts.get(work, key))
    flash(_("草稿已移到回收站，30 天内可以取回。"), "done")
    return redirect(url_for("admin.processes"), 303)


@blueprint.get("/drafts/<int:key>/saves")
def saves(key: int) -> str:
    """The earlier texts of one file, those that came too late as well."""
    name = request.args.get("file", "")
    with context.reading() as work:
        draft = drafts.get(work, key)
        found = drafts.saves(work, draft, name)
        names = people.by_id(work.connection, [one.saved_by for one in found])
    rows = [
        {"one": one, "by": names[one.saved_by], "when": words.moment(one.saved_at, context.now())}
        for one in found
    ]
    return render_template("workbench/saves.html", draft=draft, file=name, saves=rows)


@blueprint.get("/drafts/<int:key>/saves/<int:save>")
def saved(key: int, save: int) -> str:
    """What one save differs in from the draft as it stands."""
    with context.reading() as work:
        draft = drafts.get(work, key)
        name, content = drafts.saved(work, draft, save)
        changes = comparison.compare(name, drafts.file(work, draft, name).content, content)
    return render_template("workbench/saved.html", draft=draft, save=save, file=name, changes=changes)


@blueprint.post("/drafts/<int:key>/saves/<int:save>")
def go_back(key: int, save: int) -> Answer:
    with context.acting() as work:
        name = drafts.go_back(work, drafts.get(work, key), save)
    flash(_("已换成这一份；换下来的也还在存稿里。"), "done")
    return redirect(url_for("editor.show", key=key, file=name), 303)


@blueprint.post("/drafts/<int:key>/request")
def hand_in(key: int) -> Answer:
    """Ask for publication; refused with every problem named."""
    reason, basis = request.form.get("reason", ""), request.form.get("basis", "")
    try:
        with context.acting() as work:
            asked = publishing.request(work, drafts.get(work, key), reason, basis)
            tell_deciders(work, asked)
    except DeploymentRefused:
        return _page(key, _("还有问题没有改正，不能送审。"), reason, basis), 422
    except Refusal as refusal:
        return _page(key, str(refusal), reason, basis), 422
    flash(_("已送审。另一位审批人批准后才会发布，正在办的事项不受影响。"), "done")
    return redirect(url_for("publications.show", key=asked.key), 303)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as the draft's page lists it."""

    file: DraftFile
    title: str
    others: tuple[str, ...]
    when: str
    by: str


def _page(key: int, wrong: str = "", reason: str = "", basis: str = "") -> str:
    with context.reading() as work:
        draft = drafts.get(work, key)
        files = drafts.files(work, draft)
        changes = [comparison.compare(f.name, f.published, f.content) for f in files if f.is_changed]
        return render_template(
            "workbench/draft.html",
            draft=draft,
            rows=_rows(work, draft, files),
            problems=drafts.problems(work, draft),
            changes=changes,
            overtaken=drafts.overtaken(work, draft),
            waiting=publishing.waiting(work, draft.process_id),
            versions=deployments.names(work, "process").get(draft.process_id),
            wrong=wrong,
            reason=reason,
            basis=basis,
        )


def _rows(work: Work, draft: Draft, files: list[DraftFile]) -> list[FileRow]:
    names = people.by_id(work.connection, [file.saved_by for file in files])
    users = drafts.shared(work, draft, files)
    return [
        FileRow(
            file,
            title(file),
            tuple(users.get(file.name, ())),
            words.moment(file.saved_at, context.now()) if file.saved_at else "",
            names.get(file.saved_by, ""),
        )
        for file in files
    ]


def _done(key: int, act: Act) -> Answer:
    """Do something to a draft and show it again; what is refused is said on its page."""
    try:
        with context.acting() as work:
            act(work, drafts.get(work, key))
    except Refusal as refusal:
        return _page(key, str(refusal)), 422
    return redirect(url_for("workbench.show", key=key), 303)
