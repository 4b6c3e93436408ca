// Bundles src/ into web/static/dist and writes manifest.json: file name -> digest of its content.
// Names are stable; pages ask for name?v=digest, so that a browser may keep a file for ever.

import { createHash } from 'node:crypto';
import { copyFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { literals } from './literals.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '..', 'static', 'dist');

// The form editor is made for an older preact than the others; in its bundle everything shares that one.
const formsPreact = join(here, 'node_modules', '@bpmn-io', 'form-js-editor', 'node_modules', 'preact');
const BUNDLES = [
  { entryPoints: ['src/app.js', 'src/viewer.js', 'src/editors/bpmn.js', 'src/editors/dmn.js'] },
  { entryPoints: ['src/editors/form.js'], alias: { preact: formsPreact } },
];

// Returns the folders of the packages that went into the bundles.
async function bundle(own) {
  const { metafile } = await build({
    absWorkingDir: here,
    outbase: join(here, 'src'),
    outdir: dist,
    bundle: true,
    format: 'esm',
    minify: true,
    target: ['chrome100', 'firefox100', 'safari15.4'],
    assetNames: '[name]',
    loader: { '.woff': 'empty', '.woff2': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
    legalComments: 'none', // collected below: not every package marks its licence in its code
    logLevel: 'warning',
    metafile: true,
    plugins: [literals(here, await words())],
    ...own,
  });
  const inputs = Object.keys(metafile.inputs);
  return inputs.map((path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean);
}

async function words() {
  return JSON.parse(await readFile(join(here, 'src', 'editors', 'chinese', 'literals.json'), 'utf8'));
}

async function copyHtmx() {
  const folder = 'node_modules/htmx.org';
  await copyFile(join(here, folder, 'dist', 'htmx.min.js'), join(dist, 'htmx.js'));
  return [folder];
}

async function writeLicences(folders) {
  const licence = async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(here, folder, 'package.json')));
    const file = (await readdir(join(here, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(here, folder, file), 'utf8') : `${license}\n`;
    return `${name} ${version}\n\n${text}`;
  };
  const texts = await Promise.all(folders.sort().map(licence));
  await writeFile(join(dist, 'LICENCES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

async function digests() {
  const names = (await readdir(dist, { recursive: true })).filter((name) => /\.(css|js)$/.test(name)).sort();
  const digest = async (name) => createHash('sha256').update(await readFile(join(dist, name))).digest('hex').slice(0, 12);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await digest(name)])));
}

await rm(dist, { recursive: true, force: true });
const folders = [...new Set((await Promise.all(BUNDLES.map(bundle))).flat())];
await writeLicences([...folders, ...await copyHtmx()]);
// Last: make takes its presence as the sign of a complete build.
await writeFile(join(dist, 'manifest.json'), `${JSON.stringify(await digests(), null, 2)}\n`);
