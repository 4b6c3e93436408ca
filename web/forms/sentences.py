"""Every sentence a person reads when an answer is not right. Each says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from web.forms.language import _l

SENTENCES: Mapping[str, Any] = {
    "missing_text": _l("请填写%(label)s。"),
    "missing_length": _l("请填写%(label)s，%(limits)s。"),
    "missing_number": _l("请填写%(label)s，只填数字。"),
    "missing_choice": _l("请选择%(label)s。"),
    "missing_option": _l("请选择一项。"),
    "missing_options": _l("请至少选择一项。"),
    "missing_files": _l("请上传%(label)s。"),
    "missing_rows": _l("请添加%(label)s，至少一项。"),
    "tick": _l("请勾选“%(label)s”。"),
    "length": _l("请改写%(label)s：%(limits)s，现在是 %(count)d 个字。"),
    "between_lengths": _l("%(min)s 到 %(max)s 个字"),
    "from_length": _l("至少 %(min)s 个字"),
    "to_length": _l("不超过 %(max)s 个字"),
    "not_text": _l("请用文字填写%(label)s。"),
    "not_number": _l("请填写数字，例如 12。"),
    "number_long": _l("数字太长，最多 %(digits)d 位。"),
    "not_whole": _l("请填写整数，不带小数。"),
    "decimals": _l("小数点后最多 %(digits)d 位。"),
    "min": _l("数字不能小于 %(limit)s。"),
    "max": _l("数字不能大于 %(limit)s。"),
    "not_tick": _l("“%(label)s”只能是勾选或不勾选。"),
    "not_option": _l("请从列出的选项中选择。"),
    "not_date": _l("请选择正确的日期，例如 2026-11-22。"),
    "not_time": _l("请选择正确的时间，例如 09:30。"),
    "not_datetime": _l("请选择正确的日期和时间，例如 2026-11-22 09:30。"),
    "past": _l("请选择今天或以后的日期。"),
    "email": _l("请填写正确的邮箱，例如 name@example.com。"),
    "phone": _l("请填写 11 位手机号，或带区号的座机号。"),
    "pattern": _l("请按要求的格式填写%(label)s。"),
    "not_rows": _l("请逐项填写%(label)s。"),
    "not_group": _l("请填写%(label)s中的各项。"),
    "min_options": _l("请至少选择 %(limit)d 项。"),
    "max_options": _l("最多选择 %(limit)d 项，请取消多选的。"),
    "min_rows": _l("请至少添加 %(limit)d 项。"),
    "max_rows": _l("最多添加 %(limit)d 项，请删除多余的。"),
    "not_files": _l("附件没有收到，请重新上传。"),
    "min_files": _l("请至少上传 %(limit)d 个文件。"),
    "max_files": _l("最多上传 %(limit)d 个文件，请删除多余的。"),
    "file_size": _l("“%(name)s”超过 %(limit)s，请压缩后再上传。"),
    "file_empty": _l("“%(name)s”是空文件，请换一个再上传。"),
    "file_type": _l("“%(name)s”不能上传，请换成 %(accept)s 格式的文件。"),
    "file_content": _l("“%(name)s”的内容与扩展名不符，请换一个文件。"),
}


def say(key: str, **values: Any) -> str:
    """The sentence of that key in the reader's language."""
    return str(SENTENCES[key]) % values


def lengths(low: int | None, high: int | None) -> str:
    """How long a text may be, in words; empty when it is free."""
    if low and high:
        return say("between_lengths", min=low, max=high)
    if low:
        return say("from_length", min=low)
    return say("to_length", max=high) if high else ""


def size(count: int) -> str:
    """A size in bytes as people say it."""
    megabytes = count / 1024 / 1024
    return f"{round(megabytes, 1):g} MB" if megabytes >= 1 else f"{ceil(count / 1024)} KB"
