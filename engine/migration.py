"""Moving a running matter to another version of its process, element by element.

Every active element is named with the element it becomes, of the same type and in the corresponding scope. Open
tasks keep their form, candidates and dates; what an element waits for goes on waiting where the new version has
the event too, and begins to wait where the new version adds one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from engine.errors import ModelFault, NotFound, Refusal
from engine.interpreter import triggers
from engine.interpreter.elements import INCIDENT, PROCESS, Element
from engine.interpreter.execution import Execution
from engine.interpreter.model import ProcessModel
from engine.modification import elements
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work

NAMING = (tables.element, tables.user_task, tables.external_job, tables.incident)
"""Where rows bear the id of the element they belong to."""

WAITING = (tables.timer, tables.subscription)
"""Where rows bear the id of an event that an element waits for."""


class MigrationRefused(Refusal):
    """The matter stays where it is; the sentence names every element that does not fit."""


def migrate(work: Work, key: int, target_key: int, mapping: Mapping[str, str]) -> None:
    """Let the matter run on with another definition; ``mapping`` is from element ids of the old to the new."""
    execution = work.execution(key)
    execution.require_active()
    target = _model(work, target_key)
    active = list(elements(execution))
    problems = _judged(execution, target, active, mapping)
    if problems:
        raise MigrationRefused("事项没有迁移：" + "；".join(problems) + "。")
    told = {"from": str(execution.row["definition_key"]), "to": str(target_key), "mapping": dict(mapping)}
    execution.record("INSTANCE_MIGRATED", execution.model.process_id, told)
    execution.change(definition_key=target_key, process_id=target.process_id)
    work.flush()
    renamed = {**mapping, execution.model.process_id: target.process_id}
    _rename(work, active, renamed, target)
    _listen_anew(work.adopt(execution.row), active, mapping)
    work.settle()


@dataclass(frozen=True, slots=True)
class Affected:
    """A matter that runs on a definition, and why it could not be migrated (sentences); none if it could."""

    key: int
    matter_no: str
    title: str
    problems: Sequence[str]


def dry_run(
    work: Work, definition_key: int, target_key: int, mapping: Mapping[str, str] | None = None
) -> list[Affected]:
    """Every matter that runs on a definition, with what would keep it from being migrated; nothing is locked.

    Without ``mapping`` each element becomes the one of the same id, as :func:`same_ids` gives it.
    """
    target = _model(work, target_key)
    table = tables.instance
    match = {"community": work.community, "definition_key": definition_key, "state": "ACTIVE"}
    rows = work.connection.execute(select(table).filter_by(**match).order_by(table.c.key)).mappings().all()
    source = _model(work, definition_key)
    pairs = same_ids(source, target) if mapping is None else mapping
    found = []
    for row in rows:
        execution = Execution(work, dict(row), source)
        problems = _judged(execution, target, list(elements(execution)), pairs)
        found.append(Affected(row["key"], row["matter_no"], row["title"], problems))
    return found


def same_ids(source: ProcessModel, target: ProcessModel) -> dict[str, str]:
    """The mapping that suggests itself: elements of the same id and kind."""
    return {
        node.id: node.id
        for node in source.nodes.values()
        if node.id in target.nodes and source.tag(node.id) == target.tag(node.id)
    }


def _judged(
    execution: Execution, target: ProcessModel, active: list[Element], mapping: Mapping[str, str]
) -> list[str]:
    resting = ["它已暂停办理，请先恢复"] if execution.is_resting else []
    return [*resting, *_misfits(execution, target, active, mapping), *_waiting_joins(execution, target)]


def _model(work: Work, definition_key: int) -> ProcessModel:
    statement = select(tables.definition.c.key).filter_by(key=definition_key)
    if work.connection.execute(statement).first() is None:
        raise NotFound("流程")
    return work.engine.catalogue.model(work.connection, definition_key)


# -- judging -----------------------------------------------------------------------------------------


def _misfits(
    execution: Execution, target: ProcessModel, active: list[Element], mapping: Mapping[str, str]
) -> list[str]:
    """A sentence for each active element that has no fitting counterpart."""
    source = execution.model
    scopes = {**mapping, source.process_id: target.process_id}
    found: dict[str, str] = {}
    for element in active:
        if element.kind == PROCESS:
            continue
        old, new = source.nodes[element.element_id], target.nodes.get(mapping.get(element.element_id, ""))
        if new is None:
            found[old.id] = f"“{old.name}”没有写明对应哪个元素，或新版本没有这个元素"
        elif source.tag(old.id) != target.tag(new.id):
            found[old.id] = f"“{old.name}”与“{new.name}”类型不同"
        elif new.scope != scopes.get(old.scope):
            found[old.id] = f"“{new.name}”不在对应的子流程里"
        elif (old.loop is None) != (new.loop is None):
            found[old.id] = f"“{old.name}”与“{new.name}”只有一个是多实例"
    return list(found.values())


def _waiting_joins(execution: Execution, target: ProcessModel) -> list[str]:
    """Tokens before a joining gateway stay there: the new version must have it with the same flows."""
    table = tables.arrival
    own = {"community": execution.work.community, "instance_key": execution.key}
    rows = execution.work.connection.execute(select(table.c.gateway_id, table.c.flow_id).filter_by(**own))
    return [
        f"网关“{row.gateway_id}”前有等待的分支，而新版本没有同样的连线“{row.flow_id}”"
        for row in rows
        if row.flow_id not in target.flows or target.flows[row.flow_id].target != row.gateway_id
    ]


# -- moving ------------------------------------------------------------------------------------------


def _rename(work: Work, active: list[Element], renamed: Mapping[str, str], target: ProcessModel) -> None:
    for element in active:
        new = renamed[element.element_id]
        for table in NAMING:
            column = table.c.key if table is tables.element else table.c.element_key
            match = (table.c.community == work.community, column == element.key)
            work.connection.execute(table.update().where(*match).values(element_id=new))
        own = (tables.user_task.c.community == work.community, tables.user_task.c.element_key == element.key)
        if new in target.nodes:
            named = tables.user_task.update().where(*own, tables.user_task.c.signs_for.is_(None))
            work.connection.execute(named.values(name=target.nodes[new].name))


def _listen_anew(execution: Execution, active: list[Element], mapping: Mapping[str, str]) -> None:
    """Keep the waits that the new version has too, drop the others, begin those it adds."""
    for before in active:
        element = execution.elements.get(before.key)
        assert element is not None
        if element.state == INCIDENT:  # it waits for nothing until it is tried again
            continue
        events = {node.id: node for node in triggers.hosted(execution, element) if node.event is not None}
        kept = {new for table in WAITING for new in _rename_waits(execution, table, element, mapping, events)}
        try:
            for event_id in events.keys() - kept:
                triggers.listen(execution, element, events[event_id])
        except ModelFault as fault:
            raise MigrationRefused(f"事项没有迁移：{fault}") from fault


def _rename_waits(
    execution: Execution,
    table: Table,
    element: Element,
    mapping: Mapping[str, str],
    events: Mapping[str, Any],
) -> set[str]:
    """The events whose rows in this table wait on, under their new ids."""
    work = execution.work
    statement = select(table.c.key, table.c.event_id).filter_by(
        community=work.community, element_key=element.key
    )
    kept: set[str] = set()
    for row in work.connection.execute(statement).all():
        new = mapping.get(row.event_id)
        match = (table.c.community == work.community, table.c.key == row.key)
        if new in events:
            work.connection.execute(table.update().where(*match).values(event_id=new))
            kept.add(str(new))
        else:
            work.connection.execute(table.delete().where(*match))
    return kept
