"""Which types operators and properties have: the tables behind the check before deployment.

DMN 1.5, tables 54 to 57 for operators, table 65 for properties.
"""

from __future__ import annotations

from engine.feel.types import (
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
    FeelType,
)

_PAIRS: dict[tuple[str, FeelType, FeelType], FeelType] = {
    ("+", STRING, STRING): STRING,
    ("+", TIME, DAYS_DURATION): TIME,
    ("-", TIME, DAYS_DURATION): TIME,
    ("-", TIME, TIME): DAYS_DURATION,
    **{(symbol, NUMBER, NUMBER): NUMBER for symbol in ("+", "-", "*", "/", "**")},
    **{
        (symbol, day, duration): day
        for symbol in "+-"
        for day in (DATE, DATE_TIME)
        for duration in (DAYS_DURATION, MONTHS_DURATION)
    },
    **{(symbol, d, d): d for symbol in "+-" for d in (DAYS_DURATION, MONTHS_DURATION)},
    **{("-", a, b): DAYS_DURATION for a in (DATE, DATE_TIME) for b in (DATE, DATE_TIME)},
    **{(symbol, d, NUMBER): d for symbol in "*/" for d in (DAYS_DURATION, MONTHS_DURATION)},
    **{("/", d, d): NUMBER for d in (DAYS_DURATION, MONTHS_DURATION)},
}
_COMMUTED = {(x, b, a): t for (x, a, b), t in _PAIRS.items() if x in "+*"}
OPERATIONS = _COMMUTED | _PAIRS

PROPERTIES: dict[FeelType, dict[str, FeelType]] = {
    DATE: dict.fromkeys(("year", "month", "day", "weekday"), NUMBER),
    TIME: {
        **dict.fromkeys(("hour", "minute", "second"), NUMBER),
        "time offset": DAYS_DURATION,
        "timezone": STRING,
    },
    DAYS_DURATION: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    MONTHS_DURATION: dict.fromkeys(("years", "months"), NUMBER),
}
PROPERTIES[DATE_TIME] = PROPERTIES[DATE] | PROPERTIES[TIME]
