"""A browser without JavaScript: reads the page, fills in its form as it stands, presses a button."""

from __future__ import annotations

import io
import re
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Browser:
    """One person's browser: keeps cookies and the page it is on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.html: Any = None
        self.path = "/"
        self.status = 0

    def get(self, path: str) -> TestResponse:
        return self._arrive(self.client.get(path, follow_redirects=True))

    def post(self, path: str, **fields: Any) -> TestResponse:
        """A POST with the CSRF token of the page before."""
        tokens = self.html.xpath("//input[@name='csrf_token']/@value")
        data = {"csrf_token": tokens[0] if tokens else "", **fields}
        return self._arrive(self.client.post(path, data=data, follow_redirects=True))

    def submit(
        self, fields: dict[str, Any], do: str = "submit", files: dict[str, int] | None = None
    ) -> TestResponse:
        """Fill in the form of the page and press one of its buttons.

        ``rows.*.name`` means that field in every row; ``files`` says how many photos go where.
        """
        form = self.html.get_element_by_id("form")
        data: MultiDict[str, Any] = MultiDict(form.form_values())
        for pattern, value in fields.items():
            for name in _names(form, pattern):
                data.setlist(name, value if isinstance(value, list) else [value])
        for name, number in (files or {}).items():
            data.setlist(name, [(io.BytesIO(PHOTO), f"现场{n}.png") for n in range(number)])
        data["_do"] = do
        return self._arrive(self.client.post(form.get("action"), data=data, follow_redirects=True))

    def has(self, words: str) -> bool:
        """Whether the page itself links something of just this name."""
        return bool(self._links(words))

    def follow(self, words: str) -> TestResponse:
        """Click the first link of this name."""
        links = self._links(words)
        assert links, f"no link “{words}” on {self.path}:\n{self.text}"
        return self.get(links[0].get("href"))

    def _links(self, words: str) -> list[Any]:
        return [a for a in self.html.get_element_by_id("main").iter("a") if words == a.text_content().strip()]

    def press(self, words: str) -> TestResponse:
        """Press the first button with these words, in a form of its own."""
        buttons = [button for button in self.html.iter("button") if words in button.text_content()]
        assert buttons, f"no button “{words}” on {self.path}:\n{self.text}"
        form = next(buttons[0].iterancestors("form"))
        data = dict(form.form_values())
        if buttons[0].get("name"):
            data[buttons[0].get("name")] = buttons[0].get("value")
        return self._arrive(self.client.post(form.get("action"), data=data, follow_redirects=True))

    @property
    def text(self) -> str:
        """What the page says, as one line."""
        main = self.html.get_element_by_id("main", None)
        return re.sub(r"\s+", " ", (self.html if main is None else main).text_content()).strip()

    def _arrive(self, answer: TestResponse) -> TestResponse:
        self.path, self.status = answer.request.full_path, answer.status_code
        if answer.mimetype == "text/html" and answer.text:
            self.html = html.fromstring(answer.text)
        return answer


def _names(form: Any, pattern: str) -> list[str]:
    if "*" not in pattern:
        return [pattern]
    wanted = re.compile(re.escape(pattern).replace(r"\*", r"\d+"))
    return list(dict.fromkeys(name for name in form.xpath(".//@name") if wanted.fullmatch(name)))
