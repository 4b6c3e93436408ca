"""From what was typed to a value, and from a value to what stands in an input.

A converter gets the raw answer (text of a POST, or JSON from the API) and gives the value, or raises
:class:`Unreadable` with the sentence that tells the person what to write. It judges no rule: those are
marshmallow's (:mod:`web.forms.validation`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from web.forms.attachments import is_attachment
from web.forms.expressions import ZONE
from web.forms.sentences import say

if TYPE_CHECKING:
    from web.forms.nodes import Node

Converter = Callable[["Node", Any], Any]

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_MAX_DIGITS = 15
"""What JSON carries unharmed (see engine.feel.border)."""
_YEARS = range(1900, 2200)


class Unreadable(ValueError):
    """The answer cannot be read; the text is the sentence for the person."""


def clean(value: str) -> str:
    """Text without what no person types and no database keeps: control characters and broken surrogates.

    Line ends become ``\\n``; white space around the text, the full-width one too, goes.
    """
    if value.isprintable():  # what most people type, and quickly told
        return value.strip()
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def is_empty(raw: Any) -> bool:
    """Whether nothing was answered."""
    return raw is None or raw == [] or (isinstance(raw, str) and not clean(raw))


def text(node: Node, raw: Any) -> str:
    if not isinstance(raw, str):
        raise Unreadable(say("not_text", label=node.label))
    return clean(raw)


def number(_node: Node, raw: Any) -> int | Decimal:
    """Digits, full-width ones and thousands commas too; a whole number is an ``int``."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise Unreadable(say("not_number"))
    typed = raw if isinstance(raw, str) else _plain(raw)
    typed = unicodedata.normalize("NFKC", typed).strip()
    if not _NUMBER.fullmatch(typed):
        raise Unreadable(say("not_number"))
    if sum(c.isdigit() for c in typed) > _MAX_DIGITS:
        raise Unreadable(say("number_long", digits=_MAX_DIGITS))
    value = Decimal(typed.replace(",", ""))
    return int(value) if value == value.to_integral_value() else value


def _plain(raw: float | Decimal) -> str:
    """JSON's number as digits: ``1e400`` has none worth reading, and ``1E+5`` is 100000."""
    value = Decimal(repr(raw) if isinstance(raw, float) else raw)
    return f"{value:f}" if value.is_finite() and abs(value.adjusted()) <= _MAX_DIGITS else "?"


def tick(node: Node, raw: Any) -> bool:
    if raw is None:
        return False
    if not isinstance(raw, bool):
        raise Unreadable(say("not_tick", label=node.label))
    return raw


def key_of(value: Any) -> str:
    """An option's value as the text that stands in HTML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def choice(node: Node, raw: Any) -> Any:
    """The value of the option meant, of the type the option has."""
    if isinstance(raw, (str, int, bool, Decimal)):
        key = key_of(raw)
        for option in node.options:
            if option.key == key:
                return option.value
    raise Unreadable(say("not_option"))


def choices(node: Node, raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise Unreadable(say("not_option"))
    picked = {key_of(choice(node, one)) for one in raw}
    return [option.value for option in node.options if option.key in picked]


def files(_node: Node, raw: Any) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or not all(is_attachment(one) for one in raw):
        raise Unreadable(say("not_files"))
    return [{key: one[key] for key in ("id", "name", "size", "type")} for one in raw]


def moment(node: Node, raw: Any) -> date | time | datetime:
    """A date, a time of day or an instant; an instant without a zone is Shanghai's wall clock."""
    kind = node.field.subtype
    try:
        value = _MOMENTS[kind](clean(raw))
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):  # KeyError: no such zone
        raise Unreadable(say(f"not_{kind}")) from None
    if isinstance(value, date) and value.year not in _YEARS:
        raise Unreadable(say(f"not_{kind}"))
    return value


def _instant(typed: str) -> datetime:
    wall, _, zone = typed.partition("@")  # FEEL writes 2026-11-22T19:00:00@Asia/Shanghai
    value = datetime.fromisoformat(wall)
    place = ZoneInfo(zone) if zone else ZONE
    local = (value if value.tzinfo else value.replace(tzinfo=place)).astimezone(ZONE)
    offset = local.utcoffset()
    return local.replace(tzinfo=timezone(offset)) if offset is not None else local


def _time_of_day(typed: str) -> time:
    return time.fromisoformat(typed.partition("@")[0]).replace(tzinfo=None)


_MOMENTS: Mapping[str, Callable[[str], date | time | datetime]] = {
    "date": date.fromisoformat,
    "time": _time_of_day,
    "datetime": _instant,
}


def typed(kind: str, value: Any) -> Any:
    """A JSON value as a person could have typed it; ``kind`` is the subtype of a datetime, else empty."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return _plain(value)
    if not isinstance(value, str) or not kind:
        return value
    try:
        return _INPUTS[kind](_MOMENTS[kind](value))
    except (ValueError, KeyError, OverflowError):
        return value


_INPUTS: Mapping[str, Callable[[Any], str]] = {
    "date": date.isoformat,
    "time": lambda value: value.strftime("%H:%M"),
    "datetime": lambda value: value.strftime("%Y-%m-%dT%H:%M"),
}
