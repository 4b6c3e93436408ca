"""What may stand in a path where a key is expected; anything else is an address that does not exist."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, ValidationError

from web.api.fields import MAX_KEY


class KeyConverter(BaseConverter):
    """A 63-bit key."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        key = int(value)
        if key > MAX_KEY:
            raise ValidationError
        return key


class AnythingConverter(BaseConverter):
    """Whatever else an address may hold, line breaks and slashes included."""

    part_isolating = False
    regex = r"[\s\S]*?"


class DigitsConverter(BaseConverter):
    """A longer number, kept as text."""

    regex = "[0-9]{1,25}"
