"""A POST as raw answers. Nothing is judged here; names the form does not know are not looked at.

Every input of the page posts its name even when it is empty (see ``forms/fields.html``). So a name that is
missing was not on the page, because a condition hid it or a row is new, and its default stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal, Protocol

from web.forms.attachments import Attachment, Upload, Uploads, examine, is_attachment, refusal
from web.forms.conversion import clean
from web.forms.defaults import ROW, new_row
from web.forms.fields import Field, level
from web.forms.level import Level
from web.forms.rules import file_sentence
from web.forms.sentences import say

Intent = Literal["submit", "save", "refresh"]
"""What the pressed button asks for; buttons that change rows or files ask for a refresh."""

DO, TRIED = "_do", "_tried"
_TOKEN = re.compile(r"\d{1,6}", re.ASCII)
_MAX_VALUES = 1000
"""Values of one name that are looked at: more than any list of ours has."""


class MultiDict(Protocol):
    """The part of werkzeug's MultiDict that is used."""

    def __contains__(self, key: object, /) -> bool: ...
    def getlist(self, key: str) -> list[Any]: ...


class PostedFile(Protocol):
    """The part of werkzeug's FileStorage that is used."""

    @property
    def filename(self) -> str | None: ...
    @property
    def stream(self) -> IO[bytes]: ...


@dataclass(slots=True)
class Posted:
    """One POST: its texts, its files, the button, and what was refused on the way (by input name)."""

    texts: MultiDict
    files: MultiDict
    known: Mapping[str, Attachment]
    uploads: Uploads | None
    verb: str = "refresh"
    target: str = ""
    refused: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        button = str(self.texts.getlist(DO)[-1]) if DO in self.texts else "refresh"
        self.verb, _, self.target = button.partition(":")

    @property
    def intent(self) -> Intent:
        return self.verb if self.verb in ("submit", "save") else "refresh"  # type: ignore[return-value]

    def asks(self, verb: str, target: str) -> bool:
        return (self.verb, self.target) == (verb, target)

    def has(self, name: str) -> bool:
        return name in self.texts or name in self.files

    def values(self, name: str) -> list[str]:
        """The posted texts of that name, cleaned, without the empty one every input posts."""
        return [kept for one in self.texts.getlist(name)[:_MAX_VALUES] if (kept := clean(str(one)))]


def read_level(
    fields: tuple[Field, ...], posted: Posted, place: Level, untouched: Mapping[str, Any], prefix: str = ""
) -> dict[str, Any]:
    """Raw answers of the fields that share one object, their names starting with ``prefix``.

    What the POST does not speak of stays ``untouched``.
    """
    raw: dict[str, Any] = {}
    for one in level(fields):
        name = prefix + one.key
        if one.nests:
            inner = place.inner(place.trusted.get(one.key)).unanswered()
            raw[one.key] = read_level(one.children, posted, inner, untouched[one.key], name + ".")
        elif one.type == "dynamiclist":
            raw[one.key] = _read_rows(one, posted, place, name, untouched[one.key])
        elif one.asks:
            answered = posted.has(name) and one.readonly.constant is not True
            raw[one.key] = _read_input(one, posted, name) if answered else untouched[one.key]
    return raw


def _read_input(one: Field, posted: Posted, name: str) -> Any:
    if one.type == "filepicker":
        return _read_files(one, posted, name)
    values = posted.values(name)
    if one.type == "checkbox":
        return bool(values)
    if one.component.many:
        return values
    return values[0] if values else ""


def _read_rows(
    one: Field, posted: Posted, place: Level, name: str, untouched: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    if not posted.has(name + ROW):
        return untouched
    originals = {row[ROW]: row for row in untouched}
    tokens = [token for token in posted.values(name + ROW) if _TOKEN.fullmatch(token)]
    kept = [token for token in dict.fromkeys(tokens) if not posted.asks("remove", f"{name}:{token}")]
    rows = []
    for token in kept:
        start = originals.get(token) or new_row(one, place, token)
        inner = place.inner(start).unanswered()
        rows.append({ROW: token, **read_level(one.children, posted, inner, start, f"{name}.{token}.")})
    if posted.asks("add", name) and len(rows) < (one.rules.max_items or 0):
        taken = [int(token) for token in (*tokens, *originals)]
        rows.append(new_row(one, place, str(max(taken, default=-1) + 1)))
    return rows


def _read_files(one: Field, posted: Posted, name: str) -> list[Attachment]:
    """References kept from earlier, then the files that come with this POST and are taken."""
    kept = {
        key: posted.known[key]
        for key in posted.values(name)
        if key in posted.known and not posted.asks("detach", f"{name}:{key}")
    }
    arrived = [file for file in posted.files.getlist(name) if file.filename]
    limit = one.rules.max_items
    if limit == 1 and arrived:
        kept = {}
    for file in arrived:
        if limit is not None and len(kept) >= limit:
            posted.refused[name] = [say("max_files", limit=limit)]
            break
        stored = _store(one, posted, name, examine(file.filename, file.stream))
        if stored is not None:
            kept[stored["id"]] = stored
    return list(kept.values())


def _store(one: Field, posted: Posted, name: str, upload: Upload) -> Attachment | None:
    reason = refusal(upload, one.rules.accept, one.rules.max_bytes)
    if reason is not None:
        posted.refused.setdefault(name, []).append(file_sentence(reason, one.rules, upload.name))
        return None
    if posted.uploads is None:
        raise LookupError("a form with attachments is read without an uploads port")
    return posted.uploads(upload)


def known_attachments(*sources: object) -> dict[str, Attachment]:
    """Every attachment found anywhere in drafts or variables, by id: only these may be kept by a POST."""
    found: dict[str, Attachment] = {}
    left = list(sources)
    while left:
        one = left.pop()
        if is_attachment(one):
            found[one["id"]] = Attachment(id=one["id"], name=one["name"], size=one["size"], type=one["type"])  # type: ignore[index]
        elif isinstance(one, Mapping):
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return found
