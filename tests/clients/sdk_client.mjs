// What the npm client `@camunda8/sdk` is expected to do here, through its REST client.
// `node sdk_client.mjs http://127.0.0.1:8000 FOLDER`, from a folder in which it is installed; FOLDER holds the models that
// tests/clients/models.py writes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [server, folder, password = "demo"] = process.argv.slice(2);
const { Camunda8 } = createRequire(join(process.cwd(), "package.json"))("@camunda8/sdk");
const camunda = new Camunda8({
  ZEEBE_REST_ADDRESS: server,
  CAMUNDA_AUTH_STRATEGY: "BASIC",
  CAMUNDA_BASIC_AUTH_USERNAME: "admin",
  CAMUNDA_BASIC_AUTH_PASSWORD: password,
  CAMUNDA_SUPPORT_LOG_ENABLED: false,
  CAMUNDA_LOG_LEVEL: "none",
}).getCamundaRestClient();

// deployResourcesFromFiles of this client reads the files as Latin-1 and so spoils every Chinese name.
const deploy = (...names) =>
  camunda.deployResources(names.map((name) => ({ name, content: readFileSync(join(folder, name), "utf-8") })));
const start = async (processDefinitionId, variables = {}) =>
  (await camunda.createProcessInstance({ processDefinitionId, variables })).processInstanceKey;
const state = async (processInstanceKey) =>
  (await camunda.searchProcessInstances({ filter: { processInstanceKey } })).items[0].state;
const taskOf = async (processInstanceKey) =>
  (await camunda.searchUserTasks({ filter: { processInstanceKey, state: "CREATED" } })).items[0];
const work = { type: "letters.send", timeout: 30_000, maxJobsToActivate: 1, worker: "w", requestTimeout: 5_000 };

const steps = {
  async deploysAndReads() {
    const deployed = await deploy("approval.bpmn", "approval.form", "fees.dmn", "job.bpmn", "waiting.bpmn");
    assert.equal(deployed.processes.length, 3);
    const filter = { processDefinitionId: "approval" };
    const [found] = (await camunda.searchProcessDefinitions({ filter })).items;
    assert.equal(found.name, "审批");
    assert.match(await camunda.getProcessDefinitionXML(found.processDefinitionKey), /审批/);
    assert.equal((await camunda.getTopology()).gatewayVersion, "8.9.0");
    assert.equal((await camunda.getLicenseStatus()).validLicense, false);
  },
  async completesATask() {
    const instance = await start("approval");
    const { userTaskKey } = await taskOf(instance);
    await camunda.assignUserTask({ userTaskKey, assignee: "admin" });
    // updateUserTask of this client posts to a path the interface has never had.
    assert.equal((await camunda.getUserTask(userTaskKey)).assignee, "admin");
    await assert.rejects(camunda.completeUserTask({ userTaskKey, variables: {} }));
    await camunda.completeUserTask({ userTaskKey, variables: { opinion: "同意" } });
    assert.equal(await state(instance), "COMPLETED");
    const variables = await camunda.searchVariables({ filter: { processInstanceKey: instance, name: "opinion" } });
    assert.equal(variables.items[0].value, '"同意"');
  },
  async publishesMessages() {
    const first = await start("waiting", { case_no: "C" });
    await camunda.publishMessage({ name: "answer", correlationKey: "C", timeToLive: 0, variables: {} });
    assert.equal(await state(first), "COMPLETED");
    const second = await start("waiting", { case_no: "D" });
    const reached = await camunda.correlateMessage({ name: "answer", correlationKey: "D", variables: {} });
    assert.equal(reached.processInstanceKey, second);
  },
  async worksOnJobs() {
    const instance = await start("job", { address: "东街" });
    const [job] = await camunda.activateJobs(work);
    assert.equal(job.variables.address, "东街");
    await job.fail({ errorMessage: "没纸", retries: 0, retryBackOff: 0 });
    const incidents = await camunda.searchIncidents({ filter: { processInstanceKey: instance } });
    assert.equal(incidents.items[0].errorType, "JOB_NO_RETRIES");
    await camunda.updateJob({ jobKey: job.jobKey, retries: 1 });
    await camunda.resolveIncident(incidents.items[0].incidentKey);
    const [again] = await camunda.activateJobs(work);
    await again.complete();
    assert.equal(await state(instance), "COMPLETED");
  },
  async decides() {
    const answer = await camunda.evaluateDecision({ decisionDefinitionId: "fee", variables: { people: 4 } });
    assert.equal(answer.output, '{"price":100,"why":"少"}');
  },
  async changesInstances() {
    await deploy("steps.bpmn");
    const processInstanceKey = await start("steps");
    const task = await taskOf(processInstanceKey);
    await camunda.modifyProcessInstance({
      processInstanceKey,
      activateInstructions: [{ elementId: "b" }],
      terminateInstructions: [{ elementInstanceKey: task.elementInstanceKey }],
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
