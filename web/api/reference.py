"""The part of ``docs/reference/api.md`` that follows from the operations: ``python -m web.api.reference FILE`` renews it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from web import api
from web.api.openapi import shown_path
from web.api.operations import Area, Operation
from web.api.rules import Rule

MARK = "<!-- 以下由 python -m web.api.reference 生成 -->"

WHO = {
    Rule.EVERYBODY: "任何人",
    Rule.MEMBER: "登录的人，限与自己有关的内容",
    Rule.OVERSEER: "管理员、审计员",
    Rule.ADMINISTRATOR: "管理员",
}

EXAMPLES: dict[str, Any] = {
    "createProcessInstance": {"processDefinitionId": "deliberation_meeting"},
    "cancelProcessInstance": None,
    "modifyProcessInstance": {"activateInstructions": [{"elementId": "minutes"}]},
    "migrateProcessInstance": {
        "targetProcessDefinitionKey": "2251799813685249",
        "mappingInstructions": [{"sourceElementId": "minutes", "targetElementId": "minutes"}],
    },
    "suspendProcessInstance": {"reason": "等街道答复"},
    "endProcessInstance": {"reason": "重复立项"},
    "previewModification": {"activateInstructions": [{"elementId": "minutes"}]},
    "previewMigration": {"targetProcessDefinitionKey": "2251799813685249"},
    "assignUserTask": {"assignee": "u0102"},
    "updateUserTask": {"changeset": {"priority": 80}},
    "completeUserTask": {"variables": {"decision": "纳入议程"}},
    "transferUserTask": {"assignee": "u0103", "reason": "出差"},
    "delegateUserTask": {"assignee": "u0103", "reason": "请先到现场核实"},
    "resolveUserTask": {"note": "已核实，情况属实"},
    "addSigners": {"persons": ["u0103", "u0104"], "reason": "涉及费用，请先看看"},
    "removeSigner": {"reason": "已当面问过"},
    "returnUserTask": {"target": "topic_screening", "reason": "材料不全"},
    "urgeUserTask": {"note": "居民在等回复"},
    "sendCopies": {"persons": ["u0105"], "note": "请阅知"},
    "addComment": {"text": "已联系物业，周三上门"},
    "withdrawMatter": {"reason": "已经修好了"},
    "checkReceipt": {"receipt": "7K2M-9QX3-D4HT-8WPA"},
    "objectToNotice": {
        "variables": {
            "objection_type": "计票错误",
            "content": "公示的同意票数与现场唱票的数目不一致，请复核。",
        }
    },
    "saveDraft": {"data": {"opinion": "待定"}},
    "castBallot": {"variables": {"choice": "同意", "confirm": True}},
    "createElementInstanceVariables": {"variables": {"title": "修路"}},
    "publishMessage": {"name": "msg_objection", "correlationKey": "YSH-2026-0001", "timeToLive": 60000},
    "correlateMessage": {"name": "msg_objection", "correlationKey": "YSH-2026-0001"},
    "broadcastSignal": {"signalName": "alarm"},
    "activateJobs": {"type": "letters.send", "timeout": 60000, "maxJobsToActivate": 1, "worker": "printer"},
    "completeJob": {"variables": {"tracking": "X1"}},
    "failJob": {"retries": 2, "errorMessage": "打印机没纸"},
    "throwJobError": {"errorCode": "REFUSED"},
    "updateJob": {"changeset": {"retries": 3}},
    "resolveIncident": None,
    "evaluateDecision": {"decisionDefinitionId": "quorum_check", "variables": {"present": 6}},
    "evaluateExpression": {"expression": "=1 + 1"},
    "pinClock": {"timestamp": 1795392000000},
    "createApiToken": {"name": "报表", "scopes": ["read"]},
    "readNotifications": {"ids": ["118078985286201344"]},
}
"""A body for each operation that takes one; searches share :data:`SEARCH`."""

SEARCH = {"page": {"limit": 10}}
FILES = {"resources": ("approval.bpmn", "approval.form"), "file": ("photo.jpg",)}
"""Files to send, by the name of the multipart part."""


def body(operation: Operation) -> Any:
    """What the operation may be asked, for the example."""
    return SEARCH if operation.search else EXAMPLES.get(operation.id)


def curl(prefix: str, operation: Operation) -> str:
    """One line that calls the operation."""
    parts = ["curl"]
    if operation.method != "GET":
        parts.append(f"-X {operation.method}")
    if operation.rule is not Rule.EVERYBODY:
        parts.append("-u mishu" if operation.id == "createApiToken" else '-H "Authorization: Bearer $TOKEN"')
    if operation.files:
        parts += [f"-F {operation.files}=@{name}" for name in FILES[operation.files]]
    elif body(operation) is not None:
        parts.append(f"-d '{json.dumps(body(operation), ensure_ascii=False)}'")
    path = shown_path(operation)
    for name, _kind in operation.parameters:
        path = path.replace(f"{{{name}}}", f"${name.upper()}")
    return " ".join([*parts, f'"$YISHI{prefix}{path}"'])


def python(prefix: str, operation: Operation) -> str:
    """One line that calls the operation with the ``call`` of the reference's beginning."""
    path = f'"{prefix}{shown_path(operation)}"'
    arguments = [f'"{operation.method}"', f"f{path}" if operation.parameters else path]
    if operation.files:
        sent = ", ".join(f'("{operation.files}", open("{name}", "rb"))' for name in FILES[operation.files])
        arguments.append(f"files=[{sent}]")
    elif body(operation) is not None:
        arguments.append(_literal(body(operation)))
    return f"call({', '.join(arguments)})"


def _literal(value: Any) -> str:
    """A JSON value as Python writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(name)}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _lines() -> Iterator[str]:
    for prefix, areas in api.BLUEPRINTS.values():
        yield f"## {prefix}"
        for area in areas:
            yield from _area(prefix, area)


def _area(prefix: str, area: Area) -> Iterator[str]:
    yield f"### {area.name}"
    for operation in area.operations:
        scope = "" if operation.rule is Rule.EVERYBODY else f"；令牌范围 `{operation.scope}`"
        yield f"**{operation.summary}** · `{operation.id}` · {WHO[operation.rule]}{scope}"
        yield f"```sh\n{curl(prefix, operation)}\n```"
        yield f"`{python(prefix, operation)}`"


def text() -> str:
    """The generated part."""
    return "\n\n".join([MARK, *_lines()]) + "\n"


def renew(file: Path) -> None:
    """Replace the generated part of the file."""
    written, _, _ = file.read_text("utf-8").partition(MARK)
    file.write_text(written + text(), "utf-8")


if __name__ == "__main__":
    renew(Path(sys.argv[1]))
