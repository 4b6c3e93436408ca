"""What a meeting refuses. Inside a service task these become incidents that say what to put right."""

from __future__ import annotations

from collections.abc import Sequence


class UnbalancedSheets(ValueError):
    """The tellers' sheets cannot be counted; the message is the Chinese sentences, one a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
