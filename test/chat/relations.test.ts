/** Asking people: what is said to whoever has not answered yet. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toBase64url, toHex } from '../../sdk/base/bytes.js';
import type { InviteWords } from '../../sdk/chat/outreach.js';
import type { ContactRecord } from '../../sdk/chat/records.js';
import { Relations, type RelationsHost } from '../../sdk/chat/relations.js';
import { TOKEN_BYTES, TOKEN_CHARS } from '../../sdk/protocol/limits.js';
import { NO_TOKEN } from '../../sdk/protocol/signal.js';

/** What somebody who is kept with `token` is asked with. */
async function askedWith(token: string | null): Promise<InviteWords | null> {
  const contact = { key: toHex(new Uint8Array(32)), status: 'requested', token } as ContactRecord;
  let asked: InviteWords | null = null;
  const works: Promise<unknown>[] = [];
  const host = {
    people: { contact: () => contact },
    conversations: { of: () => null },
    outreach: {
      start: (_to: unknown, words: () => InviteWords | null) => {
        asked = words();
      },
    },
    owner: { settings: { name: 'Ada' } },
    run: (work: Promise<unknown>) => void works.push(work),
  };
  new Relations(host as unknown as RelationsHost).lookFor(contact);
  await Promise.all(works);
  return asked;
}

test('somebody is asked with the token of their invitation', async () => {
  const token = new Uint8Array(TOKEN_BYTES).fill(7);
  assert.is(toBase64url(token).length, TOKEN_CHARS);
  assert.equal((await askedWith(toBase64url(token)))?.token, token);
  assert.equal((await askedWith(null))?.token, NO_TOKEN);
});

test('a token of the earlier size, kept before an update, is left out, and they are asked all the same', async () => {
  assert.equal((await askedWith(toBase64url(new Uint8Array(16).fill(7))))?.token, NO_TOKEN);
  assert.equal((await askedWith(''))?.token, NO_TOKEN);
});

test.run();
