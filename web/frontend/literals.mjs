// Some packages have no translation service: their words are exchanged when they are bundled.
//
// The table names files and, for each, whole string literals. One that has vanished fails the build, so that an
// upgrade cannot bring English back without a word.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function exchange(source, table) {
  const missing = [];
  const changed = Object.entries(table).reduce((text, [english, chinese]) => {
    // As a value: after a colon, a comma, a bracket or an equals sign, never as the name of a property or a case.
    const literal = new RegExp(`(?<=[:,(=?\\[]\\s*|return )(['"\`])${escaped(english)}\\1(?!\\s*:(?!\\s*['"]))`, 'g');
    if (!literal.test(text)) {
      missing.push(english);
    }
    return text.replace(literal, (whole, quote) => (quote === '`' ? `\`${chinese}\`` : JSON.stringify(chinese)));
  }, source);
  return { changed, missing };
}

export const literals = (root, table) => ({
  name: 'literals',
  setup(build) {
    for (const [file, words] of Object.entries(table)) {
      const path = join(root, 'node_modules', file);
      build.onLoad({ filter: new RegExp(`${escaped(file)}$`) }, async (given) => {
        if (given.path !== path) {
          return undefined;
        }
        const { changed, missing } = exchange(await readFile(path, 'utf8'), words);
        const errors = missing.map((text) => ({ text: `${file} no longer says “${text}”` }));
        return { contents: changed, loader: 'js', errors };
      });
    }
  },
});
