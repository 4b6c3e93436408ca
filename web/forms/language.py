"""flask-babel with types. Every sentence of this package is looked up by its Chinese words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, lazy_gettext

_: Callable[..., str] = gettext
"""The sentence in the reader's language, filled in with keyword arguments."""

_l: Callable[[str], Any] = lazy_gettext
"""A sentence to be looked up when it is turned into text."""
