// Offers only what the engine runs: in the palette, beside an element, in the menus that change it, in its panel.
// The lists say what stays; whatever a library adds later is hidden until somebody puts it here.

const PALETTE = new Set([
  'hand-tool', 'lasso-tool', 'space-tool', 'global-connect-tool', 'tool-separator',
  'create.start-event', 'create.intermediate-event', 'create.end-event', 'create.exclusive-gateway', 'create.task',
  'create.subprocess-expanded', 'create.participant-expanded',
]);

const BESIDE = new Set([
  'append.end-event', 'append.gateway', 'append.append-task', 'append.intermediate-event', 'append.text-annotation',
  'append.receive-task', 'append.message-intermediate-event', 'append.timer-intermediate-event',
  'append.condition-intermediate-event', 'append.signal-intermediate-event',
  'lane-insert-above', 'lane-insert-below', 'lane-divide-two', 'lane-divide-three',
  'replace', 'connect', 'delete', 'align-elements', 'distribute-elements',
]);

const INTO = new Set([
  'none-start-event', 'none-intermediate-throwing', 'none-end-event', 'none-boundary-event', 'none-start', 'none-end',
  'message-start', 'timer-start', 'conditional-start', 'signal-start', 'error-start', 'escalation-start',
  'non-interrupting-message-start', 'non-interrupting-timer-start', 'non-interrupting-conditional-start',
  'non-interrupting-signal-start', 'non-interrupting-escalation-start',
  'message-intermediate-catch', 'message-intermediate-throw', 'timer-intermediate-catch', 'escalation-intermediate-throw',
  'conditional-intermediate-catch', 'link-intermediate-catch', 'link-intermediate-throw',
  'signal-intermediate-catch', 'signal-intermediate-throw',
  'message-end', 'escalation-end', 'error-end', 'signal-end', 'terminate-end',
  'message-boundary', 'timer-boundary', 'escalation-boundary', 'conditional-boundary', 'error-boundary', 'signal-boundary',
  'non-interrupting-message-boundary', 'non-interrupting-timer-boundary', 'non-interrupting-escalation-boundary',
  'non-interrupting-conditional-boundary', 'non-interrupting-signal-boundary',
  'exclusive-gateway', 'parallel-gateway', 'inclusive-gateway', 'event-based-gateway',
  'task', 'user-task', 'service-task', 'send-task', 'receive-task', 'script-task', 'business-rule-task', 'rule-task', 'manual-task',
  'call-activity', 'collapsed-subprocess', 'expanded-subprocess', 'subprocess', 'event-subprocess',
  'sequence-flow', 'default-flow', 'conditional-flow', 'expanded-pool', 'collapsed-pool',
].map((id) => `replace-with-${id}`));

const TOGGLES = new Set(['toggle-parallel-mi', 'toggle-sequential-mi', 'toggle-non-interrupting']);

const GROUPS = new Set([
  'general', 'documentation', 'form', 'assignmentDefinition', 'calledDecision', 'calledElement', 'script', 'taskDefinition',
  'condition', 'timer', 'message', 'signal', 'error', 'escalation', 'link', 'multiInstance', 'inputs', 'outputs',
  'inputPropagation', 'outputPropagation', 'outputCollection', 'headers', 'Zeebe__ExtensionProperties', 'activeElements',
]);

const LAST = 100; // asked after the libraries' own providers

const keep = (ids) => (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => ids.has(id)));

class EngineOnly {
  constructor(palette, contextPad, popupMenu, propertiesPanel) {
    palette.registerProvider(LAST, { getPaletteEntries: () => keep(PALETTE) });
    contextPad.registerProvider(LAST, {
      getContextPadEntries: () => keep(BESIDE),
      getMultiElementContextPadEntries: () => keep(BESIDE),
    });
    popupMenu.registerProvider('bpmn-replace', LAST, {
      getPopupMenuEntries: () => keep(INTO),
      getPopupMenuHeaderEntries: () => keep(TOGGLES),
    });
    propertiesPanel.registerProvider(LAST, {
      getGroups: () => (groups) => groups.filter((group) => GROUPS.has(group.id)),
    });
  }
}

EngineOnly.$inject = ['palette', 'contextPad', 'popupMenu', 'propertiesPanel'];

export default { __init__: ['engineOnly'], engineOnly: ['type', EngineOnly] };
