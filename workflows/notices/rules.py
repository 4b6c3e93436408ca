"""What must not stand in a public text. Pure.

Personal Information Protection Law, articles 25 and 29: what identifies a person is made public only with
their separate consent; notices carry none of it.
"""

from __future__ import annotations

import re
import unicodedata

REDACTED = "（已隐去）"

_IDENTITY_NUMBER = r"\d{17}[\dXx]|\d{15}"
_MOBILE = r"(?:\+?86)?1[3-9]\d{9}"
_LANDLINE = r"0\d{2,3}\d{7,8}"
_PRIVATE = re.compile(rf"(?:{_IDENTITY_NUMBER}|{_MOBILE}|{_LANDLINE})")
_RUN = re.compile(r"\+?\d(?:[ \-—－]?[\dXx])*")
"""Digits as people write them, with single spaces or hyphens inside; neighbours may run together."""


def private_pieces(text: str) -> list[str]:
    """Identity card and telephone numbers in the text, as they are written there."""
    return [found.group() for found in _RUN.finditer(text) if _is_private(found.group())]


def redacted(text: str) -> str:
    """The text without identity card and telephone numbers."""
    return _RUN.sub(lambda found: REDACTED if _is_private(found.group()) else found.group(), text)


def _is_private(run: str) -> bool:
    digits = re.sub(r"[ \-—－]", "", unicodedata.normalize("NFKC", run))
    return _PRIVATE.search(digits) is not None
