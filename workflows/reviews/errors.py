"""What a review refuses."""

from __future__ import annotations

from engine.errors import NotAllowed, NotFound


class NotOnPanel(NotAllowed):
    """The person has no mandate in this review."""

    def __init__(self) -> None:
        super().__init__("您不在这次评议的代表名单上，不能评议。名单在公示栏，有疑问请联系居务监督委员会。")


class UnknownReview(NotFound):
    """No such review, or nothing of it has been published."""

    def __init__(self) -> None:
        super().__init__("评议")
