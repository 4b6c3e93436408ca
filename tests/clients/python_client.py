"""What the Python client ``camunda-orchestration-sdk`` is expected to do here; run with its version's interpreter.

``python python_client.py http://127.0.0.1:8000 FOLDER``: the folder holds the models that
:mod:`tests.clients.models` writes. Prints a line for each thing that worked and ends with status 0, or fails.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk import models as m

VERSION = tuple(map(int, version("camunda-orchestration-sdk").split(".")))
SERVER, FOLDER = sys.argv[1], Path(sys.argv[2])
camunda = CamundaClient(
    configuration={
        "CAMUNDA_REST_ADDRESS": SERVER,
        "CAMUNDA_AUTH_STRATEGY": "BASIC",
        "CAMUNDA_BASIC_AUTH_USERNAME": "admin",
        "CAMUNDA_BASIC_AUTH_PASSWORD": sys.argv[3] if len(sys.argv) > 3 else "demo",
    }
)


def start(process_id: str, **variables: Any) -> Any:
    data = m.ProcessCreationById.from_dict({"processDefinitionId": process_id, "variables": variables})
    return camunda.create_process_instance(data=data).process_instance_key


def deploy(*names: str) -> Any:
    return camunda.deploy_resources_from_files([FOLDER / name for name in names])


def task_of(instance: Any) -> Any:
    data = m.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": instance, "state": "CREATED"}})
    [task] = camunda.search_user_tasks(data=data).items
    return task


def state(instance: Any) -> str:
    return str(camunda.get_process_instance(instance).state.value)


def deploys_and_reads() -> None:
    assert deploy("approval.bpmn", "approval.form", "fees.dmn", "job.bpmn", "waiting.bpmn").deployment_key
    found = camunda.search_process_definitions(
        data=m.ProcessDefinitionSearchQuery.from_dict({"filter": {"processDefinitionId": "approval"}})
    ).items
    assert "审批" in camunda.get_process_definition_xml(found[0].process_definition_key)
    assert camunda.get_topology().gateway_version == "8.9.0"
    assert camunda.get_authentication().username == "admin"


def completes_a_task() -> None:
    instance = start("approval")
    task = task_of(instance)
    assert camunda.get_user_task_form(task.user_task_key).form_id == "approval"
    camunda.assign_user_task(task.user_task_key, data=m.UserTaskAssignmentRequest(assignee="admin"))
    camunda.update_user_task(
        task.user_task_key, data=m.UserTaskUpdateRequest.from_dict({"changeset": {"priority": 80}})
    )
    assert camunda.get_user_task(task.user_task_key).priority == 80
    done = m.UserTaskCompletionRequest.from_dict({"variables": {"opinion": "同意"}})
    camunda.complete_user_task(task.user_task_key, data=done)
    assert state(instance) == "COMPLETED"
    found = camunda.search_variables(
        data=m.VariableSearchQuery.from_dict({"filter": {"processInstanceKey": instance, "name": "opinion"}})
    ).items
    assert [v.value for v in found] == ['"同意"']
    if VERSION >= (10,):  # 9.0 cannot read that an entry belongs to no batch operation
        assert camunda.search_audit_logs(data=m.AuditLogSearchQueryRequest()).items
    elements = camunda.search_element_instances(
        data=m.ElementInstanceSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    ).items
    assert {e.element_id for e in elements} == {"approval", "start", "approve", "end"}


def publishes_messages() -> None:
    for publish, case in ((True, "A"), (False, "B")):
        instance = start("waiting", case_no=case)
        if publish:
            data = m.MessagePublicationRequest(name="answer", correlation_key=case)
            assert camunda.publish_message(data=data).message_key
        else:
            asked = m.MessageCorrelationRequest(name="answer", correlation_key=case)
            assert camunda.correlate_message(data=asked).process_instance_key == instance
        assert state(instance) == "COMPLETED"


def wish(**more: Any) -> Any:
    return m.JobActivationRequest(
        type_="letters.send", timeout=30_000, max_jobs_to_activate=1, worker="w", **more
    )


def works_on_jobs() -> None:
    instance = start("job", address="东街")
    [job] = camunda.activate_jobs(data=wish()).jobs
    assert job.variables.to_dict()["address"] == "东街"
    camunda.fail_job(job.job_key, data=m.JobFailRequest(retries=0, error_message="没纸"))
    incidents = camunda.search_incidents(
        data=m.IncidentSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    ).items
    assert incidents[0].error_type.value == "JOB_NO_RETRIES"
    camunda.update_job(job.job_key, data=m.JobUpdateRequest.from_dict({"changeset": {"retries": 1}}))
    camunda.resolve_incident(incidents[0].incident_key)
    [again] = camunda.activate_jobs(data=wish()).jobs
    camunda.complete_job(again.job_key, data=m.JobCompletionRequest())
    assert state(instance) == "COMPLETED"
    other = start("job")
    [job] = camunda.activate_jobs(data=wish()).jobs
    camunda.throw_job_error(job.job_key, data=m.JobErrorRequest(error_code="REFUSED"))
    assert state(other) == "COMPLETED"


def decides() -> None:
    data = m.DecisionEvaluationByID.from_dict({"decisionDefinitionId": "fee", "variables": {"people": 4}})
    answer = camunda.evaluate_decision(data=data)
    assert answer.output == '{"price":100,"why":"少"}'
    assert answer.evaluated_decisions[0].matched_rules[0].rule_id == "few"


def changes_instances() -> None:
    deploy("steps.bpmn")
    instance = start("steps")
    camunda.modify_process_instance(
        instance,
        data=m.ProcessInstanceModificationInstruction.from_dict(
            {"activateInstructions": [{"elementId": "b"}], "terminateInstructions": [{"elementId": "a"}]}
        ),
    )
    assert task_of(instance).element_id == "b"
    target = deploy("steps2.bpmn").processes[0].process_definition_key
    plan = {
        "targetProcessDefinitionKey": target,
        "mappingInstructions": [{"sourceElementId": "b", "targetElementId": "c"}],
    }
    camunda.migrate_process_instance(instance, data=m.ProcessInstanceMigrationInstruction.from_dict(plan))
    assert task_of(instance).element_id == "c"
    camunda.cancel_process_instance(instance, data=None)
    assert state(instance) == "TERMINATED"


for step in (
    deploys_and_reads,
    completes_a_task,
    publishes_messages,
    works_on_jobs,
    decides,
    changes_instances,
):
    step()
    print("ok", step.__name__)
