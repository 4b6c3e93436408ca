"""Writes the models that the client suites deploy: ``python -m tests.clients.models FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.integration.api.models import (
    APPROVAL,
    APPROVAL_FORM,
    DECISION,
    JOB,
    MESSAGE,
    chain,
    element,
    process,
)

TASK = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="secretariat"/>'


def steps(second: str) -> bytes:
    """Two tasks, the second of this name."""
    nodes = element("userTask", "a", TASK) + element("userTask", second, TASK)
    ends = element("startEvent", "s") + element("endEvent", "e")
    return process("steps", ends + nodes + chain("s", "a", second, "e"))


FILES = {
    "approval.bpmn": APPROVAL,
    "approval.form": APPROVAL_FORM,
    "fees.dmn": DECISION,
    "job.bpmn": JOB,
    "waiting.bpmn": MESSAGE,
    "steps.bpmn": steps("b"),
    "steps2.bpmn": steps("c"),
}


def write(folder: Path) -> None:
    """All of them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
