/** Part of the crypto contract: the tags by which authors know their own entries again. */

import * as assert from 'uvu/assert';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import { entryTags } from '../../sdk/crypto/entry-tag.js';
import type { Keys } from '../../sdk/crypto/suite.js';
import { decodeEntry } from '../../sdk/protocol/entry.js';
import type { Test } from '../support/suite.js';
import type { CryptoVectors, Implementation } from './crypto.js';

export function entryTagTests(
  test: Test,
  { suite }: Implementation,
  { pim }: CryptoVectors,
  keysOf: (person: { seed: string }) => Promise<Keys>,
): void {
  test('tags entries as the vectors do, and as nobody else can', async () => {
    const [a, b] = await Promise.all([keysOf(pim.keys[0]!), keysOf(pim.keys[1]!)]);
    const people = { A: a, B: b };
    for (const { name, shared } of pim.entry_tag) {
      assert.is(toHex(await people[name].agree(people[name].agreementKey)), shared);
    }
    let checked = 0;
    for (const row of pim.conversation.entries) {
      const { tag, ...entry } = decodeEntry(fromHex(row.bytes));
      assert.is(toHex(tag), row.tag);
      if (/^0+$/.test(row.tag)) continue;
      const [mine, others] = row.author === 'A' ? [a, b] : [b, a];
      assert.is(toHex(await entryTags(suite, mine)(entry)), row.tag, row.kind);
      assert.is.not(toHex(await entryTags(suite, others)(entry)), row.tag);
      checked++;
    }
    assert.ok(checked > 5);
  });
}
