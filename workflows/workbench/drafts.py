"""Drafts: begun, copied, saved, put in the bin and taken out again.

A draft holds only the files it changes; every other form and table its drawing names is read as published, so that
a draft left lying never takes back what others have published since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping

from engine import deployments, documents, values
from engine.deployments import Resource
from engine.errors import NotFound, Problem
from engine.inspection import inspect
from engine.runtime import Work
from engine.xml import MAX_BYTES
from workflows.workbench import rules, samples, store
from workflows.workbench.errors import Missing, StaleDraft
from workflows.workbench.model import Draft, DraftFile, Save

SUFFIXES = ("bpmn", "dmn", "form")


def listing(work: Work, *, retired: bool = False) -> list[Draft]:
    """Open drafts, or those in the bin that can still be taken out."""
    found = store.drafts(work.connection)
    if not retired:
        return [draft for draft in found if draft.retired_at is None]
    return [d for d in found if d.retired_at is not None and rules.is_recoverable(d.retired_at, work.now)]


def get(work: Work, key: int) -> Draft:
    """One open draft."""
    found = store.get_draft(work.connection, key)
    if found is None or found.retired_at is not None:
        raise NotFound("草稿")
    return found


# -- beginning ---------------------------------------------------------------------------------------


def create(work: Work, name: str, template: str) -> Draft:
    """A draft of a new process, begun from a template (:data:`~workflows.workbench.samples.TEMPLATES`)."""
    _require_name(name)
    if template not in samples.TEMPLATES:
        raise NotFound("模板")
    draft = _add(work, None, name)
    return _filled(work, draft, samples.begun(samples.TEMPLATES[template], draft.process_id, draft.name))


def change(work: Work, process_id: str) -> Draft:
    """The open draft of a published process, begun if there is none."""
    for draft in listing(work):
        if draft.process_id == process_id:
            return draft
    published = deployments.names(work, "process")
    if process_id not in published:
        raise NotFound("流程")
    return _add(work, process_id, published[process_id])


def copy(work: Work, process_id: str, name: str, draft_key: int | None = None) -> Draft:
    """A draft of a new process that is drawn like another: like its draft when one is given, else as published.

    Forms and tables the draft has changed are copied with it; those it shares with the published process go on
    being shared.
    """
    _require_name(name)
    source = _sources(work, process_id) if draft_key is None else changed(work, get(work, draft_key))
    draft = _add(work, None, name)
    own = [_renumbered(file, process_id, draft) for file in source]
    if not any(file.kind == "bpmn" for file in own):
        own += [_renumbered(file, process_id, draft) for file in _sources(work, process_id)]
    return _filled(work, draft, own)


def take_in(work: Work, resources: Sequence[Resource]) -> Draft:
    """A draft from files made elsewhere: of the process they hold, new or published."""
    drawn = [i for r in resources if r.kind == "bpmn" for i in documents.identities(r.name, r.content)]
    if len(drawn) != 1:
        raise Missing("请选择一个 .bpmn 流程文件，里面恰好有一个流程；它用到的决策表和表单可以一起选。")
    [process] = drawn
    found = next((draft for draft in listing(work) if draft.process_id == process.id), None)
    draft = found or _add(work, process.id, process.name)
    put(work, draft, resources)
    return draft


def put(work: Work, draft: Draft, resources: Sequence[Resource]) -> None:
    """Take files made elsewhere into a draft, in place of those that define the same."""
    for resource in resources:
        held = _holding(work, draft, resource)
        save(work, draft.key, held.name, resource.content, held.revision)


def _add(work: Work, process_id: str | None, name: str) -> Draft:
    key = work.engine.keys.next()
    draft = Draft(key, process_id or f"process_{key}", name.strip(), work.actor.id, work.now)
    store.add_draft(work.connection, draft)
    return draft


def _filled(work: Work, draft: Draft, resources: Sequence[Resource]) -> Draft:
    for resource in resources:
        save(work, draft.key, resource.name, resource.content, 0)
    return draft


def _sources(work: Work, process_id: str) -> list[Resource]:
    found = deployments.file_of(work, "process", process_id)
    if found is None:
        raise NotFound("流程")
    return [found]


def _renumbered(file: Resource, process_id: str, draft: Draft) -> Resource:
    name = file.name.replace(process_id, draft.process_id)
    if file.kind != "bpmn":
        return Resource(name, file.content)
    content = documents.renumbered(file.content, process_id, draft.process_id)
    return Resource(name, documents.renamed(content, draft.process_id, draft.name))


def _holding(work: Work, draft: Draft, resource: Resource) -> DraftFile:
    """The file of the draft that defines the same as an uploaded one; a new one when none does."""
    meant = set(documents.identities(resource.name, resource.content))
    for file in files(work, draft):
        if {(i.kind, i.id) for i in meant} & {
            (i.kind, i.id) for i in documents.identities(file.name, file.content)
        }:
            return file
    name = resource.name.rsplit("/", 1)[-1]
    return DraftFile(f"{draft.process_id}/{name}", b"", 0, None, None)


# -- files -------------------------------------------------------------------------------------------


def files(work: Work, draft: Draft) -> list[DraftFile]:
    """The drawing, then every table and form it names or the draft has of its own, by name."""
    rows = store.files(work.connection, draft.key)
    own = {name: Resource(name, row["content"]) for name, row in rows.items()}
    drawing = deployments.file_of(work, "process", draft.process_id)
    published = {} if drawing is None else {drawing.name: drawing}
    for file in [*own.values(), *published.values()]:
        if file.kind == "bpmn" and (file.name in own or not any(name.endswith(".bpmn") for name in own)):
            published |= _referenced(work, file)
    published |= {name: found for name in own if (found := _as_published(work, own[name])) is not None}
    every = [_file(rows.get(name), own.get(name), published.get(name)) for name in {**published, **own}]
    return sorted(every, key=lambda file: (SUFFIXES.index(file.kind), file.name))


def file(work: Work, draft: Draft, name: str) -> DraftFile:
    """One file of a draft."""
    for found in files(work, draft):
        if found.name == name:
            return found
    raise NotFound("文件")


def changed(work: Work, draft: Draft) -> list[Resource]:
    """The files that differ from what is published: what publishing the draft would deploy."""
    return [Resource(file.name, file.content) for file in files(work, draft) if file.is_changed]


def _referenced(work: Work, drawing: Resource) -> dict[str, Resource]:
    found = (deployments.file_of(work, kind, name) for kind, name in documents.references(drawing.content))
    return {file.name: file for file in found if file is not None}


def _as_published(work: Work, own: Resource) -> Resource | None:
    """The published file that defines the same, under this name."""
    for identity in documents.identities(own.name, own.content):
        found = deployments.file_of(work, identity.kind, identity.id)
        if found is not None and found.name == own.name:
            return found
    return None


def _file(row: RowMapping | None, own: Resource | None, published: Resource | None) -> DraftFile:
    as_published = None if published is None else published.content
    if row is not None and own is not None:
        written = (row["revision"], row["base"], as_published, row["saved_by"], row["saved_at"])
        return DraftFile(own.name, own.content, *written)
    assert published is not None
    return DraftFile(published.name, published.content, 0, published.digest, as_published)


# -- saving ------------------------------------------------------------------------------------------


def save(work: Work, draft_key: int, name: str, content: bytes, revision: int) -> int:
    """Save a file that was opened at ``revision``; returns the new revision.

    When somebody else has saved it meanwhile, the text is set aside among the saves and :class:`StaleDraft` says
    where; the transaction must be committed all the same.
    """
    draft = get(work, draft_key)
    _require_file(name, content)
    known = next((found for found in files(work, draft) if found.name == name), None)
    current = 0 if known is None else known.revision
    if known is not None and known.revision == revision and known.content == content:
        return revision
    base = None if known is None else known.base
    row = {
        "draft_key": draft_key,
        "name": name,
        "content": content,
        "revision": revision + 1,
        "base": base,
        "saved_by": work.actor.id,
        "saved_at": work.now,
    }
    accepted = current == revision and store.put_file(work.connection, row)
    kept = work.engine.keys.next()
    one = Save(kept, name, revision + 1, work.actor.id, work.now, accepted)
    store.add_save(work.connection, draft_key, content, one)
    if not accepted:
        newest = store.files(work.connection, draft_key)[name]
        raise StaleDraft(newest["saved_by"], newest["saved_at"], newest["revision"], kept)
    return revision + 1


def saves(work: Work, draft: Draft, name: str) -> list[Save]:
    """The saves of a file, the newest first."""
    return store.saves(work.connection, draft.key, name)


def saved(work: Work, draft: Draft, save_key: int) -> tuple[str, bytes]:
    """File name and text of one save."""
    found = store.saved_content(work.connection, draft.key, save_key)
    if found is None:
        raise NotFound("存稿")
    return found


def go_back(work: Work, draft: Draft, save_key: int) -> str:
    """Save an earlier text once more, as the newest; the file's name."""
    name, content = saved(work, draft, save_key)
    current = store.files(work.connection, draft.key)
    save(work, draft.key, name, content, current[name]["revision"] if name in current else 0)
    return name


def give_up(work: Work, draft: Draft, name: str) -> None:
    """Take a file's changes out of the draft: it is as published again, or gone if it is new."""
    found = file(work, draft, name)
    if found.kind == "bpmn" and found.published is None:
        raise Missing("新流程的流程图不能去掉；不要这份草稿时，请把它移到回收站。")
    store.drop_file(work.connection, draft.key, name)


def accept_published(work: Work, draft: Draft) -> None:
    """The author has seen what was published since the draft began, and keeps to the draft."""
    for found in files(work, draft):
        if found.revision:
            base = None if found.published is None else values.digest(found.published)
            store.rebase(work.connection, draft.key, found.name, base)


def shared(work: Work, draft: Draft, found: Sequence[DraftFile]) -> dict[str, list[str]]:
    """The names of other processes that use a form or table of the draft, by its file name."""
    defined = {(i.kind, i.id): f.name for f in found for i in documents.identities(f.name, f.content)}
    users: dict[str, list[str]] = {}
    for other in deployments.definitions(work):
        if other.latest and other.process_id != draft.process_id:
            for name in sorted(
                {defined[r] for r in deployments.references_of(work, other.key) if r in defined}
            ):
                users.setdefault(name, []).append(other.name)
    return users


def overtaken(work: Work, draft: Draft) -> list[str]:
    """Changed files of which a newer version was published since the draft began."""
    return [
        found.name
        for found in files(work, draft)
        if found.is_changed and is_overtaken(found.base, found.published)
    ]


def is_overtaken(base: str | None, published: bytes | None) -> bool:
    """Whether what is published is not what the work began from."""
    return base != (None if published is None else values.digest(published))


def add_form(work: Work, draft: Draft, title: str) -> str:
    """A new form with one field; its file name."""
    return _add_file(work, draft, title, samples.blank_form, "form")


def add_table(work: Work, draft: Draft, name: str) -> str:
    """A new decision table with one rule; its file name."""
    return _add_file(work, draft, name, samples.blank_table, "decision")


def _add_file(
    work: Work, draft: Draft, name: str, make: Callable[[str, str, str], Resource], kind: str
) -> str:
    _require_name(name)
    made = make(draft.process_id, f"{kind}_{work.engine.keys.next()}", name.strip())
    save(work, draft.key, made.name, made.content, 0)
    return made.name


def problems(work: Work, draft: Draft) -> list[Problem]:
    """Everything that forbids publishing the draft as it stands, the drawing included when it has not changed."""
    found = [Resource(f.name, f.content) for f in files(work, draft) if f.is_changed or f.kind == "bpmn"]
    return [*_of_another_process(draft, found), *inspect(work, found).problems]


def _of_another_process(draft: Draft, resources: Sequence[Resource]) -> Iterator[Problem]:
    """A drawing whose id was changed would become another process, beside the one the draft is of."""
    for resource in resources:
        drawn = [
            one.id for one in documents.identities(resource.name, resource.content) if one.kind == "process"
        ]
        if drawn and drawn != [draft.process_id]:
            sentence = f"流程的编号被改动了，请改回“{draft.process_id}”；要另画一个流程，请用“复制”。"
            yield Problem(resource.name, drawn[0], sentence)


# -- names, bin, company -----------------------------------------------------------------------------


def rename(work: Work, draft: Draft, name: str) -> None:
    """Another name for the process, in the drawing too."""
    _require_name(name)
    for found in files(work, draft):
        if found.kind == "bpmn":
            renamed = documents.renamed(found.content, draft.process_id, name.strip())
            save(work, draft.key, found.name, renamed, found.revision)
    store.change_draft(work.connection, draft.key, name=name.strip())


def retire(work: Work, draft: Draft) -> None:
    """Put a draft in the bin, whence it can be taken for 30 days."""
    store.change_draft(work.connection, draft.key, retired_by=work.actor.id, retired_at=work.now)
    gone = [
        d.key
        for d in store.drafts(work.connection)
        if d.retired_at and not rules.is_recoverable(d.retired_at, work.now)
    ]
    store.erase_drafts(work.connection, gone)


def restore(work: Work, key: int) -> Draft:
    """Take a draft out of the bin."""
    found = next((draft for draft in listing(work, retired=True) if draft.key == key), None)
    if found is None:
        raise NotFound("草稿")
    if any(draft.process_id == found.process_id for draft in listing(work)):
        raise Missing("这个流程已经有一份正在改的草稿，请先把它移到回收站，再取回这一份。")
    store.change_draft(work.connection, key, retired_by=None, retired_at=None)
    return get(work, key)


@dataclass(frozen=True, slots=True)
class Company:
    """Who else has a draft open (ids), and the revision each of its files has reached."""

    others: list[str]
    revisions: dict[str, int]


def join(work: Work, draft: Draft) -> Company:
    """Note that the actor has the draft open, and learn who else has."""
    store.note_presence(work.connection, draft.key, work.actor.id, work.now)
    seen = store.present(work.connection, draft.key)
    others = [
        person for person, at in seen.items() if person != work.actor.id and rules.is_present(at, work.now)
    ]
    return Company(
        sorted(others), {n: row["revision"] for n, row in store.files(work.connection, draft.key).items()}
    )


def _require_name(name: str) -> None:
    if wrong := rules.wanting(name, "名称", rules.NAME_LENGTH):
        raise Missing(wrong)


def _require_file(name: str, content: bytes) -> None:
    if name.rsplit(".", 1)[-1] not in SUFFIXES:
        raise Missing("草稿里只能放 .bpmn、.dmn 与 .form 文件。")
    if len(content) > MAX_BYTES:
        raise Missing("文件超过 2 MB，请精简后再保存。")
