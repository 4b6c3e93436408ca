"""``python -m bench.feel.peers`` holds other FEEL packages of Python against the same cases of the DMN TCK.

They are installed into a throw-away environment, never into the project's: one of them is GPL. Only decisions
that are one expression without inputs are asked, so that no peer is judged by a decision engine it does not have.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.decisions.definitions import LiteralExpression
from engine.decisions.reader import read_definitions
from engine.feel import DaysDuration, MonthsDuration, from_python
from engine.feel.numbers import is_number
from engine.feel.temporal import Date, DateTime, Time
from tests.conformance.dmn_tck.tck import TCK, Case, cases, run, same

PEERS = {
    "pySFeel": """
from pySFeel import SFeelParser
parser = SFeelParser()
def evaluate(text):
    return parser.sFeelParse(text)[1]
""",
    "bkflow-feel": """
from bkflow_feel.api import parse_expression
def evaluate(text):
    return parse_expression(expression=text, context={})
""",
    # What SpiffWorkflow takes for FEEL, in conditions and in every cell of a table, is Python.
    "SpiffWorkflow": """
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
environment = PythonScriptEngine().environment
def evaluate(text):
    return environment.evaluate(text, {})
""",
}

# Runs in the peer's environment: texts in, values out, tagged because JSON has no dates.
_WORKER = """
import contextlib, datetime, decimal, io, json, sys

def tagged(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float, decimal.Decimal)):
        return {"number": str(value)}
    if isinstance(value, datetime.timedelta):
        return {"seconds": str(value.total_seconds())}
    if isinstance(value, (datetime.date, datetime.time)):
        return {"temporal": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [tagged(item) for item in value]
    if isinstance(value, dict):
        return {"context": {str(key): tagged(item) for key, item in value.items()}}
    return {"other": type(value).__name__}

answers = []
for text in json.load(sys.stdin):
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answers.append(tagged(evaluate(text)))
    except BaseException as error:
        answers.append({"error": type(error).__name__})
json.dump(answers, sys.stdout)
"""


def expressions() -> list[tuple[str, Case]]:
    """The texts of all decisions that are one expression and need nothing, with the case that asks for each."""
    found = []
    models: dict[Path, dict[str, str]] = {}
    for case in cases():
        if case.model not in models:
            models[case.model] = _texts(case.model)
        text = models[case.model].get(case.node)
        if text is not None and not case.inputs and not case.invocable:
            found.append((text, case))
    return found


def _texts(path: Path) -> dict[str, str]:
    return {
        decision.name: decision.expression.text
        for decision in read_definitions(path.read_bytes()).decisions.values()
        if isinstance(decision.expression, LiteralExpression)
        and not any(
            (decision.requirements.inputs, decision.requirements.decisions, decision.requirements.knowledge)
        )
    }


def answers_of(peer: str, texts: list[str], folder: Path) -> list[Any]:
    """What a peer answers, run in an environment of its own."""
    home = folder / peer
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", peer], check=True)
    command = [python, "-c", PEERS[peer] + _WORKER]
    answer = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    return list(json.loads(answer.stdout))


def agrees(expected: Any, answer: Any) -> bool:
    """Whether a peer's tagged value is the expected one; an error counts as null, to be generous."""
    if isinstance(answer, list) and isinstance(expected, list):
        return len(answer) == len(expected) and all(map(agrees, expected, answer))
    if not isinstance(answer, dict):
        return same(expected, answer)
    ((tag, value),) = answer.items()
    if tag == "error":
        return expected is None
    if tag == "context":
        return (
            isinstance(expected, dict)
            and expected.keys() == value.keys()
            and all(agrees(expected[key], value[key]) for key in expected)
        )
    return _READ[tag](expected, value) if tag in _READ else False


def _same_number(expected: Any, value: str) -> bool:
    if isinstance(expected, MonthsDuration):  # some count months as a number
        return float(value) == expected.months
    return (
        is_number(expected)
        and value not in ("nan", "inf", "-inf")
        and same(expected, from_python(Decimal(value)))
    )


_READ: dict[str, Callable[[Any, Any], bool]] = {
    "number": _same_number,
    "seconds": lambda expected, value: (
        isinstance(expected, DaysDuration) and expected == from_python(timedelta(seconds=float(value)))
    ),
    "temporal": lambda expected, value: (
        isinstance(expected, Date | Time | DateTime)
        and str(expected).removesuffix("Z") == value.removesuffix("+00:00")
    ),
}


def line(name: str, verdicts: list[tuple[Case, bool]]) -> str:
    """One line of the table."""
    telling = [passed for case, passed in verdicts if case.expected is not None]
    whole = 100 * sum(passed for _, passed in verdicts) / len(verdicts)
    return f"{name:<14}{whole:>8.1f} %{100 * sum(telling) / len(telling):>12.1f} %"


def main() -> None:
    """Install, ask and print."""
    asked = expressions()
    texts = [text for text, _ in asked]
    floor = [(case, case.expected is None) for _, case in asked]
    print(f"{len(asked)} expressions of the kit   all   a value expected")
    print(line("always null", floor))
    print(line("engine.feel", [(case, run(case).passed) for _, case in asked]))
    with tempfile.TemporaryDirectory() as folder:
        for peer in PEERS:
            answers = answers_of(peer, texts, Path(folder))
            print(
                line(
                    peer,
                    [(case, agrees(case.expected, a)) for (_, case), a in zip(asked, answers, strict=True)],
                )
            )


if __name__ == "__main__":
    if TCK.is_dir():
        main()
    else:
        sys.exit(f"没有 {TCK}")
