// The editor of a drawing.

import BpmnModeler from 'bpmn-js/lib/Modeler';
import {
  BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import ZeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';

import { choices } from './choices.js';
import chineseWords from './chinese/bpmn.json' with { type: 'json' };
import { chinese } from './chinese/index.js';
import engineOnly from './engine-only.js';
import { Session } from './session.js';

const PROBLEM = 'has-problem';
const TRACE = 'on-the-way';

let words = {};

function mark(modeler, problems) {
  const canvas = modeler.get('canvas');
  const drawn = modeler.get('elementRegistry');
  const overlays = modeler.get('overlays');
  drawn.forEach((element) => canvas.removeMarker(element, PROBLEM));
  overlays.remove({ type: PROBLEM });
  for (const problem of problems.filter(({ element }) => drawn.get(element)?.parent)) {
    canvas.addMarker(problem.element, PROBLEM);
    const badge = document.createElement('span');
    badge.className = 'problem-badge';
    badge.textContent = '!';
    badge.title = problem.message;
    overlays.add(problem.element, PROBLEM, { position: { top: -12, left: -12 }, html: badge });
  }
}

function point(modeler, problem) {
  const canvas = modeler.get('canvas');
  const drawn = modeler.get('elementRegistry');
  drawn.forEach((element) => canvas.removeMarker(element, TRACE));
  for (const id of (problem.trace ?? []).filter((id) => drawn.get(id))) {
    canvas.addMarker(id, TRACE);
  }
  const element = drawn.get(problem.element);
  if (element?.parent) {
    canvas.scrollToElement(element, { top: 80, bottom: 80, left: 80, right: 80 });
    modeler.get('selection').select(element);
  }
}

async function edit(host) {
  const session = new Session(host);
  const modeler = new BpmnModeler({
    container: host.querySelector('[data-editor-canvas]'),
    propertiesPanel: { parent: host.querySelector('[data-editor-panel]') },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule, ZeebeBehaviors,
      engineOnly, choices(() => words), chinese(chineseWords),
    ],
  });
  const [content, known] = await Promise.all([session.load(), session.get(host.dataset.words)]);
  words = known;
  await modeler.importXML(content);
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  // The canvas gives way to a longer list of problems; the palette then needs its second column.
  new ResizeObserver(() => modeler.get('canvas').resized()).observe(host);
  session.onProblems = (problems) => mark(modeler, problems);
  session.onPick = (problem) => point(modeler, problem);
  modeler.on('commandStack.changed', () => session.changed());
  session.watch(async () => (await modeler.saveXML({ format: true })).xml);
  const asked = new URLSearchParams(location.search).get('element');
  if (asked) {
    point(modeler, { element: asked });
  }
}

edit(document.querySelector('[data-editor]'));
