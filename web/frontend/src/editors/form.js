// The editor of a form; beside it the form as members will see it, drawn by the server.

import { FormEditor } from '@bpmn-io/form-js-editor';

import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';

import { chinese } from './chinese/index.js';
import { Session } from './session.js';

// What the server refuses in a form is not offered.
const NOT_OURS = ['button', 'html', 'image', 'iframe', 'documentPreview'];

class EngineOnly {
  constructor(formFields) {
    for (const type of NOT_OURS) {
      delete formFields._formFields[type];
    }
  }
}

EngineOnly.$inject = ['formFields'];

const engineOnly = { __init__: ['engineOnly'], engineOnly: ['type', EngineOnly] };

async function edit(host) {
  const session = new Session(host);
  const editor = new FormEditor({
    container: host.querySelector('[data-editor-canvas]'),
    additionalModules: [engineOnly, chinese({})],
  });
  await editor.importSchema(JSON.parse(await session.load()));
  const preview = document.querySelector('[data-editor-preview]');
  session.onProblems = () => preview.contentWindow.location.reload();
  editor.on('changed', () => session.changed());
  session.watch(async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`);
}

edit(document.querySelector('[data-editor]'));
