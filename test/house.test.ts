/** The rules of the house, held against every file of the project. Each says how to keep it. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as files from './support/house/files.js';
import { hostGlobals, htmlSinks } from './support/house/globals.js';
import { circles, secondDoors, undeclaredPackages, wrongLayers } from './support/house/imports.js';
import { Codebase, type Source } from './support/house/sources.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ERRORS = 'sdk/base/errors.ts';
const LIMITS = 'sdk/protocol/limits.ts';

/** Files over the limit that are one thing all the same: path → why. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'sdk/chat/chat.ts':
    'the page that says what calls what; every part it names has a file of its own',
  'sdk/tabs/follower.ts':
    'one tab from its first word to its turn to lead; what it keeps, asks and counts has files of its own',
  'sdk/pim.ts': 'the facade: more than a third of it are the public docstrings',
  'test/transport/relay-link.test.ts': 'one list of what a link does, in the order of its life',
  'test/hostile/peer-signals.test.ts': 'one list of what a friend or a stranger may signal',
  'widget/pim-chat.ts': 'the element: its docstrings, which are the manifest, and what calls what',
  'sdk/peer/peer.ts':
    'one state table and every arrow of it; parted, the arrows are harder to follow',
  'relay/session.ts':
    'every frame and every end of one socket, read against the protocol in one go',
  'sdk/node/relay-settings.ts': 'most of it one table, a row for each setting of the relay',
  'sdk/peer/session.ts':
    'one attempt from its first description to its end, read against the protocol in one go',
};

const read = (path: string): Source => ({
  path,
  text: existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '',
});

/** Everything git tracks or would track, so that a new file is held to the rules before its commit. */
function projectFiles(): Source[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const listed = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr || listed.error}`);
  return listed.stdout
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .map(read)
    .filter(({ text }) => !text.includes('\0'));
}

const all = projectFiles();
const isCode = ({ path }: Source): boolean => /\.(?:[cm]?ts|tsx|mjs|js)$/.test(path);
const written = all.filter((file) => isCode(file) && !file.path.startsWith('test/vectors/'));
const code = new Codebase(written);
const { dependencies } = JSON.parse(read('package.json').text) as { dependencies: object };

function none(violations: readonly string[]): void {
  if (violations.length > 0) throw new Error(`\n${violations.join('\n')}`);
}

test('imports run down the layers only', () => none(wrongLayers(code)));

test('imports make no circle, types included', () => none(circles(code)));

test('each wrapped package has one door', () => none(secondDoors(code)));

test('what ships imports declared dependencies only', () => {
  none(undeclaredPackages(code, Object.keys(dependencies)));
});

test('the SDK reaches its host through Platform only', () => none(hostGlobals(code)));

test('the widget turns no text into HTML or code', () => none(htmlSinks(code)));

test('every source file begins with what it is for', () => none(files.missingHeaders(written)));

test('a long file has its reason', () => {
  // A dictionary has a line for each sentence.
  const isDictionary = ({ path }: Source): boolean => /^widget\/languages\/..\.ts$/.test(path);
  none(
    files.longFiles(
      written.filter((file) => !isDictionary(file)),
      LONG_FILES,
    ),
  );
});

test('every error code is explained in docs/errors.md and used', () => {
  const codes = files.errorCodes(code, ERRORS);
  none(codes.length === 0 ? [`${ERRORS} has no codes`] : []);
  none([
    ...files.unlisted(codes, read('docs/errors.md')),
    ...files.unusedCodes(code, codes, ERRORS),
  ]);
});

test('every limit is listed in docs/limits.md', () => {
  const limits = files.exportedConstants(code, LIMITS);
  none(limits.length === 0 ? [`${LIMITS} has no limits`] : []);
  none(files.unlisted(limits, read('docs/limits.md')));
});

test('no file names a path of one machine or a package registry', () =>
  none(files.strayNames(all)));

test('no test is muted', () => none(files.mutedTests(code)));

test.run();
