/** A knock goes to every relay once, to those that are there only later as soon as they are. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import { Peer, type PeerHost } from '../../sdk/peer/peer.js';

/** A peer on a clock that stands still: no wait ever ends by itself. */
function standing() {
  const relays = new Set<string>();
  const knocks: string[] = [];
  let signed = 0;
  const host = {
    identity: { keys: { publicKey: new Uint8Array(32).fill(1) } },
    platform: {
      monotonic: () => 0,
      random: (length: number) => new Uint8Array(length).fill(7),
      setTimer: () => 0,
      clearTimer: () => undefined,
    },
    signaling: {
      sign: async () => Uint8Array.of(++signed),
      send: async (_to: Bytes, whole: Bytes, had: Set<string>) => {
        for (const url of relays) {
          if (!had.has(url)) knocks.push(`${whole[0]} over ${url}`);
          had.add(url);
        }
      },
    },
    onState: () => undefined,
  };
  const peer = new Peer(new Uint8Array(32).fill(2), host as unknown as PeerHost);
  return { peer, knocks, relays };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the knock that no relay took goes out with the first that is there', async () => {
  const { peer, knocks, relays } = standing();
  peer.call();
  await settled();
  assert.equal(knocks, []);
  relays.add('one');
  peer.call();
  await settled();
  assert.equal(knocks, ['1 over one']);
});

test('the same knock follows over a relay that is there later, and over none twice', async () => {
  const { peer, knocks, relays } = standing();
  relays.add('one');
  peer.call();
  await settled();
  relays.add('two');
  for (let i = 0; i < 5; i++) peer.call();
  await settled();
  assert.equal(knocks, ['1 over one', '1 over two']);
});

test('a call after a hang-up knocks anew', async () => {
  const { peer, knocks, relays } = standing();
  relays.add('one');
  peer.call();
  await settled();
  peer.hangUp(new Error('over') as never);
  await settled();
  peer.call();
  peer.call();
  await settled();
  assert.equal(knocks, ['1 over one', '2 over one']);
});

test.run();
