"""The properties of components, one reader for each kind: from the schema's JSON to settings of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from web.forms.attachments import MAX_BYTES, Accept
from web.forms.conversion import key_of
from web.forms.expressions import Setting
from web.forms.fields import Check, Choices, Column, Option, Rules
from web.forms.language import _
from web.forms.rules import MAX_ROWS, matches
from web.forms.source import Source

Settings = dict[str, Any]

PROPERTIES = frozenset(
    {"minItems", "maxItems", "maxFiles", "maxBytes", "requiredWhen", "mustBeTrue", "defaultExpression"}
    | {"kind", "autocomplete", "label", "note"}
)
"""Names under ``properties`` that mean something, besides ``check1``, ``checkMessage1`` and so on."""

VALIDATIONS = frozenset(
    {"required", "minLength", "maxLength", "pattern", "patternErrorMessage", "min", "max", "validationType"}
)
_VALIDATION_TYPES = frozenset({"", "custom", "email", "phone"})
_SUBTYPES = frozenset({"date", "time", "datetime"})
_CHECK = re.compile(r"check(?P<number>\d*)|checkMessage\d*|check\d+Message")


def settings(source: Source, kind: str) -> Settings:
    """Everything about a component but its key and its children."""
    properties = source.part("properties")
    _refuse_unknown(properties, PROPERTIES, _("属性"), _CHECK)
    locked = source.condition("readonly")
    common: Settings = {
        "label": source.text("label", "dateLabel", "timeLabel") if kind != "text" else source.text("label"),
        "hint": source.text("description"),
        "hide": source.part("conditional").condition("hide"),
        "readonly": locked if locked.constant is True or locked.expression else source.condition("disabled"),
        "rules": _rules(source, properties, kind),
        "default": source.get("defaultValue"),
        "default_expression": properties.expression("defaultExpression"),
        "kind": properties.string("kind"),
        "autocomplete": properties.string("autocomplete"),
    }
    return common | (_OWN[kind](source) if kind in _OWN else {})


def _rules(source: Source, properties: Source, kind: str) -> Rules:
    validations = source.part("validate")
    _refuse_unknown(validations, VALIDATIONS, _("校验"))
    pattern = validations.string("pattern")
    if matches("", pattern) is None:
        source.refuse(_("“pattern”不是正确的正则表达式。"))
    if validations.string("validationType") not in _VALIDATION_TYPES:
        source.refuse(_("“validationType”只能是 email 或 phone。"))
    return Rules(
        required=validations.condition("required"),
        required_when=Setting(None, properties.expression("requiredWhen")),
        must_be_true=properties.string("mustBeTrue").lower() == "true",
        min_length=validations.limit("minLength"),
        max_length=validations.limit("maxLength"),
        min=validations.limit("min"),
        max=validations.limit("max"),
        min_items=properties.whole("minItems"),
        max_items=_most(source, properties, kind),
        max_bytes=properties.whole("maxBytes") or MAX_BYTES,
        accept=_accept(source),
        pattern=pattern,
        pattern_message=validations.string("patternErrorMessage"),
        validation_type=validations.string("validationType"),
        not_past=source.get("disallowPassedDates") is True,
        checks=tuple(_checks(properties)),
    )


def _refuse_unknown(
    source: Source, known: frozenset[str], noun: str, also: re.Pattern[str] | None = None
) -> None:
    for name in source.json:
        if name not in known and not (also and also.fullmatch(name)):
            source.refuse(_("不认识%(noun)s“%(name)s”，请改正或去掉。", noun=noun, name=name))


def _most(source: Source, properties: Source, kind: str) -> int | None:
    """How many items at most; a file field that is not ``multiple`` takes one, a growing list has an end."""
    if kind == "filepicker" and source.get("multiple") is not True:
        return 1
    files = properties.whole("maxFiles") if kind == "filepicker" else None
    most = properties.whole("maxItems") if files is None else files
    if kind == "dynamiclist" and source.get("allowAddRemove") is not False:
        return min(MAX_ROWS, most or MAX_ROWS)
    return most


def _accept(source: Source) -> Accept:
    accept = Accept.parse(source.string("accept"))
    for token in accept.unknown():
        source.refuse(_("附件不能是“%(token)s”格式，请从“accept”中去掉。", token=token))
    return accept


def _checks(properties: Source) -> Iterator[Check]:
    """``check``, ``check1`` … each with its ``checkMessage1``, else the common ``checkMessage``."""
    for name in properties.json:
        found = _CHECK.fullmatch(name)
        number = found["number"] if found else None
        if number is None:
            continue
        expression = properties.expression(name)
        message = properties.text(f"checkMessage{number}", f"check{number}Message", "checkMessage")
        if not message.source:
            properties.refuse(
                _("“%(name)s”没有提示语，请填写 checkMessage%(number)s。", name=name, number=number)
            )
        if expression is not None:
            yield Check(expression, message)


def _choices(source: Source) -> Settings:
    """Options written in the schema, or a FEEL list from the process's variables."""
    written = source.get("values")
    expression = source.expression("valuesExpression") or source.expression("valuesKey")
    options = tuple(_options(source, written if isinstance(written, list) else []))
    if not options and expression is None:
        source.refuse(_("没有选项，请填写 values 或 valuesExpression。"))
    if len({one.key for one in options}) < len(options):
        source.refuse(_("选项的值有重复，请改为各不相同。"))
    return {"choices": Choices(options, expression)}


def _options(source: Source, written: list[Any]) -> Iterator[Option]:
    for one in written:
        value = one.get("value") if isinstance(one, Mapping) else one
        label = one.get("label", value) if isinstance(one, Mapping) else one
        if not isinstance(value, (str, int, bool)) or value == "":
            source.refuse(_("选项“%(label)s”缺少值。", label=label))
        yield Option(value, key_of(value), str(label))


def _number(source: Source) -> Settings:
    if source.get("serializeToString") is True:
        source.refuse(_("不支持“serializeToString”，数字总是按数字保存。"))
    return {"digits": source.whole("decimalDigits"), **_adorners(source)}


def _adorners(source: Source) -> Settings:
    look = source.part("appearance")
    return {"prefix": look.text("prefixAdorner"), "suffix": look.text("suffixAdorner")}


def _datetime(source: Source) -> Settings:
    subtype = source.string("subtype") or "date"
    if subtype not in _SUBTYPES:
        source.refuse(_("“subtype”只能是 date、time 或 datetime。"))
    if source.get("timeSerializingFormat") not in (None, "utc_offset"):
        source.refuse(_("“timeSerializingFormat”只能是 utc_offset：时间总是带时区保存。"))
    return {"subtype": subtype}


def _rows(source: Source) -> Settings:
    needed = source.part("validate").get("required") is True
    repetitions = source.whole("defaultRepetitions")
    least = source.part("properties").whole("minItems") or int(needed)
    return {
        "addable": source.get("allowAddRemove") is not False,
        "repetitions": least if repetitions is None else repetitions,
    }


def _text(source: Source) -> Settings:
    return {"text": source.text("text")}


def _computed(source: Source) -> Settings:
    if not source.string("expression"):
        source.refuse(_("缺少表达式（expression）。"))
    shown = source.text("label").source or source.part("properties").string("label")
    return {
        "source": source.expression("expression"),
        "label": source.at({"label": shown}, source.where).text("label"),
    }


def _table(source: Source) -> Settings:
    columns = source.get("columns")
    if not source.string("dataSource"):
        source.refuse(_("表格缺少数据来源（dataSource）。"))
    if not isinstance(columns, list) or not columns:
        source.refuse(_("表格的列须在“columns”中写明。"))
    found = [one for one in columns if isinstance(one, Mapping)] if isinstance(columns, list) else []
    return {
        "source": source.expression("dataSource"),
        "columns": tuple(Column(str(one.get("key", "")), str(one.get("label", ""))) for one in found),
    }


_OWN: Mapping[str, Callable[[Source], Settings]] = {
    "textfield": _adorners,
    "number": _number,
    "datetime": _datetime,
    "radio": _choices,
    "select": _choices,
    "checklist": _choices,
    "taglist": _choices,
    "dynamiclist": _rows,
    "text": _text,
    "expression": _computed,
    "table": _table,
}
