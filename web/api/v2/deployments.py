"""Deployments: process models, decision tables and forms, all or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext as _
from marshmallow import fields
from sqlalchemy import Table, func, select

from engine import deployments
from engine.deployments import Resource
from engine.runtime import Work
from engine.store import tables
from web.api.fields import Answer, Body, Key, Text, Whole, tenant
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Rule, Scope
from web.api.v2.decisions import REQUIREMENTS_VERSION, requirements_id

area = Area("部署")

FIELD = "resources"
"""The name of the multipart parts that carry files."""


class DeploymentForm(Body):
    """The text parts beside the files."""

    tenantId = Text()


class DeployedProcess(Answer):
    processDefinitionId = Text(attribute="process_id")
    processDefinitionVersion = Whole(attribute="version")
    resourceName = Text(attribute="resource_name")
    tenantId = tenant()
    processDefinitionKey = Key(attribute="key")


class DeployedDecision(Answer):
    decisionDefinitionId = Text(attribute="decision_id")
    version = Whole()
    name = Text()
    tenantId = tenant()
    decisionRequirementsId = Text(attribute="requirements_id")
    decisionDefinitionKey = Key(attribute="key")
    decisionRequirementsKey = Key(attribute="resource_key")


class DeployedRequirements(Answer):
    decisionRequirementsId = Text(attribute="requirements_id")
    decisionRequirementsName = Text(attribute="requirements_name")
    version = Whole()
    resourceName = Text(attribute="resource_name")
    tenantId = tenant()
    decisionRequirementsKey = Key(attribute="resource_key")


class DeployedForm(Answer):
    formId = Text(attribute="form_id")
    version = Whole()
    resourceName = Text(attribute="resource_name")
    tenantId = tenant()
    formKey = Key(attribute="key")


class DeployedResource(Answer):
    resourceId = Text()
    resourceName = Text()
    version = Whole()
    tenantId = tenant()
    resourceKey = Key()


class DeployedItem(Answer):
    """One thing that was deployed, under its kind; the other kinds are ``null``."""

    processDefinition = fields.Nested(DeployedProcess, allow_none=True)
    decisionDefinition = fields.Nested(DeployedDecision, allow_none=True)
    decisionRequirements = fields.Nested(DeployedRequirements, allow_none=True)
    form = fields.Nested(DeployedForm, allow_none=True)
    resource = fields.Nested(DeployedResource, allow_none=True)


class Deployment(Answer):
    deploymentKey = Key()
    tenantId = tenant()
    deployments = fields.List(fields.Nested(DeployedItem))


KINDS = tuple(DeployedItem().fields)


@area.post(
    "/deployments",
    "createDeployment",
    "部署流程、决策表和表单",
    rule=Rule.ADMINISTRATOR,
    scope=Scope.ADMIN,
    body=DeploymentForm,
    files=FIELD,
    answer=Deployment,
)
def deploy(call: Call) -> dict[str, Any]:
    """Files that have not changed keep their versions and are told all the same."""
    files = [
        Resource(file.filename or "", file.read())
        for name, file in request.files.items(multi=True)
        if name == FIELD
    ]
    if not files:
        raise Problem(400, _("没有收到文件，请用 multipart/form-data 的 resources 字段上传。"))
    deployed = deployments.deploy(call.work, files)
    call.work.flush()
    found = [item for file in files for item in _described(call.work, file)]
    return {
        "deploymentKey": deployed.key or max(key for _item, key in found),
        "deployments": [item for item, _key in found],
    }


def _described(work: Work, file: Resource) -> Iterator[tuple[dict[str, Any], int]]:
    """What a file stands for now, with the key of the deployment that brought it."""
    more: dict[str, Any] = {}
    if file.kind == "dmn":
        own_id, name = requirements_id(file.content)
        more = {"requirements_id": own_id, "requirements_name": name}
    found = [(kind, row) for kind, table, identity in _TABLES for row in _newest(work, table, identity, file)]
    for kind, row in found:
        yield _item(kind, {**row, **more}), row["deployment_key"]
    if file.kind == "dmn" and found:
        row = {**found[0][1], **more, "version": REQUIREMENTS_VERSION}
        yield _item("decisionRequirements", row), row["deployment_key"]


_TABLES: tuple[tuple[str, Table, str], ...] = (
    ("processDefinition", tables.definition, "process_id"),
    ("decisionDefinition", tables.decision, "decision_id"),
    ("form", tables.form, "form_id"),
)


def _newest(work: Work, table: Table, identity: str, file: Resource) -> list[dict[str, Any]]:
    """The newest versions that were read from a file with this content."""
    resource = tables.resource
    own = table.c.resource_key == resource.c.key
    newest = (
        select(table.c[identity], func.max(table.c.version).label("newest"))
        .join(resource, own)
        .where(resource.c.digest == file.digest)
        .group_by(table.c[identity])
        .subquery()
    )
    statement = (
        select(table, resource.c.deployment_key, resource.c.name.label("resource_name"))
        .join(resource, own)
        .join(newest, (newest.c[identity] == table.c[identity]) & (newest.c.newest == table.c.version))
        .order_by(table.c.key)
    )
    return [dict(row) for row in work.connection.execute(statement).mappings()]


def _item(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(KINDS), kind: row}
