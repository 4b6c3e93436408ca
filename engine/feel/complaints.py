"""What is wrong with a text, said so that whoever typed it can put it right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import (
    END,
    FOREIGN,
    FULL_WIDTH,
    KEYWORDS,
    NUMBER,
    OPEN_COMMENT,
    OPEN_STRING,
    SIGN,
    STRING,
    WORD,
    Token,
)

_PIECES = frozenset({WORD, NUMBER, STRING})

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

_PAIR_HINTS = {
    ("=", "="): "判断相等只写一个等号 =",
    ("=", ">"): "“大于等于”写作 >=",
    ("=", "<"): "“小于等于”写作 <=",
    ("<", ">"): "“不等于”写作 !=",
    (">", ">"): "“大于”只写一个 >",
    ("<", "<"): "“小于”只写一个 <",
    ("!=", "="): "“不等于”写作 !=",
    (">=", "="): "“大于等于”写作 >=",
    ("<=", "="): "“小于等于”写作 <=",
    (":", "="): "这里不能赋值；判断相等只写一个等号 =",
}

_SIGN_HINTS = {
    "=": "等号前面缺少要比较的值",
    ">": "大于号前面缺少要比较的值",
    "<": "小于号前面缺少要比较的值",
    ">=": "前面缺少要比较的值",
    "<=": "前面缺少要比较的值",
    "!=": "前面缺少要比较的值",
    "'": '文字请用半角双引号，例如 "同意"',
    "*": "乘号的前面缺少数",
    "/": "除号的前面缺少数",
    "+": "加号的前面缺少内容",
    ".": "取字段写作 对象.字段",
    "..": "区间要写方括号，例如 [1..5]",
    ":": "上下文要写花括号，例如 {名称: 值}",
    ")": "多了一个右括号，或者前面缺少内容",
    "]": "多了一个右方括号，或者前面缺少内容",
    "}": "多了一个右花括号，或者前面缺少内容",
    ",": "多了一个逗号；数字里不写千分位逗号",
    "->": "函数写作 function(参数) 结果",
    "?": "按条件取值写作 if 条件 then 甲 else 乙",
    "then": "then 前面要写 if 和条件",
    "else": "else 前面要写 if 条件 then 值",
    "return": "return 前面要写 for 名称 in 列表；只求一个值时不写 return",
    "satisfies": "satisfies 前面要写 some 或 every",
}

_SPOKEN = {
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
    "not": "not(…)",
    "非": "not(…)",
    "IN": "in",
    "is": "=",
    "equals": "=",
    "mod": "modulo(a, b)",
    "elif": "else if",
    "ELSE": "else",
    "THEN": "then",
}

_DATE_IN_QUOTES = "带引号的日期或时长"

_ENGLISH = {
    "一个值": "a value",
    "运算符或结尾": "an operator or the end",
    "字段名": "the name of a field",
    "名称": "a name",
    "类型名": "the name of a type",
    "参数": "an argument",
    _DATE_IN_QUOTES: "a date or duration in quotes",
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
    _DATE_IN_QUOTES: '日期要写引号，例如 @"2026-01-31"',
    "of": "类型判断写作 instance of",
}


def unexpected(text: str, tokens: Sequence[Token], index: int, wanted: str) -> FeelSyntaxError:
    """The error for a token that cannot stand here; ``wanted`` is a sign or word, or a Chinese noun."""
    token = tokens[index]
    special = _SPECIAL.get(token.kind)
    if special is not None:
        return special(text, token)
    if token.kind == END:
        message = f"表达式不完整，这里应为{_name(wanted)}" if token.at else "表达式是空的"
        return FeelSyntaxError(
            token.at, message, f"unexpected end, expected {_english(wanted)}", _missing_hint(wanted), text
        )
    hint = _hint(tokens, index, wanted)
    return FeelSyntaxError(
        token.at,
        f"“{token.text[:20]}”不能写在这里，这里应为{_name(wanted)}",
        f"unexpected {token.text[:20]!r}, expected {_english(wanted)}",
        hint,
        text,
    )


def _foreign(text: str, token: Token) -> FeelSyntaxError:
    plain = FULL_WIDTH.get(token.text)
    if plain is not None:
        return FeelSyntaxError(
            token.at,
            f"“{token.text}”不是半角符号",
            f"full-width {token.text!r}, write {plain!r}",
            f"请把“{token.text}”改成半角的 {plain}",
            text,
        )
    hint = _FOREIGN_HINTS.get(token.text, "请删去这个符号")
    return FeelSyntaxError(
        token.at, f"表达式里不能用“{token.text}”", f"{token.text!r} is not part of FEEL", hint, text
    )


def date_in_quotes(text: str, tokens: Sequence[Token], index: int) -> FeelSyntaxError:
    """The error for an ``@`` without a string."""
    return unexpected(text, tokens, index, _DATE_IN_QUOTES)


def _open_string(text: str, token: Token) -> FeelSyntaxError:
    full_width = any(mark in token.text for mark in "“”")
    hint = '文字两端都要用半角引号 "' if full_width else '引号要成对，请检查文字两端的半角引号 "'
    return FeelSyntaxError(token.at, "文字缺少右引号", "string without closing quote", hint, text)


def _open_comment(text: str, token: Token) -> FeelSyntaxError:
    return FeelSyntaxError(token.at, "注释缺少结尾的 */", "comment without */", "请补上 */", text)


_SPECIAL: dict[str, Callable[[str, Token], FeelSyntaxError]] = {
    FOREIGN: _foreign,
    OPEN_STRING: _open_string,
    OPEN_COMMENT: _open_comment,
}


def _name(wanted: str) -> str:
    return f"“{wanted}”" if wanted.isascii() else wanted


def _english(wanted: str) -> str:
    return _ENGLISH.get(wanted, repr(wanted))


def _missing_hint(wanted: str) -> str:
    return _MISSING.get(wanted, "请把表达式写完整")


def _hint(tokens: Sequence[Token], index: int, wanted: str) -> str:
    """What to type instead, from the token, the one before it and what was wanted."""
    token = tokens[index]
    if index == 0:
        return _lone_hint(token)
    before = tokens[index - 1]
    spoken = next((word for word in (token.text, before.text) if word in _SPOKEN), None)
    if spoken is not None:
        return f"“{spoken}”请写作 {_SPOKEN[spoken]}"
    if wanted in _MISSING:
        return _MISSING[wanted]
    if before.text == "," and token.kind == SIGN:
        return "逗号后面缺少内容" if token.text != "," else "多了一个逗号"
    return _PAIR_HINTS.get((before.text, token.text)) or _neighbour_hint(before, token) or _lone_hint(token)


def _neighbour_hint(before: Token, token: Token) -> str:
    """For two pieces side by side with nothing between them."""
    if (
        before.kind not in _PIECES
        or before.text in KEYWORDS
        or token.kind not in _PIECES
        or token.text in KEYWORDS
    ):
        return ""
    if token.text == "?":
        return _SIGN_HINTS["?"]
    if before.kind == token.kind == WORD:
        return f"名称中间不能有空格，请写成“{before.text}{token.text}”，或在两者之间补上运算符"
    if before.kind == token.kind == NUMBER:
        return "一个数只能有一个小数点"
    if before.kind == STRING and token.kind == WORD:
        return '文字里面的引号写作 \\"，文字后面要写运算符'
    if before.kind == NUMBER:
        return "数字后面缺少运算符；单位不写在数字后面"
    return f"“{token.text[:20]}”前面缺少运算符，例如 = 或 +"


def _lone_hint(token: Token) -> str:
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
