"""What every file of ours keeps to, beyond what ruff and mypy can say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.sources import ROOT, modules, nodes, place, tracked_text, tree

FILE_LIMIT = 600  # lines
FUNCTION_LIMIT = 60  # lines, docstring included

# Only these ask what time it is; everybody else is told, so that tests and replays can tell it.
CLOCK_READERS = (
    "engine/clock",
    "engine/keys.py",  # to make keys unique; nothing is decided by it
)
CLOCK_READINGS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}

# Written in pieces, so that this file does not name what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            "pythonhosted" + r"\.org",
            r"registry\." + r"npmjs\.org",
            r"(?<![\w./:-])/(?:work|home|root|Users)" + r"/\w",
        ]
    )
)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_there_are_modules_to_look_at():
    assert {path.relative_to(ROOT).parts[0] for path in modules()} == {"engine", "workflows", "web"}


def test_files_stay_short():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert [place(path, tree(path)) for path, length in lengths.items() if length > FILE_LIMIT] == []


def test_functions_stay_short():
    functions = (
        (path, node) for path in modules() for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
    )
    long = [
        f"{place(path, node)} {node.name}"
        for path, node in functions
        if (node.end_lineno or 0) - node.lineno >= FUNCTION_LIMIT
    ]
    assert long == []


def _own_names(path: Path) -> set[str]:
    """Names that the module itself defines or imports; FEEL's own ``compile`` is not Python's."""
    defined = {node.name for node in nodes(path, ast.FunctionDef)}
    imports = nodes(path, ast.Import, ast.ImportFrom)
    return defined | {alias.asname or alias.name for node in imports for alias in node.names}


def test_nothing_is_evaluated_as_python():
    builtins = {"eval", "exec", "compile", "__import__"}
    found = [
        place(path, call)
        for path in modules()
        for call in nodes(path, ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id in builtins - _own_names(path)
    ]
    assert found == []


def test_nothing_is_deployed_unproven():
    found = [
        place(path, call)
        for path in modules()
        if path.relative_to(ROOT).parts[0] != "engine"
        for call in nodes(path, ast.Call)
        if any(keyword.arg == "prove" for keyword in call.keywords)
    ]
    assert found == []


def test_the_clock_is_read_in_one_place():
    found = [
        place(path, node)
        for path in modules()
        if not path.relative_to(ROOT).as_posix().startswith(CLOCK_READERS)
        for node in nodes(path, ast.Attribute)
        if (_last_name(node.value), node.attr) in CLOCK_READINGS
    ]
    assert found == []


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, content in tracked_text()
        for number, line in enumerate(content.splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert found == []
