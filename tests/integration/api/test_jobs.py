"""Programs outside take jobs, answer them, or say why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import VirtualClock
from tests.databases import database_url  # noqa: F401 - these on both databases
from tests.integration.api.conftest import Api
from tests.integration.api.models import JOB, chain, element, process
from web.api.rules import Scope
from web.api.waiting import MARK, read_mark

Connect = Callable[..., Api]
WISH = {"type": "letters.send", "timeout": 60_000, "maxJobsToActivate": 5, "worker": "w1"}


@pytest.fixture
def instance(admin: Api) -> str:
    admin.deploy(("job.bpmn", JOB))
    return admin.start("job", address="东街 1 号", count=3)


def take(api: Api, **more: Any) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = api.post("/v2/jobs/activation", {**WISH, **more})["jobs"]
    return jobs


def test_a_worker_takes_a_job_and_completes_it(instance: str, admin: Api):
    [job] = take(admin, fetchVariable=["address"])
    assert job["variables"] == {"address": "东街 1 号"}
    assert job["customHeaders"]["paper"] == "A4"
    assert (job["processInstanceKey"], job["worker"], job["retries"]) == (instance, "w1", 3)
    admin.post(f"/v2/jobs/{job['jobKey']}/completion", {"variables": {"tracking": "X1"}}, status=204)
    assert admin.get(f"/v2/process-instances/{instance}")["state"] == "COMPLETED"
    [tracking] = admin.search("variables", processInstanceKey=instance, name="tracking")
    assert tracking["value"] == '"X1"'


def test_a_leased_job_is_not_given_twice_until_the_lease_runs_out(
    instance: str, admin: Api, clock: VirtualClock
):
    [first] = take(admin)
    assert take(admin) == []
    clock.advance(timedelta(seconds=61))
    [again] = take(admin)
    assert again["jobKey"] == first["jobKey"]


def test_a_worker_keeps_its_lease_longer(instance: str, admin: Api, clock: VirtualClock):
    [job] = take(admin)
    admin.call("PATCH", f"/v2/jobs/{job['jobKey']}", {"changeset": {"timeout": 600_000}}, status=204)
    clock.advance(timedelta(seconds=61))
    assert take(admin) == []


def test_a_failed_job_comes_back_after_its_pause(instance: str, admin: Api, clock: VirtualClock):
    [job] = take(admin)
    body = {"retries": 2, "errorMessage": "打印机没纸", "retryBackOff": 5000}
    admin.post(f"/v2/jobs/{job['jobKey']}/failure", body, status=204)
    assert take(admin) == []
    [shown] = admin.search("jobs")
    assert (shown["state"], shown["errorMessage"], shown["hasFailedWithRetriesLeft"]) == (
        "FAILED",
        "打印机没纸",
        True,
    )
    clock.advance(timedelta(seconds=5))
    [again] = take(admin)
    assert again["retries"] == 2


def test_a_job_without_tries_left_becomes_an_incident_that_can_be_resolved(instance: str, admin: Api):
    [job] = take(admin)
    admin.post(f"/v2/jobs/{job['jobKey']}/failure", {"retries": 0, "errorMessage": "停电"}, status=204)
    [incident] = admin.search("incidents", processInstanceKey=instance)
    assert (incident["errorType"], incident["state"]) == ("JOB_NO_RETRIES", "ACTIVE")
    assert "停电" in incident["errorMessage"]
    assert admin.get(f"/v2/process-instances/{instance}")["hasIncident"] is True
    assert take(admin) == []
    admin.call("PATCH", f"/v2/jobs/{job['jobKey']}", {"changeset": {"retries": 1}}, status=204)
    admin.post(f"/v2/incidents/{incident['incidentKey']}/resolution", status=204)
    [again] = take(admin)
    assert again["jobKey"] == job["jobKey"]
    assert admin.get(f"/v2/incidents/{incident['incidentKey']}")["state"] == "RESOLVED"


def test_a_job_in_an_incident_cannot_be_completed(instance: str, admin: Api):
    [job] = take(admin)
    admin.post(f"/v2/jobs/{job['jobKey']}/failure", {"retries": 0}, status=204)
    assert admin.post(f"/v2/jobs/{job['jobKey']}/completion", status=409)["title"] == "INVALID_STATE"


def test_a_reported_error_is_caught_by_the_model(instance: str, admin: Api):
    [job] = take(admin)
    admin.post(
        f"/v2/jobs/{job['jobKey']}/error", {"errorCode": "REFUSED", "errorMessage": "退信"}, status=204
    )
    assert {e["elementId"] for e in admin.search("element-instances", state="COMPLETED")} >= {
        "refused",
        "returned",
    }
    assert admin.search("jobs") == []


def test_an_error_nobody_catches_becomes_an_incident(instance: str, admin: Api):
    [job] = take(admin)
    admin.post(f"/v2/jobs/{job['jobKey']}/error", {"errorCode": "OTHER"}, status=204)
    [incident] = admin.search("incidents")
    assert incident["errorType"] == "UNHANDLED_ERROR_EVENT"


def test_an_incident_ends_with_its_matter(instance: str, admin: Api):
    [job] = take(admin)
    admin.post(f"/v2/jobs/{job['jobKey']}/failure", {"retries": 0}, status=204)
    admin.post(f"/v2/process-instances/{instance}/cancellation", status=204)
    assert [incident["state"] for incident in admin.search("incidents")] == ["RESOLVED"]
    assert admin.get(f"/v2/process-instances/{instance}")["hasIncident"] is False


def test_a_cancelled_matter_takes_its_jobs_along(instance: str, admin: Api):
    [job] = take(admin)
    admin.post(f"/v2/process-instances/{instance}/cancellation", status=204)
    admin.post(f"/v2/jobs/{job['jobKey']}/completion", status=404)


def test_a_type_nobody_handles_is_refused_unless_it_is_marked(admin: Api):
    body = (
        element("startEvent", "s")
        + element("serviceTask", "t", '<zeebe:taskDefinition type="typo"/>')
        + chain("s", "t")
    )
    problem = admin.deploy(("x.bpmn", process("x", body)), status=400)
    assert "gov.worker=external" in problem["detail"]


@pytest.mark.parametrize(("asked", "seconds"), [(0, 10.0), (2500, 2.5), (10**7, 60.0), (-1, None)])
def test_an_empty_answer_says_how_long_it_may_be_held_back(
    instance: str, admin: Api, asked: int, seconds: float | None
):
    mark = admin.send(
        "POST", "/v2/jobs/activation", {**WISH, "type": "别的", "requestTimeout": asked}
    ).headers.get(MARK)
    assert (mark and read_mark(mark)) == (seconds and (seconds, "别的"))


def test_a_token_for_jobs_is_good_for_nothing_else(instance: str, api: Connect):
    worker = api("admin", (Scope.JOBS,))
    assert take(worker)
    worker.get(f"/v2/process-instances/{instance}", status=403)
    api("resident").post("/v2/jobs/activation", WISH, status=403)
