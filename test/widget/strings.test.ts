/** The dictionary: complete, and free of leftovers. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ErrorCode } from '../../sdk/index.js';
import { faultKey, toFault } from '../../widget/panel/fault.js';
import { COMFORT_STRINGS } from '../../widget/strings/comforts.js';
import { CONVERSATION_STRINGS } from '../../widget/strings/conversation.js';
import { FAULT_STRINGS } from '../../widget/strings/faults.js';
import { FILE_STRINGS } from '../../widget/strings/files.js';
import { INBOX_STRINGS } from '../../widget/strings/inbox.js';
import { LAUNCHER_STRINGS } from '../../widget/strings/launcher.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ALL = {
  ...LAUNCHER_STRINGS,
  ...CONVERSATION_STRINGS,
  ...COMFORT_STRINGS,
  ...FAULT_STRINGS,
  ...FILE_STRINGS,
  ...INBOX_STRINGS,
};

/** Codes that no person reads as a failure: code → what they see instead. */
const NEVER_SAID: { readonly [Code in ErrorCode]?: string } = {
  'options/unknown': 'the widget sets no unknown option',
  'frame/invalid': 'dropped',
  'seal/failed': 'dropped',
  'signal/forged': 'dropped',
  'relay/unreachable': 'relay/none, once no other relay is left',
  'peer/offline': 'status.away',
  'peer/unanswered': 'status.away',
  'channel/closed': 'status.away',
  'storage/unavailable': 'note.memory',
  'invitation/refused': 'the count of those turned away, beside the invitation',
  'identity/exists': 'the widget asks before it replaces anybody',
  'backup/invalid': 'restore.backup/invalid',
  'backup/passphrase': 'restore.backup/passphrase',
  'backup/no-seed': 'restore.backup/no-seed',
  'backup/too-large': 'restore.backup/too-large',
  'pim/not-started': 'the widget waits for the start',
  'pim/unanswered': 'fault.unknown, which says to try again',
  'pim/not-loaded': 'fault.unknown, which says to try again, or to reload',
  'pim/aborted': 'the widget aborts nothing',
};

function codes(): string[] {
  const source = readFileSync(join(ROOT, 'sdk/base/errors.ts'), 'utf8');
  const details = source.slice(source.indexOf('interface ErrorDetails'), source.indexOf('\n}'));
  return [...details.matchAll(/^ {2}'([a-z-]+\/[a-z-]+)'/gm)].map(([, code]) => code ?? '');
}

test('every code has a sentence, or a reason to have none', () => {
  assert.ok(codes().length > 30);
  for (const code of codes()) {
    const isSaid = `fault.${code}` in FAULT_STRINGS;
    assert.is.not(isSaid, code in NEVER_SAID, code);
  }
});

test('what two dictionaries say is the same', () => {
  const key = 'fault.identity/passphrase';
  assert.is(INBOX_STRINGS[key], FAULT_STRINGS[key]);
});

test('every fault of an address has a sentence of its own', () => {
  const reasons = ['empty', 'length', 'mixed-case', 'prefix', 'character', 'checksum', 'version'];
  const keys = [...reasons, 'padding', 'key'].map((reason) =>
    faultKey(toFault({ code: 'address/invalid', detail: { reason } })),
  );
  assert.is(new Set(keys.map((key) => FAULT_STRINGS[key])).size, keys.length);
  const odd = toFault({ code: 'address/invalid', detail: { reason: 'toString' } });
  assert.is(faultKey(odd), 'fault.address/invalid');
});

test('what is no error of the SDK is not shown as it came', () => {
  for (const odd of [new TypeError('x'), null, 'text', { code: 'EACCES' }, { code: 7 }]) {
    assert.is(faultKey(toFault(odd)), 'fault.unknown');
  }
});

test('every sentence is used, and none is empty', () => {
  const source = files(join(ROOT, 'widget')).map((path) => readFileSync(path, 'utf8'));
  const code = source.join('\n');
  for (const [key, text] of Object.entries(ALL)) {
    assert.ok(JSON.stringify(text).length > 4, key);
    const made = [
      'fault.',
      'file.',
      'settings.relay-',
      'restore.backup/',
      'diagnosis.',
      'emoji.',
      'invitations.',
    ];
    const isMade = made.some((each) => key.startsWith(each));
    assert.ok(isMade || code.includes(`'${key}'`), `${key} is not used`);
  }
});

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'strings' ? [] : files(path);
    return [path];
  });
}

test.run();
