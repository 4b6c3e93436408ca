"""What is wrong with a text, said so that whoever typed it can put it right."""

from __future__ import annotations

from collections.abc import Sequence

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import END, FOREIGN, FULL_WIDTH, KEYWORDS, NUMBER, STRING, WORD, Token

_FOREIGN_HINTS = {
    "&": "“并且”写作 and",
    "|": "“或者”写作 or",
    "!": "“不等于”写作 !=，“取反”写作 not(…)",
    "%": "取余数写作 modulo(a, b)，百分数请写成小数",
    "^": "乘方写作 **",
    "~": "请删去这个符号",
    "$": "请直接写变量名，不加 $",
    "#": '请删去这个符号；日期写作 @"2026-01-01"',
    "\\": "请删去反斜杠",
    ";": "一个表达式只有一个值，请删去分号",
    "¥": "金额只写数字",
    "￥": "金额只写数字",
    "。": "请删去句号",
    "…": "区间写作 [1..5]",
}

_SIGN_HINTS = {
    "=": "判断相等只写一个等号 =，“大于等于”写作 >=，“小于等于”写作 <=",
    ">": "“不等于”写作 !=，“大于等于”写作 >=",
    "'": '文字请用半角双引号，例如 "同意"',
    "*": "乘号只写一个 *，乘方写作 **",
    "+": "请删去多余的加号",
    ".": "小数写作 0.5，取字段写作 对象.字段",
    ":": "上下文要写花括号 {名称: 值}",
    ")": "多了一个右括号，或者前面缺少内容",
    "]": "多了一个右方括号，或者前面缺少内容",
    "}": "多了一个右花括号，或者前面缺少内容",
    ",": "多了一个逗号；数字里不写千分位逗号",
    "->": "函数写作 function(参数) 结果",
}

_CHINESE_WORDS = {
    "并且": "and",
    "且": "and",
    "和": "and",
    "与": "and",
    "或者": "or",
    "或": "or",
    "如果": "if",
    "那么": "then",
    "则": "then",
    "否则": "else",
    "大于": ">",
    "小于": "<",
    "等于": "=",
    "不等于": "!=",
    "大于等于": ">=",
    "小于等于": "<=",
    "不小于": ">=",
    "不大于": "<=",
    "超过": ">",
    "属于": "in",
    "包含": "list contains(列表, 值)",
    "加": "+",
    "减": "-",
    "乘": "*",
    "除以": "/",
    "AND": "and",
    "OR": "or",
    "NOT": "not(…)",
    "IN": "in",
    "is": "=",
    "equals": "=",
    "mod": "modulo(a, b)",
    "elif": "else if",
    "ELSE": "else",
    "THEN": "then",
}

_MISSING = {
    "then": "if 的条件后面要写 then",
    "else": "if 必须有 else，例如 if 条件 then 甲 else 乙",
    "return": "for 的后面要写 return，例如 for x in 列表 return x",
    "satisfies": "some 和 every 的后面要写 satisfies 和条件",
    "in": "请写成“名称 in 列表”",
    "and": "between 要写成 between 甲 and 乙",
    ")": "请补上右括号",
    "]": "请补上右方括号",
    "}": "请补上右花括号",
    ":": "名称后面要写冒号和值",
    "(": "请补上左括号",
    "of": "类型判断写作 instance of",
}


def unexpected(text: str, tokens: Sequence[Token], index: int, wanted: str) -> FeelSyntaxError:
    """The error for a token that cannot stand here; ``wanted`` is a sign or word, or a Chinese noun."""
    token = tokens[index]
    if token.kind == FOREIGN:
        return _foreign(text, token)
    if token.kind == END:
        message = f"表达式不完整，这里应为{_name(wanted)}" if token.at else "表达式是空的"
        return FeelSyntaxError(
            token.at, message, f"unexpected end, expected {wanted}", _missing_hint(wanted), text
        )
    hint = _hint(tokens, index, wanted)
    return FeelSyntaxError(
        token.at,
        f"“{token.text[:20]}”不能写在这里，这里应为{_name(wanted)}",
        f"unexpected {token.text[:20]!r}, expected {wanted}",
        hint,
        text,
    )


def _foreign(text: str, token: Token) -> FeelSyntaxError:
    plain = FULL_WIDTH.get(token.text)
    if plain is not None:
        return FeelSyntaxError(
            token.at,
            f"“{token.text}”是全角符号",
            f"full-width {token.text!r}, write {plain!r}",
            f"请把全角符号“{token.text}”改成半角“{plain}”",
            text,
        )
    hint = _FOREIGN_HINTS.get(token.text, "请删去这个符号")
    return FeelSyntaxError(
        token.at, f"表达式里不能用“{token.text}”", f"{token.text!r} is not part of FEEL", hint, text
    )


def _name(wanted: str) -> str:
    return f"“{wanted}”" if wanted.isascii() else wanted


def _missing_hint(wanted: str) -> str:
    return _MISSING.get(wanted, "请把表达式写完整")


def _hint(tokens: Sequence[Token], index: int, wanted: str) -> str:
    token = tokens[index]
    before = tokens[index - 1] if index else None
    if token.text in _CHINESE_WORDS:
        return f"“{token.text}”请写作 {_CHINESE_WORDS[token.text]}"
    if token.text == "=" and before is not None and before.text in (">", "<", "="):
        return _SIGN_HINTS["="]
    if token.text == "=" and before is not None and before.text == ":":
        return "这里不能赋值，判断相等只写一个等号 ="
    if before is not None and before.kind == token.kind == WORD and before.text not in KEYWORDS:
        if before.text in _CHINESE_WORDS:
            return f"“{before.text}”请写作 {_CHINESE_WORDS[before.text]}"
        return f"名称中间不能有空格，请写成“{before.text}{token.text}”，或在两者之间补上运算符"
    if token.kind == STRING and before is not None and before.kind in (WORD, STRING, NUMBER):
        return "文字前面缺少运算符，例如 = 或 +"
    if token.kind == NUMBER and before is not None and before.kind in (WORD, STRING, NUMBER):
        return "数字前面缺少运算符"
    if token.kind == WORD and before is not None and before.kind == NUMBER:
        return "数字后面缺少运算符；单位不写在数字后面"
    if wanted in _MISSING:
        return _MISSING[wanted]
    return _SIGN_HINTS.get(token.text, "请检查前后是否少写了内容")


def too_deep(text: str, at: int) -> FeelSyntaxError:
    """The error for a text that is nested too deeply."""
    return FeelSyntaxError(at, "表达式嵌套太深", "nested too deeply", "请拆成几个较短的表达式", text)


def wrong_temporal(text: str, at: int, value: str) -> FeelSyntaxError:
    """The error for an ``@"…"`` that is neither date, time nor duration."""
    return FeelSyntaxError(
        at,
        f"“{value[:40]}”不是日期、时间或时长",
        f"{value[:40]!r} is not a date, time or duration",
        '写作 @"2026-01-31"、@"09:30:00"、@"2026-01-31T09:30:00+08:00"、@"P3D" 或 @"P1M"',
        text,
    )


def number_out_of_range(text: str, at: int) -> FeelSyntaxError:
    """The error for a number decimal128 cannot hold."""
    return FeelSyntaxError(at, "数字太大", "number out of range", "请写不超过 34 位的数字", text)
