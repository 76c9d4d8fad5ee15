/** Many devices of one person that come in one moment, while the machine is slow. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import { MAX_CONTACT_DEVICES } from '../../sdk/protocol/limits.js';
import { settle, suite } from '../transport/hand-platform.js';
import { Meeting } from './meeting.js';

/** Sessions get their names only when it is let go. */
function holdSessions(): { readonly waiting: () => number; letGo(): void } {
  let letGo = () => {};
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let waiting = 0;
  const { sha256 } = suite;
  suite.sha256 = async (input: Bytes) => {
    if (new TextDecoder().decode(input).startsWith('pim/1 sid\0')) {
      waiting++;
      await free;
    }
    return sha256.call(suite, input);
  };
  return {
    waiting: () => waiting,
    letGo: () => {
      suite.sha256 = sha256;
      letGo();
    },
  };
}

test('of devices whose sessions begin in one moment no more than are remembered get a connection', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const friend = await meeting.person('friend', 'high');
  me.knows(friend);
  await me.join();
  await friend.join();
  const open = () => meeting.network.of(me.name).length;
  const sessions = holdSessions();
  const knocks = MAX_CONTACT_DEVICES + 8;
  for (let i = 1; i <= knocks; i++) {
    Object.assign(friend.identity, { device: new Uint8Array(8).fill(i) });
    const knock = { kind: 'knock', nonce: friend.platform.random(32) } as const;
    await friend.book.signaling.signAndSend({ to: me.key }, knock);
    for (let turn = 0; turn < 1_000 && sessions.waiting() < i; turn++) await settle();
  }
  assert.is(sessions.waiting(), knocks);
  sessions.letGo();
  await meeting.rest();
  assert.ok(open() > 0 && open() <= MAX_CONTACT_DEVICES, `${open()}`);
  me.book.stop();
  assert.is(open(), 0, 'none is out of reach');
});

test.run();
