// The editor of decision tables.

import DmnModeler from 'dmn-js/lib/Modeler';

import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';

import chineseWords from './chinese/dmn.json' with { type: 'json' };
import { chinese } from './chinese/index.js';
import { Session } from './session.js';

const VIEWS = ['drd', 'decisionTable', 'literalExpression', 'boxedExpression'];

async function edit(host) {
  const session = new Session(host);
  const own = Object.fromEntries(VIEWS.map((view) => [view, { additionalModules: [chinese(chineseWords)] }]));
  const modeler = new DmnModeler({ container: host.querySelector('[data-editor-canvas]'), ...own });
  const watched = new WeakSet();
  modeler.on('views.changed', () => {
    const bus = modeler.getActiveViewer()?.get('eventBus');
    if (bus && !watched.has(bus)) {
      watched.add(bus);
      bus.on('commandStack.changed', () => session.changed());
    }
  });
  await modeler.importXML(await session.load());
  const table = modeler.getViews().find((view) => view.type === 'decisionTable');
  if (table) {
    await modeler.open(table);
  }
  session.watch(async () => (await modeler.saveXML({ format: true })).xml);
}

edit(document.querySelector('[data-editor]'));
