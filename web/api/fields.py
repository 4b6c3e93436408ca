"""The vocabulary of every body and answer: how keys, instants and variables are written in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from engine import values

MAX_KEY = 2**63 - 1
TENANT = "<default>"
"""One installation serves one community; clients that ask for a tenant are told this name."""

_DIGITS = re.compile(r"[0-9]{1,19}")
_NUL = "\x00"


class Key(fields.Field[int]):
    """A 63-bit number, written as a string because JavaScript cannot hold it."""

    WRONG = "应为数字组成的编号。"

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not _DIGITS.fullmatch(value) or int(value) > MAX_KEY:
            raise ValidationError(self.WRONG)
        return int(value)


class Text(fields.String):
    """Text of bounded length; the NUL character, which no database keeps, is refused."""

    def __init__(self, *, longest: int = 2000, shortest: int = 0, **kwargs: Any) -> None:
        given = kwargs.pop("validate", None)
        super().__init__(validate=[Length(shortest, longest), *([given] if given else [])], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _NUL in (text or ""):
            raise self.make_error("invalid")
        return text


class Whole(fields.Integer):
    """A whole number; text and fractions are refused."""

    def __init__(self, *, least: int = -(2**31), most: int = 2**31 - 1, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, (str, bool)):
            raise self.make_error("invalid")
        if isinstance(value, float) and value.is_integer():  # in JSON 5.0 is the number 5
            value = int(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Instant(fields.Field[datetime]):
    """An instant as ISO 8601 in UTC with milliseconds; read with any offset, never without one."""

    WRONG = "应为带时区的时间，例如 2026-11-23T09:00:00+08:00。"

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return str(value.astimezone(UTC).isoformat(timespec="milliseconds")).replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            found = datetime.fromisoformat(value)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            pass
        raise ValidationError(self.WRONG)


class Flag(fields.Boolean):
    """``true`` or ``false``, nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class JsonText(fields.Field[Any]):
    """A value shown as its JSON text, the way variables are shown in lists."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return orjson.dumps(value).decode()


class Stored(fields.Field[Any]):
    """JSON kept as text in the database, shown as what it stands for."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return values.load(value) if isinstance(value, str) else value


class Variables(fields.Field[dict[str, Any]]):
    """Variables by name."""

    WRONG = "应为以变量名为键的 JSON 对象。"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or any(not name or len(name) > 255 for name in value):
            raise ValidationError(self.WRONG)
        if b"\\u0000" in orjson.dumps(value):
            raise ValidationError(self.WRONG)
        return dict(value)


class Always(fields.Constant[Any]):
    """A field whose value never changes in this profile."""

    def __init__(self, constant: Any = None) -> None:
        super().__init__(constant, dump_only=True)


def tenant() -> fields.Field[Any]:
    """The tenant, in answers."""
    return Always(TENANT)


class Answer(Schema):
    """What is answered: every field is there, ``null`` where there is nothing to tell."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A field the handler forgot is our mistake, never silently left out."""
        return obj[attr]


class Body(Schema):
    """What is asked. A field the profile does not know is refused rather than ignored."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "不认识这个字段。", "type": "应为 JSON 对象。"}  # noqa: RUF012 - read from the class


class Tenanted(Body):
    """A body that may name the tenant and a reference for the caller's own logs."""

    tenantId = Text(validate=OneOf([TENANT], error=f"这里只有租户“{TENANT}”。"))
    operationReference = Whole(least=1, most=MAX_KEY)
