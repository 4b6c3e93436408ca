// In the panel of an element: forms, decisions, processes, services and roles are chosen, not typed.
// What there is to choose comes from the server (words()); the server refuses what it does not know.

import { SelectEntry, isSelectEntryEdited } from '@bpmn-io/properties-panel';
import { jsx } from '@bpmn-io/properties-panel/preact/jsx-runtime';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const BEFORE_ENGINE_ONLY = 200;

// Each replaces the entries of one group: an attribute of one zeebe: extension, chosen from one list.
const CHOICES = [
  { group: 'form', entry: 'formId', type: 'zeebe:FormDefinition', attribute: 'formId', label: '表单', list: 'forms', on: 'bpmn:UserTask', drop: ['formType', 'bindingType', 'versionTag', 'externalReference', 'customFormKey'], extra: { formKey: undefined, externalReference: undefined } },
  { group: 'calledDecision', entry: 'decisionId', type: 'zeebe:CalledDecision', attribute: 'decisionId', label: '决策表', list: 'decisions', on: 'bpmn:BusinessRuleTask', drop: ['bindingType', 'versionTag'] },
  { group: 'calledElement', entry: 'targetProcessId', type: 'zeebe:CalledElement', attribute: 'processId', label: '调用哪个流程', list: 'processes', on: 'bpmn:CallActivity', drop: ['bindingType', 'versionTag'] },
  { group: 'taskDefinition', entry: 'taskDefinitionType', type: 'zeebe:TaskDefinition', attribute: 'type', label: '做什么服务', list: 'services', on: 'bpmn:ServiceTask', drop: ['taskDefinitionRetries'] },
  { group: 'assignmentDefinition', entry: 'candidateRole', type: 'zeebe:AssignmentDefinition', attribute: 'candidateGroups', label: '由谁办理', list: 'roles', on: 'bpmn:UserTask', drop: ['taskScheduleFollowUpDate'] },
];

class ChoiceProvider {
  constructor(propertiesPanel, injector, words) {
    this.injector = injector;
    this.words = words;
    propertiesPanel.registerProvider(BEFORE_ENGINE_ONLY, this);
  }

  getGroups(element) {
    return (groups) => groups.map((group) => {
      const choice = CHOICES.find((one) => one.group === group.id && is(element, one.on));
      return choice ? { ...group, entries: this.entries(choice, group.entries) } : group;
    });
  }

  entries(choice, entries) {
    const rest = entries.filter((entry) => entry.id !== choice.entry && !choice.drop.includes(entry.id));
    const chosen = { id: choice.entry, component: this.select(choice), isEdited: isSelectEntryEdited };
    return [chosen, ...rest];
  }

  select(choice) {
    return ({ element }) => jsx(SelectEntry, {
      element,
      id: choice.entry,
      label: choice.label,
      getValue: () => extension(element, choice.type)?.get(choice.attribute) ?? '',
      setValue: (value) => this.write(element, choice, value),
      getOptions: () => this.options(choice, element),
    });
  }

  options(choice, element) {
    const known = this.words()[choice.list] ?? [];
    const value = extension(element, choice.type)?.get(choice.attribute);
    const own = value && !known.some((one) => one.value === value) ? [{ value, label: value }] : [];
    return [{ value: '', label: '（未选择）' }, ...own, ...known];
  }

  write(element, choice, value) {
    const modeling = this.injector.get('modeling');
    const factory = this.injector.get('bpmnFactory');
    const business = getBusinessObject(element);
    const properties = { ...choice.extra, [choice.attribute]: value || undefined };
    const existing = extension(element, choice.type);
    if (existing) {
      modeling.updateModdleProperties(element, existing, properties);
      return;
    }
    const values = business.get('extensionElements')?.get('values') ?? [];
    const holder = factory.create('bpmn:ExtensionElements', { values: [] });
    const added = factory.create(choice.type, properties);
    holder.get('values').push(...values, added);
    for (const one of holder.get('values')) {
      one.$parent = holder;
    }
    holder.$parent = business;
    modeling.updateModdleProperties(element, business, { extensionElements: holder });
  }
}

ChoiceProvider.$inject = ['propertiesPanel', 'injector', 'words'];

function extension(element, type) {
  const values = getBusinessObject(element).get('extensionElements')?.get('values') ?? [];
  return values.find((one) => is(one, type));
}

// Suggestions while an expression is typed: what the draft's forms and tables write.
class Variables {
  constructor(words) {
    this.words = words;
  }

  async getVariablesForElement() {
    return (this.words().variables ?? []).map(({ name, type, detail, origin }) => ({
      name, type, info: `${detail}（${origin}）`,
    }));
  }
}

Variables.$inject = ['words'];

export function choices(words) {
  return {
    __init__: ['choiceProvider'],
    choiceProvider: ['type', ChoiceProvider],
    variableResolver: ['type', Variables],
    words: ['value', words],
  };
}
