/** Parts that are fetched when they are needed: none without an answer where that fails. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loaded } from '../../sdk/base/loaded.js';
import { refusal } from '../contracts/storage.js';

/** What is imported here goes without: the other tab asks again, the tab stops, TURN comes later. */
const ANSWERED = ['sharing.ts', 'pim.ts', 'transport/relay-link.ts', 'browser.ts'];

const SDK = fileURLToPath(new URL('../../sdk/', import.meta.url));

test('what is there is given, what is not is a typed error with its cause', async () => {
  assert.is(await loaded(Promise.resolve(1)), 1);
  const cause = new TypeError('Failed to fetch dynamically imported module');
  const fault = await refusal(loaded(Promise.reject(cause)), 'pim/not-loaded');
  assert.is(fault.cause, cause);
  assert.ok(fault.retryable);
});

test('no part of the SDK is imported in another way, unless its failure is answered there', () => {
  const found = { loaded: 0, answered: 0 };
  for (const file of readdirSync(SDK, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.startsWith('node')) continue;
    const source = readFileSync(join(SDK, file), 'utf8');
    for (const { index } of source.matchAll(/(?<!typeof )import\('/g)) {
      const isLoaded = /(?:loaded\(|later\(\(\) => )$/.test(source.slice(0, index));
      const isAnswered = ANSWERED.includes(file);
      assert.ok(isLoaded || isAnswered, `${file}: ${source.slice(index, index + 60)}`);
      found[isLoaded ? 'loaded' : 'answered']++;
    }
  }
  assert.ok(found.loaded > 15 && found.answered > 1);
});

test.run();
