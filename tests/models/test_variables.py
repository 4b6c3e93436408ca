"""Every name a process or a form reads is there when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import feel
from tests.models.assignment import readings, surely_submitted
from tests.models.contracts import ENGINE, OPTION_LISTS, SERVICE_TASKS
from tests.models.source import BPMN_FILES, components, form, functions, process

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
    used = {node.job_type for node in process(path).nodes.values() if node.job_type}
    assert used <= SERVICE_TASKS.keys()


@models
def test_every_name_a_form_reads_is_a_field_of_it_or_known_to_the_process(path: Path) -> None:
    model = process(path)
    known = OPTION_LISTS | ENGINE | {"this", "parent"}
    for _, _, _, there in readings(model):
        known |= there
    forms = {node.form_id for node in model.nodes.values() if node.form_id}
    for form_id in forms:
        known |= surely_submitted(form_id)
    for form_id in sorted(forms):
        own = {one.get("key") or one.get("path") for one in components(form(form_id))}
        for text in _expressions(form(form_id)):
            strangers = set(feel.compile(text, functions=functions()).names) - known - own
            assert not strangers, f"{form_id}: “{text}” 读到 {strangers}"


def _expressions(value: object) -> list[str]:
    """Every FEEL text in a form: after an equals sign, or between double braces."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in _expressions(part)]
    if isinstance(value, list):
        return [text for part in value for text in _expressions(part)]
    if not isinstance(value, str):
        return []
    if value.startswith("="):
        return [value[1:]]
    return [piece.split("}}")[0] for piece in value.split("{{")[1:]]
