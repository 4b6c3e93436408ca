"""Every user task can be done by somebody: its groups, or its lane, are roles of the organisation."""

from __future__ import annotations

from collections.abc import Iterator

from engine.expressions import as_names
from engine.interpreter.model import Node, NodeType, ProcessModel
from engine.lint.ground import Ground
from engine.rosters import NAME, is_roster


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.type is NodeType.USER_TASK and is_roster(node.headers):
            name = node.headers.get(NAME, "")
            if not ground.has_roster(name):
                yield node.id, f"不认识名册“{name}”，请在任务头 gov.roster 里改用已有的名册。"
        elif node.type is NodeType.USER_TASK:
            for role in _literal_roles(node):
                if not ground.has_role(role):
                    yield node.id, f"不认识角色“{role}”，请改用组织里已有的角色。"
            if node.assignment is None and not node.lane:
                yield node.id, "这项任务没有指定谁来办，请填写办理人、候选组或放进泳道。"


def _literal_roles(node: Node) -> list[str]:
    if node.assignment is None:
        return [node.lane] if node.lane else []
    groups = node.assignment.candidate_groups
    return as_names(groups.text) if groups is not None and groups.is_literal else []
