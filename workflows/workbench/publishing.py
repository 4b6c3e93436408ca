"""Publishing: asked for by one person with reason and basis, decided by another.

The files are frozen when they are handed in: what was read is what is published, whatever becomes of the draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import deployments, documents
from engine.deployments import Deployment, Resource
from engine.errors import DeploymentRefused, NotFound
from engine.inspection import inspect
from engine.runtime import Work
from workflows.workbench import drafts, rules, store
from workflows.workbench.errors import (
    AlreadyDecided,
    AlreadyRequested,
    Missing,
    NothingChanged,
    Overtaken,
    OwnRequest,
)
from workflows.workbench.model import Draft, Publication, PublishedFile, State


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a process: who published it, when, why. ``publication`` is ``None`` for what came otherwise."""

    definition_key: int
    number: int
    name: str
    latest: bool
    deployed_at: datetime
    deployed_by: str
    publication: Publication | None


def request(work: Work, draft: Draft, reason: str, basis: str) -> Publication:
    """Hand in a draft as it stands; refused while anything forbids its deployment."""
    _require_words(reason, basis)
    if waiting(work, draft.process_id) is not None:
        raise AlreadyRequested
    frozen = [PublishedFile(f.name, f.content, f.base) for f in drafts.files(work, draft) if f.is_changed]
    if not frozen:
        raise NothingChanged
    if overtaken := drafts.overtaken(work, draft):
        raise Overtaken(overtaken)
    if problems := drafts.problems(work, draft):
        raise DeploymentRefused(problems)
    return _add(work, draft.key, draft.process_id, draft.name, reason, basis, frozen)


def request_return(work: Work, definition_key: int, reason: str, basis: str) -> Publication:
    """Hand in an old version, with its forms and tables, to be put in force again."""
    _require_words(reason, basis)
    old = deployments.definition(work, definition_key)
    if waiting(work, old.process_id) is not None:
        raise AlreadyRequested
    frozen = []
    for file in deployments.files_of(work, definition_key):
        current = _current(work, file)
        if current is None or current.digest != file.digest:
            frozen.append(PublishedFile(file.name, file.content, current.digest if current else None))
    if not frozen:
        raise NothingChanged
    if problems := inspect(work, [Resource(f.name, f.content) for f in frozen]).problems:
        raise DeploymentRefused(problems)
    return _add(work, None, old.process_id, old.name, reason, basis, frozen)


def approve(work: Work, key: int, remark: str = "") -> Deployment:
    """Publish what was handed in, as the second person."""
    found = _open(work, key)
    if not rules.may_decide(found.requested_by, work.actor.id):
        raise OwnRequest
    frozen = store.published_files(work.connection, key)
    current = {file.name: _current(work, Resource(file.name, file.content)) for file in frozen}
    overtaken = [
        f.name for f in frozen if drafts.is_overtaken(f.base, c.content if (c := current[f.name]) else None)
    ]
    if overtaken:
        raise Overtaken(overtaken)
    deployment = deployments.deploy(work, [Resource(file.name, file.content) for file in frozen])
    _decide(work, key, State.PUBLISHED, remark)
    store.note_versions(work.connection, key, [new.key for new in deployment.definitions])
    if found.draft_key is not None:
        _settle_draft(work, found.draft_key, frozen)
    return deployment


def reject(work: Work, key: int, remark: str) -> None:
    """Send it back, saying why."""
    found = _open(work, key)
    if not rules.may_decide(found.requested_by, work.actor.id):
        raise OwnRequest
    if wrong := rules.wanting(remark, "退回的理由", rules.REASON_LENGTH):
        raise Missing(wrong)
    _decide(work, key, State.REJECTED, remark)


def withdraw(work: Work, key: int) -> None:
    """Take one's own request back."""
    if _open(work, key).requested_by != work.actor.id:
        raise NotFound("送审")
    _decide(work, key, State.WITHDRAWN, "")


def get(work: Work, key: int) -> Publication:
    found = store.get_publication(work.connection, key)
    if found is None:
        raise NotFound("送审")
    return found


def files(work: Work, key: int) -> list[PublishedFile]:
    """What was handed in."""
    return store.published_files(work.connection, key)


def listing(work: Work) -> list[Publication]:
    """Everything that was ever handed in, the newest first."""
    return store.all_publications(work.connection)


def pairs(work: Work, one: Publication) -> list[tuple[str, bytes | None, bytes]]:
    """Name, text before and text after of each file handed in; before is what it was begun from."""
    return [
        (f.name, _began_from(work, f), f.content) for f in store.published_files(work.connection, one.key)
    ]


def _began_from(work: Work, file: PublishedFile) -> bytes | None:
    return None if file.base is None else deployments.content_of(work, file.base)


def waiting(work: Work, process_id: str) -> Publication | None:
    """The request about a process that waits for its second person."""
    return next((p for p in store.waiting(work.connection) if p.process_id == process_id), None)


def versions(work: Work, process_id: str) -> list[Version]:
    """All versions of a process, the newest first."""
    by_version = store.published_versions(work.connection)
    return [
        Version(d.key, d.version, d.name, d.latest, d.deployed_at, d.deployed_by, by_version.get(d.key))
        for d in deployments.definitions(work)
        if d.process_id == process_id
    ]


def _add(
    work: Work,
    draft_key: int | None,
    process_id: str,
    name: str,
    reason: str,
    basis: str,
    frozen: list[PublishedFile],
) -> Publication:
    new = Publication(
        key=work.engine.keys.next(),
        draft_key=draft_key,
        process_id=process_id,
        name=name,
        reason=reason.strip(),
        basis=basis.strip(),
        state=State.REQUESTED,
        requested_by=work.actor.id,
        requested_at=work.now,
    )
    store.add_publication(work.connection, new, frozen)
    return new


def _open(work: Work, key: int) -> Publication:
    found = get(work, key)
    if found.state is not State.REQUESTED:
        raise AlreadyDecided
    return found


def _decide(work: Work, key: int, state: State, remark: str) -> None:
    decided = {"decided_by": work.actor.id, "decided_at": work.now, "remark": remark.strip()}
    if not store.decide(work.connection, key, state=state, **decided):
        raise AlreadyDecided


def _settle_draft(work: Work, draft_key: int, frozen: list[PublishedFile]) -> None:
    """What was published leaves the draft; what was changed since stays, on top of it; an empty draft goes."""
    published = {file.name: file.content for file in frozen}
    own = store.files(work.connection, draft_key)
    for name, row in own.items():
        if row["content"] == published.get(name):
            store.drop_file(work.connection, draft_key, name)
        elif name in published:
            store.rebase(work.connection, draft_key, name, Resource(name, published[name]).digest)
    if not store.files(work.connection, draft_key):
        store.erase_drafts(work.connection, [draft_key])


def _current(work: Work, file: Resource) -> Resource | None:
    """What is published of what a file defines."""
    for identity in documents.identities(file.name, file.content):
        if (found := deployments.file_of(work, identity.kind, identity.id)) is not None:
            return found
    return None


def _require_words(reason: str, basis: str) -> None:
    for text, what in ((reason, "修改的理由"), (basis, "依据")):
        if wrong := rules.wanting(text, what, rules.REASON_LENGTH):
            raise Missing(wrong)
