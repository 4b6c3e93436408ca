"""Every name a process or a form reads is there when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.interpreter.model import NodeType
from tests.models.assignment import known_at_tasks, readings
from tests.models.contracts import OPTION_LISTS, ROSTERS
from tests.models.source import BPMN_FILES, form, functions, process, registry
from web.forms import Form

models = pytest.mark.parametrize("path", BPMN_FILES, ids=lambda path: path.stem)


@models
def test_every_name_an_expression_reads_is_produced_on_every_way_to_it(path: Path) -> None:
    missing = [
        f"{element}: “{text}” 读到 {'、'.join(sorted(names - known))}"
        for element, text, names, known in readings(process(path))
        if names - known
    ]
    assert missing == []


@models
def test_every_job_type_is_one_of_the_product(path: Path) -> None:
    used = {node.job_type for node in process(path).nodes.values() if node.type is NodeType.SERVICE_TASK}
    assert [job_type for job_type in used if registry().handler(job_type or "") is None] == []


@models
def test_every_name_a_form_reads_is_there_when_the_task_opens(path: Path) -> None:
    """A form may ask for its own earlier answer, which the first time is not there yet."""
    model = process(path)
    for task, known in known_at_tasks(model).items():
        schema = form(model.nodes[task].form_id or "")
        own = {one.get("key") or one.get("path") for one in schema["components"]}
        compiled = Form.compile(schema, functions=functions())
        shown = ROSTERS.get(model.nodes[task].headers.get("gov.roster", ""), frozenset())
        missing = compiled.reads - known - OPTION_LISTS - shown - own
        assert not missing, f"{task}: {sorted(missing)}"
