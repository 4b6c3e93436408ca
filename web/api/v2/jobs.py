"""Jobs: service tasks that programs outside do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response
from flask_babel import gettext as _
from marshmallow import fields
from marshmallow.validate import Length
from sqlalchemy import Select, case, literal, select

from engine import external_jobs
from engine.external_jobs import Leased, Wish
from engine.runtime import Work
from engine.store import tables
from web.api import waiting
from web.api.conditions import Rows
from web.api.fields import (
    MAX_KEY,
    TENANT,
    Always,
    Answer,
    Body,
    Flag,
    Instant,
    Key,
    Text,
    Variables,
    Whole,
    tenant,
)
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Rule, Scope
from web.api.search import Search
from web.api.v2.columns import OfElement, belonging, of_instance

area = Area("作业")

WORKING: dict[str, Any] = {"rule": Rule.ADMINISTRATOR, "scope": Scope.JOBS}
"""Workers speak for the installation: an administrator gives them a token that is good for jobs."""

MAX_MS = 24 * 3600 * 1000
MAX_JOBS = 100


class Activation(Body):
    """What a worker asks for; times are milliseconds, ``requestTimeout`` 0 leaves the waiting time to the server."""

    type = Text(required=True, longest=255, shortest=1)
    timeout = Whole(required=True, least=1, most=MAX_MS)
    maxJobsToActivate = Whole(required=True, least=1)
    worker = Text(load_default="default", longest=255, allow_none=True)
    fetchVariable = fields.List(Text(longest=255), load_default=list, allow_none=True)
    requestTimeout = Whole(load_default=0, allow_none=True)
    tenantIds = fields.List(Text(), allow_none=True)
    tenantFilter = Text(allow_none=True)
    withLease = Flag(allow_none=True)


class ActivatedJob(OfElement):
    type = Text()
    processDefinitionVersion = Whole()
    customHeaders = fields.Dict()
    worker = Text()
    retries = Whole()
    deadline = fields.Integer()
    variables = fields.Dict()
    physicalTenantId = tenant()
    jobKey = Key()
    kind = Always("BPMN_ELEMENT")
    listenerEventType = Always("UNSPECIFIED")
    userTask = Always()
    tags = Always([])
    businessId = Always()
    priority = Always(0)
    jobLeaseToken = Always()


class ActivatedJobs(Answer):
    jobs = fields.List(fields.Nested(ActivatedJob))


class Completion(Body):
    variables = Variables(load_default=dict, allow_none=True)
    result = fields.Dict(allow_none=True, validate=Length(max=0))
    jobLeaseToken = Text(allow_none=True)
    businessId = Text(allow_none=True)


class Failure(Body):
    retries = Whole(load_default=0, allow_none=True)
    errorMessage = Text(load_default="", longest=10_000, allow_none=True)
    retryBackOff = Whole(load_default=0, least=0, most=MAX_MS, allow_none=True)
    variables = Variables(load_default=dict, allow_none=True)
    jobLeaseToken = Text(allow_none=True)


class ThrownError(Body):
    errorCode = Text(required=True, longest=255, shortest=1)
    errorMessage = Text(load_default="", longest=10_000, allow_none=True)
    variables = Variables(load_default=dict, allow_none=True)
    jobLeaseToken = Text(allow_none=True)


class JobChangeset(Body):
    retries = Whole(least=1, allow_none=True)
    timeout = Whole(least=1, most=MAX_MS, allow_none=True)


class JobUpdate(Body):
    changeset = fields.Nested(JobChangeset, required=True)
    operationReference = Whole(least=1, most=MAX_KEY)
    jobLeaseToken = Text(allow_none=True)


class Job(OfElement):
    customHeaders = fields.Dict()
    deadline = Instant(allow_none=True)
    deniedReason = Always()
    endTime = Always()
    errorCode = Always()
    errorMessage = Text(allow_none=True)
    hasFailedWithRetriesLeft = Flag()
    isDenied = Always()
    jobKey = Key()
    kind = Always("BPMN_ELEMENT")
    listenerEventType = Always("UNSPECIFIED")
    businessId = Always()
    retries = Whole()
    state = Text()
    type = Text()
    worker = Text()
    creationTime = Instant()
    lastUpdateTime = Always()
    priority = Always(0)
    tags = Always([])


def _jobs(work: Work) -> Select[Any]:
    job, instance = tables.external_job, tables.instance
    failed = job.c.error.is_not(None) & job.c.worker.is_(None)
    return (
        select(
            job.c.deadline,
            job.c.element_id.label("elementId"),
            job.c.element_key.label("elementInstanceKey"),
            job.c.error.label("errorMessage"),
            (failed & (job.c.retries > 0)).label("hasFailedWithRetriesLeft"),
            job.c.key.label("jobKey"),
            *belonging(instance),
            job.c.retries,
            case((failed, literal("FAILED")), else_="CREATED").label("state"),
            job.c.type,
            case((job.c.worker.is_(None), ""), else_=job.c.worker).label("worker"),
            job.c.created_at.label("creationTime"),
        )
        .join(instance, of_instance(job))
        .where(job.c.community == work.community)
    )


def _with_headers(work: Work, rows: Rows) -> None:
    for row in rows:
        model = work.engine.catalogue.model(work.connection, row["processDefinitionKey"])
        row["customHeaders"] = dict(model.nodes[row["elementId"]].headers)


JOBS = Search(_jobs, Job, "jobKey", "作业", complete=_with_headers)

area.searches("/jobs/search", "searchJobs", "查找等待外部程序的作业", JOBS, rule=Rule.OVERSEER)


@area.post(
    "/jobs/activation",
    "activateJobs",
    "领取作业；没有时等一会儿",
    body=Activation,
    answer=ActivatedJobs,
    **WORKING,
)
def activate(call: Call) -> dict[str, Any] | Response:
    """Answers at once when there are jobs; else the answer says how long it may be held back."""
    asked = call.body
    wish = Wish(
        type=asked["type"],
        worker=asked["worker"] or "default",
        timeout=timedelta(milliseconds=asked["timeout"]),
        limit=min(asked["maxJobsToActivate"], MAX_JOBS),
        variables=frozenset(asked["fetchVariable"] or ()),
    )
    foreign = asked.get("tenantIds") and TENANT not in asked["tenantIds"]
    leased = [] if foreign else external_jobs.activate(call.work, wish)
    if not leased:
        waiting.may_wait(wish.type, asked["requestTimeout"] or 0)
    return {"jobs": [_shown(job) for job in leased]}


def _shown(job: Leased) -> dict[str, Any]:
    return {
        "type": job.type,
        "processDefinitionId": job.process_id,
        "processDefinitionVersion": job.process_version,
        "elementId": job.element_id,
        "customHeaders": dict(job.headers),
        "worker": job.worker,
        "retries": job.retries,
        "deadline": int(job.deadline.timestamp() * 1000),
        "variables": dict(job.variables),
        "jobKey": job.key,
        "processInstanceKey": job.instance_key,
        "rootProcessInstanceKey": None,  # not worth another look at the matter
        "processDefinitionKey": job.definition_key,
        "elementInstanceKey": job.element_key,
    }


@area.post("/jobs/<key:key>/completion", "completeJob", "办结作业", body=Completion, **WORKING)
def complete(call: Call, key: int) -> None:
    external_jobs.complete(call.work, key, call.body["variables"] or {})


@area.post("/jobs/<key:key>/failure", "failJob", "报告作业没有办成", body=Failure, **WORKING)
def fail(call: Call, key: int) -> None:
    asked = call.body
    external_jobs.fail(
        call.work,
        key,
        retries=asked["retries"] or 0,
        message=asked["errorMessage"] or "",
        pause=timedelta(milliseconds=asked["retryBackOff"] or 0),
        variables=asked["variables"],
    )


@area.post(
    "/jobs/<key:key>/error",
    "throwJobError",
    "报告业务错误，由模型里的错误事件接住",
    body=ThrownError,
    **WORKING,
)
def throw_error(call: Call, key: int) -> None:
    asked = call.body
    external_jobs.throw_error(
        call.work, key, asked["errorCode"], asked["errorMessage"] or "", asked["variables"] or {}
    )


@area.patch("/jobs/<key:key>", "updateJob", "改作业的剩余次数或租期", body=JobUpdate, **WORKING)
def update(call: Call, key: int) -> None:
    changes = call.body["changeset"]
    retries, timeout = changes.get("retries"), changes.get("timeout")
    if retries is None and timeout is None:
        raise Problem(400, _("没有写要改什么：retries 或 timeout。"))
    lease = None if timeout is None else timedelta(milliseconds=timeout)
    external_jobs.update(call.work, key, retries=retries, timeout=lease)
