"""The audit log: what people did, read from the sealed histories of the matters.

The key of an entry is the key of its matter followed by six digits of its place in the history.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, Select, String, case, cast, func, select, type_coerce

from engine import instances
from engine.runtime import Work
from engine.store import tables
from web.api.fields import Always, Instant, Key, Text
from web.api.operations import Area, Call
from web.api.search import Search
from web.api.v2.columns import OfInstance, belonging, of_instance

area = Area("操作记录")

OPERATIONS = {
    "INSTANCE_STARTED": ("PROCESS_INSTANCE", "CREATE"),
    "INSTANCE_TERMINATED": ("PROCESS_INSTANCE", "CANCEL"),
    "INSTANCE_SUSPENDED": ("PROCESS_INSTANCE", "SUSPEND"),
    "INSTANCE_RESUMED": ("PROCESS_INSTANCE", "RESUME"),
    "INSTANCE_MODIFIED": ("PROCESS_INSTANCE", "MODIFY"),
    "INSTANCE_MIGRATED": ("PROCESS_INSTANCE", "MIGRATE"),
    "INCIDENT_RESOLVED": ("PROCESS_INSTANCE", "RESOLVE"),
    "TASK_CLAIMED": ("USER_TASK", "ASSIGN"),
    "TASK_REASSIGNED": ("USER_TASK", "ASSIGN"),
    "TASK_RELEASED": ("USER_TASK", "UNASSIGN"),
    "TASK_DELEGATED": ("USER_TASK", "ASSIGN"),
    "TASK_RESOLVED": ("USER_TASK", "ASSIGN"),
    "TASK_RECALLED": ("USER_TASK", "ASSIGN"),
    "TASK_UPDATED": ("USER_TASK", "UPDATE"),
    "TASK_SIGNERS_ADDED": ("USER_TASK", "UPDATE"),
    "TASK_SIGNER_REMOVED": ("USER_TASK", "UPDATE"),
    "TASK_RETURNED": ("USER_TASK", "UPDATE"),
    "TASK_TAKEN_BACK": ("USER_TASK", "UPDATE"),
    "TASK_URGED": ("USER_TASK", "UPDATE"),
    "TASK_SIGNED": ("USER_TASK", "COMPLETE"),
    "TASK_ANSWERED": ("USER_TASK", "COMPLETE"),
    "TASK_COMPLETED": ("USER_TASK", "COMPLETE"),
}
"""Kinds of history events that people cause, as (entity type, operation type)."""

CATEGORIES = {"PROCESS_INSTANCE": "DEPLOYED_RESOURCES", "USER_TASK": "USER_TASKS"}
_SEQUENCE = 1_000_000


class AuditLog(OfInstance):
    auditLogKey = Text()
    entityKey = Key()
    entityType = Text()
    operationType = Text()
    batchOperationKey = Always()
    batchOperationType = Always()
    timestamp = Instant()
    actorId = Text(allow_none=True)
    actorType = Text(allow_none=True)
    agentElementId = Always()
    result = Always("SUCCESS")
    category = Text()
    elementInstanceKey = Always()
    jobKey = Always()
    userTaskKey = Key(allow_none=True)
    decisionRequirementsId = Always()
    decisionRequirementsKey = Always()
    decisionDefinitionId = Always()
    decisionDefinitionKey = Always()
    decisionEvaluationKey = Always()
    deploymentKey = Always()
    formKey = Always()
    resourceKey = Always()
    relatedEntityKey = Always()
    relatedEntityType = Always()
    entityDescription = Text(allow_none=True)
    inboundChannelType = Always()
    inboundChannelToolName = Always()


def _mentioned_task(work: Work) -> ColumnElement[Any]:
    data = tables.history.c.data
    document = type_coerce(data, JSON) if work.engine.store.is_sqlite else cast(data, JSON)
    return cast(document["task"].as_string(), BigInteger)


def _entries(work: Work) -> Select[Any]:
    event, instance = tables.history, tables.instance
    task = _mentioned_task(work)
    entity = case({kind: entity for kind, (entity, _) in OPERATIONS.items()}, value=event.c.kind)
    operation = case({kind: operation for kind, (_, operation) in OPERATIONS.items()}, value=event.c.kind)
    place = func.substr(cast(_SEQUENCE + event.c.seq, String), 2)
    return (
        select(
            (cast(event.c.instance_key, String) + place).label("auditLogKey"),
            func.coalesce(task, event.c.instance_key).label("entityKey"),
            entity.label("entityType"),
            operation.label("operationType"),
            event.c.at.label("timestamp"),
            event.c.actor_id.label("actorId"),
            case((event.c.actor_id == "system", "CLIENT"), else_="USER").label("actorType"),
            case(CATEGORIES, value=entity).label("category"),
            *belonging(instance),
            task.label("userTaskKey"),
            event.c.element_name.label("entityDescription"),
        )
        .join(instance, of_instance(event))
        .where(event.c.community == work.community, event.c.kind.in_(OPERATIONS), instances.concerns(work))
    )


AUDIT = Search(_entries, AuditLog, "auditLogKey", "记录")

area.searches("/audit-logs/search", "searchAuditLogs", "查找操作记录", AUDIT)


@area.get("/audit-logs/<digits:key>", "getAuditLog", "查看操作记录", answer=AuditLog)
def show(call: Call, key: str) -> dict[str, Any]:
    return AUDIT.row(call.work, key)
