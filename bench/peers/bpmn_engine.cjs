// bpmn-engine with its state saved as JSON after each completion: recovered, resumed, signalled, saved and synced.
'use strict';

const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { Engine } = require('bpmn-engine');

const FIELDS = { choice: '同意', reason: '改善出行', households: 3 };
const [folder, ...counts] = process.argv.slice(2);

const source = (count) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions id="d" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="vote">
<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>${count}</loopCardinality>
</multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>
<sequenceFlow id="a" sourceRef="s" targetRef="vote"/><sequenceFlow id="b" sourceRef="vote" targetRef="e"/>
</process></definitions>`;

const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

function save(file, state) {
  const descriptor = fs.openSync(file, 'w');
  fs.writeSync(descriptor, JSON.stringify(state));
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}

async function start(count, file) {
  const before = cpu();
  const engine = new Engine({ name: 'p', source: source(count), settings: { batchSize: count } });
  await engine.execute({ listener: new EventEmitter() });
  save(file, await engine.getState());
  engine.stop();
  return cpu() - before;
}

async function complete(file) {
  const before = cpu();
  const waiting = [];
  const engine = new Engine({ name: 'p' }).recover(JSON.parse(fs.readFileSync(file)));
  const listener = new EventEmitter();
  listener.on('activity.wait', (task) => { waiting.push(task); });
  await engine.resume({ listener });
  waiting[0].signal(FIELDS);
  save(file, await engine.getState());
  engine.stop();
  return { spent: cpu() - before, open: waiting.length };
}

async function main() {
  const file = path.join(folder, 'state.json');
  const starts = [];
  for (let round = 0; round < 30; round += 1) starts.push(await start(1, file));
  const figures = { start: median(starts) };
  for (const count of counts.map(Number)) {
    await start(count, file);
    const rounds = [];
    for (let round = 0; round < 7; round += 1) rounds.push(await complete(file));
    const expected = rounds.map((_, round) => count - round).join();
    if (rounds.map(({ open }) => open).join() !== expected) throw new Error('not one task each');
    figures[count] = median(rounds.map(({ spent }) => spent));
  }
  console.log(JSON.stringify(figures));
}

main();
