"""The only errors that leave the language.

Everything else that can go wrong while an expression runs is a value: ``null`` and a
:class:`~engine.feel.runtime.FeelWarning` (DMN 1.5, section 10.3.2).
"""

from __future__ import annotations


class FeelError(Exception):
    """Base of all errors of the language."""


class FeelSyntaxError(FeelError):
    """The text is not FEEL.

    ``position`` counts characters from 0; ``message`` and ``message_en`` name the wrong piece, ``hint``
    (may be empty) says in Chinese what to type instead.
    """

    def __init__(self, position: int, message: str, message_en: str, hint: str = "", text: str = "") -> None:
        sentence = f"第 {position + 1} 个字符：{message}"
        super().__init__(f"{sentence}。{hint}" if hint else sentence)
        self.position = position
        self.message = message
        self.message_en = message_en
        self.hint = hint
        self.text = text


class FeelBudgetExceeded(FeelError):
    """The expression would take too many steps, too much depth or too much memory."""

    def __init__(self, message: str, message_en: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_en = message_en


class FeelValueError(FeelError, ValueError):
    """A value of Python that FEEL does not know was handed in, such as a float."""
