"""How a one-line input presents itself: HTML type, the keyboard of a phone, what the browser may fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.forms.fields import Field


@dataclass(frozen=True, slots=True)
class Input:
    """Attributes of ``<input>``; ``mode`` is empty where the type says enough."""

    type: str = "text"
    mode: str = ""
    autocomplete: str = "off"


_BY_VALIDATION: Mapping[str, Input] = {
    "email": Input("email", "email", "email"),
    "phone": Input("tel", "tel", "tel"),
}
_BY_SUBTYPE: Mapping[str, Input] = {
    "date": Input("date"),
    "time": Input("time"),
    "datetime": Input("datetime-local"),
}
_WHOLE, _DECIMAL = Input(mode="numeric"), Input(mode="decimal")
"""Numbers are text to HTML: ``type=number`` drops what it cannot read before we could tell."""


def look(field: Field) -> Input:
    """The input of a one-line field; ``properties.autocomplete`` of the form has the last word."""
    if field.type == "number":
        plain = _WHOLE if field.digits == 0 else _DECIMAL
    else:
        plain = _BY_SUBTYPE.get(field.subtype) or _BY_VALIDATION.get(field.rules.validation_type, Input())
    return Input(plain.type, plain.mode, field.autocomplete or plain.autocomplete)
