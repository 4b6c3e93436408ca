// What the npm client `@camunda8/orchestration-cluster-api` is expected to do here, with its own schemas checking every
// request and every answer strictly. `node typescript_client.mjs http://127.0.0.1:8000 FOLDER`, from a folder in which the
// client is installed; FOLDER holds the models that tests/clients/models.py writes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [server, folder, password = "demo"] = process.argv.slice(2);
const installed = createRequire(join(process.cwd(), "package.json")).resolve("@camunda8/orchestration-cluster-api");
const { createCamundaClient } = await import(pathToFileURL(installed));
const connect = (CAMUNDA_SDK_VALIDATION) => createCamundaClient({
  config: {
    CAMUNDA_REST_ADDRESS: server,
    CAMUNDA_AUTH_STRATEGY: "BASIC",
    CAMUNDA_BASIC_AUTH_USERNAME: "admin",
    CAMUNDA_BASIC_AUTH_PASSWORD: password,
    CAMUNDA_SDK_VALIDATION,
  },
});
const camunda = connect("req:strict,res:strict");
const NOW = { consistency: { waitUpToMs: 0 } };

const deploy = async (...names) =>
  camunda.createDeployment({
    resources: await Promise.all(names.map(async (name) => new File([await readFile(join(folder, name))], name))),
  });
const start = async (processDefinitionId, variables = {}) =>
  (await camunda.createProcessInstance({ processDefinitionId, variables })).processInstanceKey;
const state = async (processInstanceKey) => (await camunda.getProcessInstance({ processInstanceKey }, NOW)).state;
const taskOf = async (processInstanceKey) =>
  (await camunda.searchUserTasks({ filter: { processInstanceKey, state: "CREATED" } }, NOW)).items[0];

const steps = {
  async deploysAndReads() {
    await deploy("approval.bpmn", "approval.form", "fees.dmn", "job.bpmn", "waiting.bpmn");
    const found = await camunda.searchProcessDefinitions(
      { filter: { processDefinitionId: "approval", isLatestVersion: true } }, NOW);
    assert.equal(found.items[0].name, "审批");
    const { processDefinitionKey } = found.items[0];
    assert.match(await camunda.getProcessDefinitionXml({ processDefinitionKey }, NOW), /审批/);
    assert.equal((await camunda.getTopology()).gatewayVersion, "8.9.0");
    assert.equal((await camunda.getAuthentication()).username, "admin");
    assert.equal((await camunda.getLicense()).validLicense, false);
    await camunda.searchDecisionDefinitions({}, NOW);
    await camunda.searchDecisionRequirements({}, NOW);
  },
  async completesATask() {
    const instance = await start("approval");
    const { userTaskKey } = await taskOf(instance);
    assert.equal((await camunda.getUserTaskForm({ userTaskKey }, NOW)).formId, "approval");
    await camunda.assignUserTask({ userTaskKey, assignee: "admin" });
    await camunda.updateUserTask({ userTaskKey, changeset: { priority: 80 } });
    assert.equal((await camunda.getUserTask({ userTaskKey }, NOW)).priority, 80);
    await assert.rejects(camunda.completeUserTask({ userTaskKey, variables: {} }));
    await camunda.completeUserTask({ userTaskKey, variables: { opinion: "同意" } });
    assert.equal(await state(instance), "COMPLETED");
    const filter = { processInstanceKey: instance };
    const variables = await camunda.searchVariables({ filter: { ...filter, name: "opinion" } }, NOW);
    assert.deepEqual(variables.items.map((v) => v.value), ['"同意"']);
    await camunda.getVariable({ variableKey: variables.items[0].variableKey }, NOW);
    assert.equal((await camunda.searchElementInstances({ filter }, NOW)).items.length, 4);
    assert.ok((await camunda.searchAuditLogs({ filter }, NOW)).items.length);
    assert.ok((await camunda.searchUserTaskAuditLogs({ userTaskKey }, NOW)).items.length);
    await camunda.getProcessInstanceSequenceFlows({ processInstanceKey: instance }, NOW);
  },
  async pages() {
    // With strict request checks the client drops every word of `page` but `limit`.
    const loose = connect("req:none,res:strict");
    const sort = [{ field: "creationDate", order: "DESC" }];
    const one = await loose.searchUserTasks({ page: { limit: 1 }, sort }, NOW);
    const next = await loose.searchUserTasks({ page: { limit: 1, after: one.page.endCursor }, sort }, NOW);
    assert.notEqual(one.items[0].userTaskKey, next.items[0].userTaskKey);
  },
  async publishesMessages() {
    const first = await start("waiting", { case_no: "A" });
    await camunda.searchMessageSubscriptions({ filter: { processInstanceKey: first } }, NOW);
    await camunda.publishMessage({ name: "answer", correlationKey: "A" });
    assert.equal(await state(first), "COMPLETED");
    const second = await start("waiting", { case_no: "B" });
    const reached = await camunda.correlateMessage({ name: "answer", correlationKey: "B" });
    assert.equal(reached.processInstanceKey, second);
  },
  async worksOnJobs() {
    const wish = { type: "letters.send", timeout: 30_000, maxJobsToActivate: 1, worker: "w" };
    const instance = await start("job", { address: "东街" });
    const [job] = (await camunda.activateJobs(wish)).jobs;
    assert.equal(job.variables.address, "东街");
    await camunda.failJob({ jobKey: job.jobKey, retries: 0, errorMessage: "没纸" });
    await camunda.searchJobs({ filter: { processInstanceKey: instance } }, NOW);
    const incidents = await camunda.searchIncidents({ filter: { processInstanceKey: instance } }, NOW);
    assert.equal(incidents.items[0].errorType, "JOB_NO_RETRIES");
    await camunda.updateJob({ jobKey: job.jobKey, changeset: { retries: 1 } });
    await camunda.resolveIncident({ incidentKey: incidents.items[0].incidentKey });
    const [again] = (await camunda.activateJobs(wish)).jobs;
    await camunda.completeJob({ jobKey: again.jobKey, variables: {} });
    assert.equal(await state(instance), "COMPLETED");
  },
  async waitsForAJob() {
    const wish = { type: "letters.send", timeout: 30_000, maxJobsToActivate: 1, worker: "w", requestTimeout: 10_000 };
    const asked = camunda.activateJobs(wish);
    setTimeout(() => start("job"), 300);
    const began = Date.now();
    const { jobs } = await asked;
    assert.ok(Date.now() - began < 3_000);
    await camunda.throwJobError({ jobKey: jobs[0].jobKey, errorCode: "REFUSED" });
  },
  async decides() {
    const answer = await camunda.evaluateDecision({ decisionDefinitionId: "fee", variables: { people: 4 } });
    assert.equal(answer.output, '{"price":100,"why":"少"}');
  },
  async changesInstances() {
    await deploy("steps.bpmn");
    const processInstanceKey = await start("steps");
    await camunda.modifyProcessInstance({
      processInstanceKey,
      moveInstructions: [
        {
          sourceElementInstruction: { sourceType: "byId", sourceElementId: "a" },
          targetElementId: "b",
          ancestorScopeInstruction: { ancestorScopeType: "inferred" },
        },
      ],
    });
    assert.equal((await taskOf(processInstanceKey)).elementId, "b");
    const deployed = await deploy("steps2.bpmn");
    await camunda.migrateProcessInstance({
      processInstanceKey,
      targetProcessDefinitionKey: deployed.processes[0].processDefinitionKey,
      mappingInstructions: [{ sourceElementId: "b", targetElementId: "c" }],
    });
    assert.equal((await taskOf(processInstanceKey)).elementId, "c");
    await camunda.cancelProcessInstance({ processInstanceKey });
    assert.equal(await state(processInstanceKey), "TERMINATED");
  },
};

for (const [name, step] of Object.entries(steps)) {
  await step();
  console.log("ok", name);
}
