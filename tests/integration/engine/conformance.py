"""Which BPMN elements run and which are refused, as told by the tests that prove it.

A test says what it proves by a decorator; the table of ``docs/reference/bpmn.md`` is made from these:
``python -m tests.integration.engine.conformance``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "reference" / "bpmn.md"
BEGIN, END = "<!-- conformance: begin -->", "<!-- conformance: end -->"


def runs(*elements: str) -> Callable[[Test], Test]:
    """The test proves that these elements run."""
    return lambda test: test


def refused(*elements: str) -> Callable[[Test], Test]:
    """The test proves that a model with these elements is not deployed."""
    return lambda test: test


VERDICTS = {runs.__name__: "执行", refused.__name__: "部署时拒绝"}


def claims() -> Iterator[tuple[str, str, str]]:
    """Element, verdict and the test, in the order of the tests."""
    for path in sorted(HERE.glob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        keys = _tables(module)
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    yield from _claims_of(decorator, f"{path.name}::{node.name}", keys)


def _claims_of(decorator: ast.expr, test: str, keys: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name):
        verdict = VERDICTS.get(decorator.func.id)
        for argument in decorator.args if verdict else ():
            for element in _elements(argument, keys):
                yield element, str(verdict), test


def _elements(argument: ast.expr, keys: dict[str, list[str]]) -> list[str]:
    """An element by itself, or ``*TABLE``: the keys of a table of the module."""
    if isinstance(argument, ast.Starred):
        assert isinstance(argument.value, ast.Name)
        return keys[argument.value.id]
    assert isinstance(argument, ast.Constant)
    return [str(argument.value)]


def _tables(module: ast.Module) -> dict[str, list[str]]:
    """The constants of a module that are dictionaries, by name, with their keys."""
    return {
        target.id: [str(key.value) for key in node.value.keys if isinstance(key, ast.Constant)]
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def table() -> str:
    """The table in Markdown: one row for each element, with every test that speaks of it."""
    rows: dict[tuple[str, str], list[str]] = {}
    for element, verdict, test in claims():
        rows.setdefault((element, verdict), []).append(f"`{test}`")
    lines = ["| 元素 | 结论 | 由哪些测试证明 |", "|---|---|---|"]
    order = list(VERDICTS.values())
    for element, verdict in sorted(rows, key=lambda row: (order.index(row[1]), row[0])):
        lines.append(f"| {element} | {verdict} | {'<br>'.join(rows[element, verdict])} |")
    return "\n".join(lines)


def page(text: str) -> str:
    """The page with its table as the tests tell it now."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
