"""A form-js schema (schemaVersion 19) compiled to fields; what we would not honour is a problem, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from web.forms.components import COMPONENTS, IGNORED, REFUSED
from web.forms.fields import Field, Problem, everything
from web.forms.language import _
from web.forms.settings import settings
from web.forms.source import Source

SCHEMA_VERSION = 19
_KEY = re.compile(r"[^\W\d_]\w*")
_BY_PATH = frozenset({"group", "dynamiclist"})
_KEYLESS = frozenset({"text", "separator", "spacer", "table"})
_OWN_NAMES = frozenset({"this", "parent", "csrf_token"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a schema gave: the fields are to be used only when there are no problems.

    ``reads`` are the names its expressions look at that are none of its own.
    """

    fields: tuple[Field, ...]
    problems: list[Problem]
    reads: frozenset[str]


def compile_schema(schema: Mapping[str, Any], functions: feel.FunctionRegistry | None = None) -> Compiled:
    """Compile everything in a schema, collecting all its problems on the way."""
    source = Source(schema, str(schema.get("id") or ""), [], [], functions)
    version = schema.get("schemaVersion", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        source.refuse(_("表单版本太新，请用 schemaVersion %(version)d 保存。", version=SCHEMA_VERSION))
    fields = _level(source, set())
    own = {one.key for one in everything(fields)} | _OWN_NAMES
    read = {name for expression in source.expressions for name in expression.names}
    return Compiled(fields, source.problems, frozenset(read - own))


def _level(source: Source, taken: set[str]) -> tuple[Field, ...]:
    """The components of a form, group or row; ``taken`` holds the keys of the object they share."""
    found = source.json.get("components")
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        source.refuse(_("缺少组件列表（components）。"))
        return ()
    compiled = (_field(source.at(one, _where(one)), taken) for one in found)
    return tuple(one for one in compiled if one is not None)


def _where(one: Mapping[str, Any]) -> str:
    return next((str(one[name]) for name in ("key", "path", "id", "label", "type") if one.get(name)), "")


def _field(source: Source, taken: set[str]) -> Field | None:
    kind = str(source.json.get("type", ""))
    if kind in IGNORED:
        return None
    if kind not in COMPONENTS:
        source.refuse(str(REFUSED.get(kind) or _("不支持“%(kind)s”组件，请换一个。", kind=kind)))
        return None
    key = "" if kind in _KEYLESS else _key(source, kind, taken)
    inner = _level(source, set() if key else taken) if kind in _BY_PATH else ()
    own = settings(source, kind)
    name = str(source.json.get("id") or key)
    return Field(id=name, type=kind, component=COMPONENTS[kind], key=key, children=inner, **own)


def _key(source: Source, kind: str, taken: set[str]) -> str:
    name = "path" if kind in _BY_PATH else "key"
    key = source.string(name)
    if not key:
        if kind != "group":
            source.refuse(_("缺少字段名（%(name)s）。", name=name))
        return ""
    if not _KEY.fullmatch(key):
        source.refuse(_("字段名“%(key)s”只能用字母、汉字、数字和下划线，并以字母或汉字开头。", key=key))
    elif key in _OWN_NAMES or not _is_free(key):
        source.refuse(_("“%(key)s”是表达式语言自己的名字，请换一个字段名。", key=key))
    elif key in taken:
        source.refuse(_("字段名“%(key)s”重复，请改为各不相同。", key=key))
    taken.add(key)
    return key


def _is_free(key: str) -> bool:
    """Whether an expression that consists of the key reads the field: no keyword, no function of FEEL."""
    try:
        return key in feel.compile(key).names
    except feel.FeelSyntaxError:
        return False
