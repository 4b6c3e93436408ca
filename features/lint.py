"""What makes a Chinese feature file test less than it says, without a word from any tool.

Gherkin takes whatever it does not understand for prose: a scenario whose colon is full-width is gone and the run
is green. Each check here finds one such trap; all report ``file:line`` and a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGE = "# language: zh-CN"
HEADS = ("功能", "规则", "背景", "场景大纲", "场景", "例子")
STEPS = ("假如", "当", "那么", "而且", "并且", "但是")
ENGLISH = (
    *("Feature", "Rule", "Background", "Scenario", "Examples"),
    *("Given", "When", "Then", "And", "But"),
)
NOT_A_STEP = re.compile(r"当(前|时(?!间)|天|日|月|年|事|场|地|选)")
BASIS = "依据："

_HEAD = re.compile(rf"({'|'.join(HEADS)}):\s*(.*)")
_PLACEHOLDER = re.compile(r"<([^<>]+)>")

Finding = tuple[int, str]


@dataclass
class Scenario:
    """A scenario as it is written: its lines with their numbers, and the tables under it, header first."""

    line: int
    name: str
    is_outline: bool
    body: list[Finding] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)

    @property
    def runs(self) -> int:
        """How often it is to be run: once, or once for each row of its tables."""
        return sum(len(table) - 1 for table in self.tables) if self.is_outline else 1


def scenarios(text: str) -> list[Scenario]:
    """The scenarios in a feature file, read line by line and without a Gherkin parser."""
    found: list[Scenario] = []
    inside, in_examples = False, False
    for number, line in lines(text):
        if head := _HEAD.match(line):
            word, title = head.groups()
            in_examples = word == "例子"
            if word.startswith("场景"):
                found.append(Scenario(number, title, word == "场景大纲"))
            if in_examples and found:
                found[-1].tables.append([])
            inside = in_examples or word.startswith("场景")
        elif inside and found and not in_examples:
            found[-1].body.append((number, line))
        elif inside and found and line.startswith("|"):
            found[-1].tables[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def findings(path: Path) -> list[str]:
    """Everything in a feature file that would go wrong in silence."""
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    found = [finding for check in CHECKS for finding in check(text)]
    if raw.startswith(b"\xef\xbb\xbf"):
        found.append((1, "文件开头有 BOM，请另存为不带 BOM 的 UTF-8"))
    return [f"{path.name}:{line} {sentence}" for line, sentence in sorted(found)]


def language(text: str) -> Iterator[Finding]:
    """Without its first line the file is read as English."""
    if not text.startswith(LANGUAGE):
        yield 1, f"第一行应为“{LANGUAGE}”"


def colons(text: str) -> Iterator[Finding]:
    """After a full-width colon the scenario and its steps are prose."""
    for number, line in lines(text):
        if line.startswith(tuple(f"{head}：" for head in HEADS)):
            yield number, "关键词后是全角冒号，这一段不会运行，请改成半角“:”"


def names(text: str) -> Iterator[Finding]:
    """Of two scenarios with one name only the last is run, even under two rules."""
    every = scenarios(text)
    times = Counter(one.name for one in every)
    for one in every:
        if times[one.name] > 1:
            yield one.line, f"场景“{one.name}”重名，只有最后一个会运行"


def english(text: str) -> Iterator[Finding]:
    """English keywords are prose in a Chinese file."""
    for number, line in lines(text):
        if re.match(rf"({'|'.join(ENGLISH)})\b", line):
            yield number, "英文关键词在中文文件里不算步骤，请改成中文"


def full_width_marks(text: str) -> Iterator[Finding]:
    """A tag after ＠ is lost, a table between ｜ is none."""
    for number, line in lines(text):
        if line.startswith(("＠", "｜")):
            yield number, f"“{line[0]}”是全角的，这一行不起作用"


def prose_read_as_steps(text: str) -> Iterator[Finding]:
    """A sentence that begins with 当 is a step wherever steps may stand, 当前 too."""
    for one in scenarios(text):
        for number, line in one.body:
            if NOT_A_STEP.match(line):
                yield number, f"“{line[:2]}”会被读成步骤“当”，请换一个说法"


def basis(text: str) -> Iterator[Finding]:
    """What a scenario rests on stands right under its name, so no other prose can slip in as a step."""
    for one in scenarios(text):
        if not one.body or not one.body[0][1].startswith(BASIS):
            yield one.line, f"场景“{one.name}”的第一行应写明“{BASIS}……”"


def steps(text: str) -> Iterator[Finding]:
    """A scenario without a step, or without 那么, tests nothing."""
    for one in scenarios(text):
        written = [line for _, line in one.body if line.startswith(STEPS)]
        if not any(line.startswith("那么") for line in written):
            yield one.line, f"场景“{one.name}”没有一句“那么”"


def placeholders(text: str) -> Iterator[Finding]:
    """A ``<column>`` no table has stays as it is; a column nobody uses changes nothing."""
    for one in scenarios(text):
        used = {
            name
            for line in (one.name, *(line for _, line in one.body))
            for name in _PLACEHOLDER.findall(line)
        }
        if one.is_outline and not one.runs:
            yield one.line, f"场景大纲“{one.name}”没有例子"
        for table in one.tables or [[[]]]:
            columns = set(table[0]) if table else set()
            yield from ((one.line, f"“<{name}>”没有这一列") for name in sorted(used - columns))
            yield from ((one.line, f"“{name}”这一列没有用到") for name in sorted(columns - used))


CHECKS: tuple[Callable[[str], Iterator[Finding]], ...] = (
    language,
    colons,
    names,
    english,
    full_width_marks,
    prose_read_as_steps,
    basis,
    steps,
    placeholders,
)


def lines(text: str) -> Iterator[Finding]:
    """The lines that mean something, without the white space around them."""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()  # the full-width space too
        if stripped and not stripped.startswith("#"):
            yield number, stripped
