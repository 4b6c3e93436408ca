"""Whatever a person answers survives: through a draft, through a second submission, through JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from web.forms import Form, Validated

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FORM = Form.compile(
    {
        "components": [
            {"type": "textfield", "key": "title", "label": "名称"},
            {"type": "textarea", "key": "facts", "label": "事实"},
            {"type": "number", "key": "cost", "label": "金额", "decimalDigits": 2},
            {"type": "checkbox", "key": "agreed", "label": "同意"},
            {"type": "radio", "key": "route", "label": "去向", "values": ["快", "慢"]},
            {"type": "checklist", "key": "seats", "label": "席位", "values": ["甲", "乙", "丙"]},
            {"type": "datetime", "key": "day", "label": "日期", "subtype": "date"},
            {"type": "datetime", "key": "at", "label": "时间", "subtype": "datetime"},
            {
                "type": "dynamiclist",
                "path": "rows",
                "label": "明细",
                "components": [
                    {"type": "textfield", "key": "item_name", "label": "事项"},
                    {"type": "number", "key": "minutes", "label": "分钟", "decimalDigits": 0},
                ],
            },
        ]
    }
)

texts = st.text(max_size=40)
answers = st.fixed_dictionaries(
    {
        "title": texts,
        "facts": texts,
        "cost": st.just("") | st.decimals(-99999, 99999, places=2).map(str),
        "agreed": st.sampled_from(["", "1"]),
        "route": st.sampled_from(["", "快", "慢"]),
        "seats": st.lists(st.sampled_from(["甲", "乙", "丙"]), unique=True),
        "day": st.just("") | st.dates(datetime(1900, 1, 1).date(), datetime(2199, 1, 1).date()).map(str),  # noqa: DTZ001
        "at": st.just("")
        | st.datetimes(datetime(1950, 1, 1), datetime(2199, 1, 1)).map(lambda at: f"{at:%Y-%m-%dT%H:%M}"),  # noqa: DTZ001
        "rows": st.lists(st.tuples(texts, st.just("") | st.integers(-999, 999).map(str)), max_size=4),
    }
)


def posted(filled: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names and values a browser would send."""
    for key, value in filled.items():
        if key == "rows":
            yield "rows#", ""
            for token, (name, minutes) in enumerate(value):
                yield "rows#", str(token)
                yield f"rows.{token}.item_name", name
                yield f"rows.{token}.minutes", minutes
        else:
            yield key, ""
            yield from ((key, one) for one in (value if isinstance(value, list) else [value]))
    yield "_do", "submit"


@settings(max_examples=150, deadline=None)
@given(answers)
def test_what_was_answered_survives_draft_submission_and_json(filled: Mapping[str, Any]) -> None:
    state = FORM.read(MultiDict(list(posted(filled))), MultiDict(), {}, now=NOW)
    result = FORM.validate(state, now=NOW)
    assert isinstance(result, Validated)
    data = json.loads(json.dumps(result.data))
    assert FORM.validate(FORM.given(data, {}, now=NOW), now=NOW) == result

    reopened = FORM.open({}, json.loads(json.dumps(state.draft())), now=NOW)
    assert FORM.validate(reopened, now=NOW) == result


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*FORM.names(), "rows#", "rows.0.minutes", "_do", "_tried", "x"]) | texts, texts
        ),
        max_size=30,
    )
)
def test_no_post_whatsoever_is_more_than_refused(pairs: list[tuple[str, str]]) -> None:
    state = FORM.read(MultiDict(pairs), MultiDict(), {}, now=NOW)
    FORM.review(state, now=NOW)
    json.dumps(state.draft(), ensure_ascii=False).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(FORM.names())), json_values))
def test_no_json_whatsoever_is_more_than_refused(data: dict[str, Any]) -> None:
    taken, refused = outcome(data)
    assert bool(refused) != (set(taken) == FORM.names())
    assert all(said and all(one.endswith("。") for one in said) for said in refused.values())


def outcome(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, list[str]]]:
    """What comes of JSON data: the form's data, or the errors."""
    result = FORM.validate(FORM.given(data, {}, now=NOW), now=NOW)
    return (result.data, {}) if isinstance(result, Validated) else ({}, result.errors)
