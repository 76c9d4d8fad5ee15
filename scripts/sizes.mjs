/**
 * What a page pays: gzip sizes of dist/, held against the budgets in package.json. A budget keeps
 * what was reached; `sizeTargets` says where it is to go, and is printed as long as it is missed.
 * Everything reachable counts towards `conversation` unless it is named in LAZY with a reason, so a
 * new chunk is paid for until somebody argues otherwise. Usage: node scripts/sizes.mjs [folder]
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Chunks a normal browser does not load up to its first conversation, by source file. */
export const LAZY = [
  { entry: 'sdk/crypto/portable.ts', reason: 'only where Web Crypto lacks Ed25519 or X25519' },
  {
    entry: 'sdk/storage/memory-storage.ts',
    reason: 'only where nothing is to be, or can be, kept',
  },
  { entry: 'sdk/chat/locked.ts', reason: 'only where the key lies under a passphrase' },
  { entry: 'sdk/chat/by-seed.ts', reason: 'only in browsers that cannot store their own keys' },
  { entry: 'sdk/identity-deeds.ts', reason: 'comparing numbers, backups, what is kept' },
  { entry: 'sdk/identity-exists.ts', reason: 'only where a page asks for it' },
  { entry: 'sdk/invitation-deeds.ts', reason: 'only where invitations are made or used' },
  { entry: 'sdk/contact-deeds.ts', reason: 'answering, renaming, blocking, forgetting somebody' },
  { entry: 'sdk/diagnose.ts', reason: 'only when somebody asks what is wrong' },
  {
    entry: 'sdk/browser-facts.ts',
    reason: 'only for a diagnosis, or where a page asks what is kept',
  },
  { entry: 'sdk/backup/words.ts', reason: 'only for recovery words' },
  { entry: 'sdk/backup/pem.ts', reason: 'only for a PEM' },
  { entry: 'sdk/transport/given-turn.ts', reason: 'only where a relay offers TURN servers' },
  { entry: 'widget/inbox/inbox.ts', reason: 'a page with `to` opens on its conversation' },
  { entry: 'widget/lock/lock.ts', reason: 'only where the key lies under a passphrase, or is to' },
  {
    entry: 'widget/comforts/comforts.ts',
    reason: 'only where somebody points at messages, has earlier ones, or is sent more than words',
  },
  { entry: 'widget/alerts/alerts.ts', reason: 'only when there is something unread' },
  { entry: 'widget/emoji/emoji.ts', reason: 'only when somebody looks for an emoji' },
  {
    entry: 'sdk/chat/settled.ts',
    reason: 'edits, a full disk, the route; fetched once somebody is connected',
  },
  {
    entry: 'sdk/chat/returns.ts',
    reason: 'only where there are logs of other devices, or lost ones',
  },
  { entry: 'sdk/chat/folding.ts', reason: 'as settled.ts; renewal.ts has it too' },
  { entry: 'sdk/chat/renewal.ts', reason: 'only where a store is an older copy of itself' },
  { entry: 'sdk/chat/strangers.ts', reason: 'only where somebody unknown asks' },
  { entry: 'sdk/chat/removal.ts', reason: 'only when somebody is removed' },
  { entry: 'sdk/chat/typing.ts', reason: 'only where `privacy.typing` is on' },
  { entry: 'sdk/deeds.ts', reason: 'only when somebody edits, deletes, reacts or keeps a draft' },
  { entry: 'sdk/once.ts', reason: 'only when a message is sent under a name, as other tabs do' },
  { entry: 'sdk/tabs/join.ts', reason: 'only where the chat runs in another tab' },
  { entry: 'sdk/tabs/leader.ts', reason: 'only when another tab speaks' },
  {
    entry: 'sdk/chat/files/files.ts',
    reason: 'files and pictures; fetched once somebody is connected',
  },
  { entry: 'sdk/files-deeds.ts', reason: 'only when somebody sends, takes or opens a file' },
  { entry: 'sdk/search.ts', reason: 'only when somebody searches' },
  { entry: 'widget/strings/faults.ts', reason: 'only when one of them is to be said' },
  { entry: 'widget/languages/languages.ts', reason: 'only where the page is not in English' },
  { entry: 'widget/script-tag.ts', reason: 'only where a script tag is to make the element' },
  { entry: 'widget/keyboard.ts', reason: 'only on touch screens' },
  { entry: 'widget/inbox/qr-code.ts', reason: 'only when somebody asks for the code' },
];

/** A chunk that others take parts of has no entry of its own. */
const holds = (chunk, entry) =>
  chunk.entry === entry || (!chunk.entry && chunk.modules?.includes(entry));
const isLazy = (chunk) => LAZY.some(({ entry }) => holds(chunk, entry));

function closure(chunks, start, { dynamic }) {
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]));
  const reached = new Set();
  const visit = (file) => {
    const chunk = byFile.get(file);
    if (!chunk || reached.has(chunk)) return;
    reached.add(chunk);
    chunk.imports.forEach(visit);
    if (!dynamic) return;
    for (const next of chunk.dynamicImports) if (!isLazy(byFile.get(next) ?? {})) visit(next);
  };
  visit(start);
  return [...reached];
}

/**
 * Measures the build in `folder`.
 * @returns {{ files: {file: string, bytes: number, in: string}[], budgets: {name: string,
 *   bytes: number, budget: number}[], problems: string[] }}
 */
export function measure(folder) {
  const { chunks } = JSON.parse(readFileSync(join(folder, '.manifest.json'), 'utf8'));
  const { budgets, sizeTargets } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const bytes = (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
  const sets = {
    loader: closure(chunks, 'pim-chat.js', { dynamic: false }),
    conversation: closure(chunks, 'pim-chat.js', { dynamic: true }),
  };
  const place = (chunk) =>
    Object.keys(sets).find((name) => sets[name].includes(chunk)) ?? (isLazy(chunk) ? 'lazy' : '');
  const problems = LAZY.filter(({ entry }) => !chunks.some((chunk) => holds(chunk, entry))).map(
    ({ entry }) => `${entry} is named as lazy but has no chunk of its own`,
  );
  const totals = Object.entries(sets).map(([name, members]) => {
    const sum = members.reduce((total, { file }) => total + bytes(file), 0);
    if (sum > budgets[name]) problems.push(`${name} is ${sum} bytes, its budget ${budgets[name]}`);
    return { name, bytes: sum, budget: budgets[name], target: sizeTargets[name] };
  });
  const classic = 'pim-chat.iife.js'; // a loader too, for pages with a plain script tag
  if (existsSync(join(folder, classic))) {
    const sum = bytes(classic);
    if (sum > budgets.loader)
      problems.push(`${classic} is ${sum} bytes, its budget ${budgets.loader}`);
    totals.push({ name: `loader, as ${classic}`, bytes: sum, budget: budgets.loader });
  }
  const files = chunks
    .map((chunk) => ({ file: chunk.file, bytes: bytes(chunk.file), in: place(chunk) }))
    .sort((a, b) => a.in.localeCompare(b.in) || b.bytes - a.bytes);
  return { files, budgets: totals, problems };
}

/** Prints the table people read after a build. */
export function printSizes({ files, budgets, problems }) {
  const row = (name, bytes, note) =>
    console.log(`  ${name.padEnd(38)}${String(bytes).padStart(8)}  ${note}`);
  row('file', 'gzip -9', 'counts in');
  for (const file of files) row(file.file, file.bytes, file.in);
  for (const { name, bytes, budget, target } of budgets) {
    const isMissed = target !== undefined && bytes > target;
    row(
      name,
      bytes,
      `of ${budget}${isMissed ? `; aim ${target}, missed by ${bytes - target}` : ''}`,
    );
  }
  for (const problem of problems) console.error(`over budget: ${problem}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const result = measure(process.argv[2] ?? join(ROOT, 'dist'));
  printSizes(result);
  if (result.problems.length > 0) process.exitCode = 1;
}
