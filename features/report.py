"""The living regulations as pages: what the rules say, whether they hold, and where no scenario looks."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine import drawing
from engine.xml import read_xml
from features import lint
from features.mutants import NAMESPACES
from features.paths import NEVER_TAKEN, Paths
from features.tables import cases

HERE = Path(__file__).parent
STYLE = """
.walked .shape,.walked .flow{stroke:#14713d}.walked.task .shape{fill:#e8f5ec}
.missed .shape,.missed .flow{stroke:#b42318;stroke-width:3}.excused .flow{stroke:#8a6d00;stroke-dasharray:6 4}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a feature file, or the rows of a table in it; for a scenario how often it held."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    passed: int = 0
    failed: int = 0
    said: str = ""


@dataclass(slots=True)
class Page:
    """Everything about one process."""

    process: str
    name: str
    digest: str
    picture: str = ""
    passed: int = 0
    failed: int = 0
    flows: int = 0
    taken: int = 0
    missed: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    features: list[list[Line]] = field(default_factory=list)
    tables: list[tuple[str, int]] = field(default_factory=list)
    questions: list[str] | None = None


def write(
    target: Path, models: Iterable[Path], record: Mapping[str, Any], survivors: Mapping[str, Any] | None
) -> None:
    """Write ``index.html`` and a page for each process that is drawn; ``survivors`` of the mutation run, if there was one."""
    found = list(_pages(list(models), record, survivors))
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    target.mkdir(parents=True, exist_ok=True)
    for page in found:
        text = templates.get_template("process.html").render(page=page)
        (target / f"{page.process}.html").write_text(text, "utf-8")
    (target / "index.html").write_text(templates.get_template("index.html").render(pages=found), "utf-8")


def _pages(
    models: list[Path], record: Mapping[str, Any], survivors: Mapping[str, Any] | None
) -> Iterator[Page]:
    paths = Paths()
    paths.add(record)
    texts = _texts_by_process(record)
    for path in (one for one in models if one.suffix == ".bpmn"):
        root = read_xml(path.read_bytes())
        for process in root.findall("bpmn:process", NAMESPACES):
            page = _page(path, root, process, paths)
            _tell_scenarios(page, texts.get(page.process, []), record["results"])
            page.tables = [_table(one) for one in sorted(path.parent.glob("*.dmn"))]
            if survivors is not None:
                page.questions = survivors.get(page.process, [])
            yield page


def _page(path: Path, root: Any, process: Any, paths: Paths) -> Page:
    page = Page(process.get("id"), process.get("name") or process.get("id"), _digest(path.parent))
    gone = paths.gone_through(page.process)
    excused = NEVER_TAKEN.get(page.process, {})
    flows = {one.get("id"): one for one in process.iter(f"{{{NAMESPACES['bpmn']}}}sequenceFlow")}
    names = {one.get("id"): one.get("name") or one.get("id") for one in process.iter() if one.get("id")}
    marks = dict.fromkeys(gone, "walked")
    for key, flow in flows.items():
        words = f"{names[flow.get('sourceRef')]} → {names[flow.get('targetRef')]}"
        if key in excused:
            marks[key] = "excused"
            page.excused.append(f"{words}：{excused[key]}")
        elif key not in gone:
            marks[key] = "missed"
            page.missed.append(words)
    page.flows, page.taken = len(flows), len(gone & set(flows))
    page.picture = drawing.svg(path.read_bytes(), f"{page.name}：场景走过的路", marks, STYLE)
    return page


def _digest(folder: Path) -> str:
    """What identifies this state of the rules: the bytes of the model with its tables and forms."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _texts_by_process(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Each feature file belongs to the process most of its scenarios' ways lie in."""
    weight: dict[str, Counter[str]] = defaultdict(Counter)
    for scenario, result in record["results"].items():
        for process, ids in record["walked"].get(scenario, {}).items():
            if process in record["drawn"]:
                weight[result["feature"]][process] += len(ids)
    found: dict[str, list[str]] = defaultdict(list)
    for feature, counted in sorted(weight.items()):
        found[counted.most_common(1)[0][0]].append(feature)
    return found


def _tell_scenarios(page: Page, features: Iterable[str], results: Mapping[str, Any]) -> None:
    for feature in features:
        here = [one for one in results.values() if one["feature"] == feature]
        by_line: dict[int, list[Any]] = defaultdict(list)
        for one in here:
            by_line[one["line"]].append(one)
        page.passed += sum(one["outcome"] == "passed" for one in here)
        page.failed += sum(one["outcome"] != "passed" for one in here)
        text = (HERE / feature).read_text("utf-8")
        page.features.append(list(_lines(text, by_line)))


def _lines(text: str, by_line: Mapping[int, list[Any]]) -> Iterator[Line]:
    for is_row, lines in groupby(lint.lines(text), key=lambda line: line[1].startswith("|")):
        if is_row:
            cells = (line.strip("|").split("|") for _, line in lines)
            yield Line("table", rows=tuple(tuple(cell.strip() for cell in row) for row in cells))
        else:
            yield from (_line(number, line, by_line) for number, line in lines)


def _line(number: int, text: str, by_line: Mapping[int, list[Any]]) -> Line:
    ran = by_line.get(number, [])
    failed = [one for one in ran if one["outcome"] != "passed"]
    said = "；".join(one["failed_step"] or one["said"][:200] for one in failed)
    return Line(_kind(text), text, passed=len(ran) - len(failed), failed=len(failed), said=said)


def _kind(text: str) -> str:
    if text.startswith(lint.BASIS):
        return "basis"
    head = next((word for word in lint.HEADS if text.startswith(f"{word}:")), "")
    kinds = {
        "功能": "feature",
        "规则": "rule",
        "场景大纲": "scenario",
        "场景": "scenario",
        "背景": "part",
        "例子": "part",
    }
    if head:
        return kinds[head]
    return "step" if text.startswith(lint.STEPS) else "prose"


def _table(path: Path) -> tuple[str, int]:
    """A decision table's name, and how many cases specify it."""
    root = read_xml(path.read_bytes())
    decision = root.find("dmn:decision", NAMESPACES)
    outputs = [one.get("name") for one in root.iterfind(".//dmn:output", NAMESPACES)]
    return decision.get("name"), len(cases(path.stem, outputs))
