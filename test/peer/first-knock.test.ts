/** A knock that no relay took is made up for as soon as one is there, not at the next turn of the wait. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Peer, type PeerHost } from '../../sdk/peer/peer.js';

/** A peer on a clock that stands still: no wait ever ends by itself. */
function standing(taken: readonly number[]) {
  const knocks: string[] = [];
  const host = {
    identity: { keys: { publicKey: new Uint8Array(32).fill(1) } },
    platform: {
      monotonic: () => 0,
      random: (length: number) => new Uint8Array(length).fill(7),
      setTimer: () => 0,
      clearTimer: () => undefined,
    },
    signaling: {
      signAndSend: async (_route: unknown, body: { kind: string }) => {
        knocks.push(body.kind);
        return taken[knocks.length - 1] ?? 1;
      },
    },
    onState: () => undefined,
  };
  return { peer: new Peer(new Uint8Array(32).fill(2), host as unknown as PeerHost), knocks };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('knocks at once where the last knock reached no relay and one is there now', async () => {
  const { peer, knocks } = standing([0, 1]);
  peer.call();
  await settled();
  assert.equal(knocks, ['knock']);
  peer.call();
  await settled();
  assert.equal(knocks, ['knock', 'knock']);
});

test('keeps to its waits where a relay took the last knock', async () => {
  const { peer, knocks } = standing([1]);
  peer.call();
  await settled();
  for (let i = 0; i < 5; i++) peer.call();
  await settled();
  assert.equal(knocks, ['knock']);
});

test.run();
