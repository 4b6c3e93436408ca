// Bundles src/ into web/static/dist and writes manifest.json: file name -> digest of its content.
// Names are stable; pages ask for name?v=digest, so that a browser may keep a file for ever.

import { createHash } from 'node:crypto';
import { copyFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '..', 'static', 'dist');

// Returns the folders of the packages that went into the bundles.
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: ['src/app.js', 'src/viewer.js'],
    outdir: dist,
    bundle: true,
    format: 'esm',
    minify: true,
    target: ['chrome100', 'firefox100', 'safari15.4'],
    loader: { '.woff': 'empty', '.woff2': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
    legalComments: 'none', // collected below: not every package marks its licence in its code
    logLevel: 'warning',
    metafile: true,
  });
  const folders = Object.keys(metafile.inputs).map((path) => path.match(/^node_modules\/(@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(folders.filter(Boolean))];
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
  const names = (await readdir(dist)).filter((name) => /\.(css|js)$/.test(name)).sort();
  const digest = async (name) => createHash('sha256').update(await readFile(join(dist, name))).digest('hex').slice(0, 12);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await digest(name)])));
}

await rm(dist, { recursive: true, force: true });
const folders = await bundle();
await writeLicences([...folders, ...await copyHtmx()]);
// Last: make takes its presence as the sign of a complete build.
await writeFile(join(dist, 'manifest.json'), `${JSON.stringify(await digests(), null, 2)}\n`);
