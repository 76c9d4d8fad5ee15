/**
 * What the inbox as an app keeps for a start without a network: the script and every chunk it can
 * come to need, its page and its icons. Written as a script, for examples/inbox-worker.js.
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
/** Path → file of examples/. A relay may add to a page, and a person put their own in its place. */
const PAGES = {
  '/inbox': 'inbox.html',
  '/inbox.css': 'inbox.css',
  '/inbox.js': 'inbox.js',
  '/inbox.webmanifest': 'inbox.webmanifest',
  '/icon.svg': 'icon.svg',
};
const ICONS = ['icons/192.png', 'icons/512.png', 'icons/512-maskable.png', 'icons/180.png'];

/** Everything that pim-chat.js loads, at once or later. */
function reachable(folder) {
  const { chunks } = JSON.parse(readFileSync(join(folder, '.manifest.json'), 'utf8'));
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]));
  const reached = new Set();
  const visit = (file) => {
    const chunk = byFile.get(file);
    if (!chunk || reached.has(file)) return;
    reached.add(file);
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next);
  };
  visit('pim-chat.js');
  return [...reached].sort();
}

/** Writes `inbox-files.js` into `folder`, which holds the rest of the build. */
export function listInboxFiles(folder) {
  const version = createHash('sha256');
  const files = {};
  for (const [path, name] of Object.entries(PAGES)) {
    version.update(`${path}\0`).update(readFileSync(join(EXAMPLES, name)));
    files[path] = '';
  }
  for (const name of [...reachable(folder), ...ICONS]) {
    const integrity = createHash('sha256').update(readFileSync(join(folder, name)));
    files[`/${name}`] = `sha256-${integrity.digest('base64')}`;
  }
  version.update(JSON.stringify(files));
  const value = { version: version.digest('hex').slice(0, 16), files };
  writeFileSync(
    join(folder, 'inbox-files.js'),
    `/* What examples/inbox-worker.js keeps: path → integrity. */\nself.PIM_INBOX = ${JSON.stringify(value, null, 1)};\n`,
  );
}
