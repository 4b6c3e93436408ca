"""What a model may name: forms, decisions, processes, roles, services, variables. Choices for the editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import deployments, documents
from engine.runtime import Work
from engine.schemas import SchemaUnreadable, components, read_schema
from workflows.organisation.rules import LANES, LaneKind
from workflows.workbench.model import DraftFile

Choice = dict[str, str]

_TYPES = {
    "number": "number",
    "checkbox": "boolean",
    "datetime": "date",
    "dynamiclist": "list",
    "checklist": "list",
}


def title(file: DraftFile) -> str:
    """What people call a file: the name of what it defines."""
    found = documents.identities(file.name, file.content)
    return found[0].name if found else file.name.rsplit("/", 1)[-1]


def words(work: Work, files: Iterable[DraftFile]) -> dict[str, Any]:
    """Everything a drawing may name, each as ``{value, label}``; variables as ``{name, type, detail, origin}``."""
    files = list(files)
    registry = work.engine.registry
    return {
        "forms": _defined(work, files, "form"),
        "decisions": _defined(work, files, "decision"),
        "processes": _choices(deployments.names(work, "process")),
        "roles": _choices(
            {word: lane.title for word, lane in LANES.items() if lane.kind is not LaneKind.NOBODY}
        ),
        "services": _choices({name: name for name in registry.job_types()}),
        "rosters": _choices({name: name for name in registry.roster_names()}),
        "functions": sorted(registry.functions()),
        "variables": list(_variables(work, files)),
    }


def _defined(work: Work, files: Iterable[DraftFile], kind: str) -> list[Choice]:
    own = {
        i.id: i.name
        for file in files
        for i in documents.identities(file.name, file.content)
        if i.kind == kind
    }
    return _choices({**deployments.names(work, kind), **own})


def _choices(names: Mapping[str, str]) -> list[Choice]:
    return [
        {"value": value, "label": label} for value, label in sorted(names.items(), key=lambda item: item[1])
    ]


def _variables(work: Work, files: Iterable[DraftFile]) -> Iterator[dict[str, str]]:
    """What the forms and tables of the draft write."""
    readers = {"form": _fields, "dmn": _results}
    for file in files:
        if file.kind in readers:
            origin = title(file)
            for name, kind, detail in readers[file.kind](file.content):
                yield {"name": name, "type": kind, "detail": detail, "origin": origin}


def _fields(content: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        yield from _keys(read_schema(content))
    except SchemaUnreadable:
        return


def _keys(part: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for component in components(part):
        kind = str(component.get("type", ""))
        name = component.get("key") or component.get("path")
        if name:
            yield str(name), _TYPES.get(kind, "string"), str(component.get("label") or name)
        if kind != "dynamiclist":  # what stands in its rows belongs to the list
            yield from _keys(component)


def _results(content: bytes) -> Iterator[tuple[str, str, str]]:
    for column in documents.outputs(content):
        yield column.id, column.kind, column.name
