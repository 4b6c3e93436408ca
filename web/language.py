"""The one language of the pages."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Flask
from flask_babel import Babel, Domain

LOCALE = "zh_Hans_CN"
ZONE = "Asia/Shanghai"


class OneLanguage(Babel):
    """Flask-Babel for pages in one language: its catalogue is looked for once, not once for each request."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, default_locale=LOCALE, default_timezone=ZONE)  # type: ignore[no-untyped-call]

    @cached_property
    def domain_instance(self) -> Domain:
        """What sentences are looked up in."""
        return _Kept(domain=self.domain)  # type: ignore[no-untyped-call]


class _Kept(Domain):
    def get_translations(self) -> Any:
        """The catalogue; asked for with every sentence."""
        return self._catalogue

    @cached_property
    def _catalogue(self) -> Any:
        return super().get_translations()  # type: ignore[no-untyped-call]
