"""What is decided about entries of the ledger. Pure: everything comes in as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from workflows.issues.rules import alike
from workflows.ledger.model import Entry, Level, Scope, State
from workflows.organisation.rules import read_group

HAZARD = "安全隐患"
KINDS = (HAZARD, "决议落实", "评议整改", "督查整改", "民生问题")
PLACE_TYPES: Mapping[str, str] = {
    "school": "中小幼学",
    "elderly_home": "养老机构",
    "small_park": "小微园区",
    "multi_in_one": "“多合一”场所",
    "residence": "住宅小区",
    "public_place": "公共场所",
    "other": "其他",
}
LEVELS: Mapping[Level, str] = {Level.GENERAL: "一般", Level.LARGER: "较大", Level.MAJOR: "重大"}
STATES: Mapping[State, str] = {
    State.REGISTERED: "待交办",
    State.RECTIFYING: "整改中",
    State.CHECKING: "待验收",
    State.WAITING: "等候答复",
    State.CLOSED: "已销号",
    State.DISMISSED: "已撤账",
    State.TRANSFERRED: "已移交",
    State.MERGED: "已并入",
}
OPEN = frozenset({State.REGISTERED, State.RECTIFYING, State.CHECKING, State.WAITING})
OUTCOMES: Mapping[State, str] = {
    State.CLOSED: "已销号",
    State.DISMISSED: "不属隐患，已撤账",
    State.TRANSFERRED: "已移交监管部门执法",
}
"""What the source of an entry is told, in the words of the end events."""

RECURS_WITHIN = timedelta(days=90)
"""Design value: the same trouble at the same spot so soon after it was struck off is a recurrence."""

OVERSEERS = frozenset(
    {
        "approver",
        "community",
        "discipline",
        "inspector",
        "lead",
        "leader",
        "ledger_clerk",
        "secretariat",
        "subdistrict",
        "supervisor",
        "two_committees",
        "verifier",
    }
)
"""Posts of the community and the places around it that watch over its whole ledger."""

CONFIDENTIAL = frozenset({"ledger_clerk", "subdistrict"})
IN_A_GRID = frozenset({"grid_worker", "grid_secretary"})

_TITLE = 40


def scope(person: str, principals: Collection[str], around: Collection[str], chair: str | None) -> Scope:
    """Whose entries a person may see, by what they act as.

    ``around`` is the community and what lies around it; ``chair`` the group of its convener's seat, who signs
    the reassignments and so watches over the ledger as well.
    """
    held = [read_group(one) for one in principals]
    posts = {word for kind, word, where in held if kind == "post" and where in around}
    return Scope(
        person=person,
        everything=bool(posts & OVERSEERS) or chair in principals,
        confidential=bool(posts & CONFIDENTIAL),
        grids=frozenset(where for kind, word, where in held if kind == "post" and word in IN_A_GRID),
        organisations=frozenset(where for kind, _, where in held if kind == "org"),
    )


def title(place: str, content: str) -> str:
    """The title of an entry nobody gave one: where, and how its description begins."""
    said = content.split("。", maxsplit=1)[0].split("\n", maxsplit=1)[0]
    return f"{place}：{said}"[:_TITLE]


def may_be_same(new: Entry, known: Entry) -> bool:
    """Whether an open entry may be about the same thing; suspicion only, a person decides."""
    hidden = new.sensitive or known.sensitive
    return not hidden and (new.kind, new.grid) == (known.kind, known.grid) and alike(new.text, known.text)


def recurs(new: Entry, known: Entry) -> bool:
    """Whether the new entry is one that was struck off, come up again: same kind and sort of place, same spot."""
    if known.state is not State.CLOSED or known.ended_at is None:
        return False
    same_sort = (new.kind, new.place_type, new.grid) == (known.kind, known.place_type, known.grid)
    soon = new.registered_at - known.ended_at <= RECURS_WITHIN
    return same_sort and soon and _spot(new.place) == _spot(known.place)


def last_recurring(new: Entry, known: Iterable[Entry]) -> Entry | None:
    """The one struck off last of those the new entry is a recurrence of."""
    found = [one for one in known if recurs(new, one)]
    return max(found, key=lambda one: (one.ended_at, one.matter_no), default=None)


def _spot(place: str) -> str:
    """A place as people mean it: without spaces and punctuation."""
    return "".join(sign for sign in place.casefold() if sign.isalnum())
