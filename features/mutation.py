"""Whether a scenario notices each small change to a process (:mod:`features.mutants`).

A pytest plugin in place of the ordinary run: ``-p features.mutation --spec-mutants RECORD`` with the record of a whole
run. For each mutant a child process is forked before anything is open; it deploys the changed model and runs the
scenarios that go through the changed place, quickest first, until one fails.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from features.installation import MODELS, models
from features.mutants import Mutant, of_model

WORKERS = os.cpu_count() or 1
NOTICED, UNNOTICED = 0, 3


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--spec-mutants", metavar="RECORD", help="change the processes and see who notices")
    parser.addoption(
        "--spec-survivors", metavar="FILE", help="keep the questions nobody answers as JSON, by process"
    )
    parser.addoption("--spec-process", metavar="ID", help="change only this process")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the mutants instead of the tests; fails when one goes unnoticed."""
    record = session.config.getoption("spec_mutants")
    if record is None:
        return None
    only = session.config.getoption("spec_process")
    changes = [
        mutant
        for path in models()
        if path.suffix == ".bpmn"
        for mutant in of_model(path)
        if only in (None, mutant.model)
    ]
    unnoticed = _Hunt(session, json.loads(Path(record).read_text("utf-8"))).unnoticed(changes)
    for mutant in unnoticed:
        print(f"存活 {mutant.path.name}#{mutant.place} {mutant.question}")
    print(f"{len(changes)} 处改动，{len(changes) - len(unnoticed)} 处被场景发现，{len(unnoticed)} 处没有")
    if target := session.config.getoption("spec_survivors"):
        questions: dict[str, list[str]] = {}
        for mutant in unnoticed:
            questions.setdefault(mutant.model, []).append(mutant.question)
        Path(target).write_text(json.dumps(questions, ensure_ascii=False), "utf-8")
    session.testsfailed = len(unnoticed)
    return True


class _Hunt:
    """The scenarios of a session, ready to be run again and again."""

    def __init__(self, session: pytest.Session, record: Mapping[str, Any]) -> None:
        self._items = {item.nodeid: item for item in session.items}
        self._walked: Mapping[str, Mapping[str, list[str]]] = record["walked"]
        self._seconds = {name: result["seconds"] for name, result in record["results"].items()}

    def unnoticed(self, mutants: list[Mutant]) -> list[Mutant]:
        """The mutants under which every scenario stays green; several are tried at once."""
        running: dict[int, Mutant] = {}
        survivors: set[Mutant] = set()
        for mutant in mutants:
            while len(running) >= WORKERS:
                self._reap(running, survivors)
            running[self._fork(mutant)] = mutant
        while running:
            self._reap(running, survivors)
        return [mutant for mutant in mutants if mutant in survivors]

    def _fork(self, mutant: Mutant) -> int:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = NOTICED if self._is_noticed(mutant) else UNNOTICED
            finally:
                os._exit(code)
        return child

    def _reap(self, running: dict[int, Mutant], survivors: set[Mutant]) -> None:
        child, status = os.wait()
        mutant = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        if code == UNNOTICED:
            survivors.add(mutant)
        elif code != NOTICED:
            raise RuntimeError(f"the run of a mutant broke off: {mutant.place} {mutant.changed}")

    def _is_noticed(self, mutant: Mutant) -> bool:
        """In a child process: whether a scenario fails, or the changed model is not even deployed."""
        with tempfile.TemporaryDirectory(prefix="mutant-") as place:
            os.environ[MODELS] = str(_changed_models(Path(place), mutant))
            rest: list[pytest.Item | None] = [*self._seen_by(mutant), None]
            for item, following in pairwise(rest):
                assert item is not None
                if not _passes(item, following):
                    return True
        return False

    def _seen_by(self, mutant: Mutant) -> list[pytest.Item]:
        """The scenarios that go through the changed place."""
        found = [
            name
            for name, walk in self._walked.items()
            if mutant.seen_at & set(walk.get(mutant.model, ())) and name in self._items
        ]
        return [self._items[name] for name in sorted(found, key=lambda name: self._seconds[name])]


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return all(report.passed for report in runtestprotocol(item, log=False, nextitem=following))


def _changed_models(place: Path, mutant: Mutant) -> Path:
    """The product's models with one of them changed."""
    for path in models():
        target = place / path.parent.name / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    (place / mutant.path.parent.name / mutant.path.name).write_bytes(mutant.content)
    return place
