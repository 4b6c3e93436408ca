"""How a reader likes the pages: two cookies that anybody may set and nobody has to trust."""

from __future__ import annotations

from collections.abc import Mapping

CHOICES: Mapping[str, tuple[str, ...]] = {"size": ("large",), "theme": ("light", "dark")}
"""Cookie and values; no cookie is the standard size, and the colours the device asks for."""


def chosen(cookies: Mapping[str, str]) -> dict[str, str]:
    """The choices in force; whatever else a cookie holds is ignored."""
    return {name: cookies[name] for name, values in CHOICES.items() if cookies.get(name) in values}
