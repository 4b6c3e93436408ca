// The editors speak Chinese: a `translate` service for libraries that ask for one.

import shared from './shared.json' with { type: 'json' };

export function chinese(own) {
  const words = { ...shared, ...own };
  const translate = (template, replacements = {}) => (
    (words[template] ?? template).replace(/{([^}]+)}/g, (whole, name) => replacements[name] ?? whole)
  );
  return { translate: ['value', translate] };
}
