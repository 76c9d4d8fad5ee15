/** Proving a key to a relay: what counts, and everything that must not. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex } from '../../sdk/base/bytes.js';
import type { RelayRefusal } from '../../sdk/base/errors.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { withRelay } from '../support/relay.js';
import { proof, RelayClient, random, testKey } from '../support/relay-client.js';
import { RelayClock } from '../support/relay-clock.js';

const ORIGIN = 'wss://relay.example';

/** The socket must say `reason` and close 4401. */
async function isRefused(client: RelayClient, reason: RelayRefusal): Promise<void> {
  const frame = await client.next('error');
  assert.is(frame.reason, reason);
  assert.is((await client.closed).code, 4401);
}

test('accepts a proof for its public origin', () =>
  withRelay({ origins: [ORIGIN] }, async ({ url }) => {
    const client = await RelayClient.login(url, { origin: ORIGIN });
    assert.equal(await client.settle(), []);
    await client.close();
  }));

test('without configured origins accepts the names of this machine at its own port only', () =>
  withRelay({}, async ({ port, url }) => {
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      for (const scheme of ['ws', 'wss']) {
        await (await RelayClient.login(url, { origin: `${scheme}://${name}:${port}` })).close();
      }
    }
    const others = [`ws://localhost:${port + 1}`, 'ws://localhost', `ws://127.0.0.2:${port}`];
    for (const origin of [...others, `http://localhost:${port}`, `ws://LOCALHOST:${port}`, '']) {
      const client = await RelayClient.open(url);
      client.send(proof(await client.next('challenge'), { origin }));
      await isRefused(client, 'origin');
    }
  }));

test('with configured origins no longer accepts the names of this machine', () =>
  withRelay({ origins: [ORIGIN] }, async ({ url }) => {
    const client = await RelayClient.open(url);
    client.send(proof(await client.next('challenge'), { origin: new URL(url).origin }));
    await isRefused(client, 'origin');
  }));

test('tries each of several origins, in whatever spelling the operator wrote them', () =>
  withRelay({ origins: ['https://A.example:443/', 'ws://b.example:81'] }, async ({ url }) => {
    await (await RelayClient.login(url, { origin: 'wss://a.example' })).close();
    await (await RelayClient.login(url, { origin: 'ws://b.example:81' })).close();
  }));

test('refuses a proof made for another relay, forged Host header or not (R13, R14)', () =>
  withRelay({ origins: [ORIGIN] }, async ({ url }) => {
    const evil = 'wss://evil.example';
    for (const headers of [{}, { Host: 'evil.example' }, { Host: 'evil.example', Origin: evil }]) {
      // The evil relay dials the honest one and shows its challenge to a victim who dialled evil.
      const evilToHonest = await RelayClient.open(url, { headers });
      const challenge = await evilToHonest.next('challenge');
      evilToHonest.send(proof(challenge, { origin: evil }));
      await isRefused(evilToHonest, 'origin');
    }
  }));

test('refuses the nonce of another socket, a zero nonce and a nonce of its own past (R15–R17)', () =>
  withRelay({}, async ({ url }) => {
    const { origin } = new URL(url);
    const first = await RelayClient.open(url);
    const second = await RelayClient.open(url);
    const firstChallenge = await first.next('challenge');
    const recorded = proof(firstChallenge, { origin });
    await second.next('challenge');
    second.send(recorded);
    await isRefused(second, 'origin');
    first.send(recorded);
    await first.next('ok');
    for (const nonce of [firstChallenge.nonce, new Uint8Array(32)]) {
      const client = await RelayClient.open(url);
      client.send(proof(await client.next('challenge'), { origin, nonce }));
      await isRefused(client, 'origin');
    }
    await first.close();
  }));

test('refuses a proof repeated on a new socket', () =>
  withRelay({}, async ({ url }) => {
    const { origin } = new URL(url);
    const client = await RelayClient.open(url);
    const recorded = proof(await client.next('challenge'), { origin });
    client.send(recorded);
    await client.next('ok');
    await client.close();
    const replay = await RelayClient.open(url);
    await replay.next('challenge');
    replay.send(recorded);
    await isRefused(replay, 'origin');
  }));

test('gives every socket a nonce of its own', () =>
  withRelay({}, async ({ url }) => {
    const nonces = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const client = await RelayClient.open(url);
      nonces.add((await client.next('challenge')).nonce.join());
      await client.close();
    }
    assert.is(nonces.size, 5);
  }));

test('refuses a changed bit anywhere in the proof', () =>
  withRelay({ limits: { upgradeBurstPerIp: 100_000 } }, async ({ url }) => {
    const { origin } = new URL(url);
    const bytes = encodeRelayFrame(
      proof({ kind: 'challenge', nonce: random(32), serverTime: 0, maxFrame: 0 }, { origin }),
    ).length;
    for (let at = 2; at < bytes; at++) {
      const client = await RelayClient.open(url);
      const frame = encodeRelayFrame(proof(await client.next('challenge'), { origin }));
      frame[at] = (frame[at] as number) ^ (1 << (at % 8));
      client.socket.send(frame);
      const { reason } = await client.next('error');
      assert.ok(reason === 'origin' || reason === 'proof', `byte ${at}: ${reason}`);
      assert.is((await client.closed).code, 4401);
    }
  }));

test('refuses keys of small order, whatever is signed (P08)', () =>
  withRelay({}, async ({ url }) => {
    const { origin } = new URL(url);
    const keys = ['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`];
    for (const publicKey of keys.map(fromHex)) {
      const client = await RelayClient.open(url);
      const honest = proof(await client.next('challenge'), { origin });
      // R = the identity, S = 0 satisfies the equation of a cofactored verifier.
      const signature = fromHex(`01${'00'.repeat(63)}`);
      client.send({ ...honest, publicKey, signature });
      await isRefused(client, 'proof');
    }
  }));

test('refuses a signature with S + L, which some verifiers take', () =>
  withRelay({}, async ({ url }) => {
    const client = await RelayClient.open(url);
    const frame = proof(await client.next('challenge'), { origin: new URL(url).origin });
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order;
    for (let i = 31; i >= 0; i--) s += BigInt(frame.signature[32 + i] as number) << BigInt(8 * i);
    for (let i = 0; i < 32; i++) frame.signature[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
    client.send(frame);
    await isRefused(client, 'proof');
  }));

test('refuses a late proof, and closes where none comes', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async ({ url }) => {
    const silent = await RelayClient.open(url);
    await silent.next('challenge');
    clock.advance(9_999);
    await (await RelayClient.login(url)).close();
    clock.advance(1);
    await isRefused(silent, 'late');
  });
});

test('judges lateness by the clock, not by the timer alone', async () => {
  const clock = new RelayClock();
  // A busy process: time passes, no timer has run yet.
  const stalled = { ...clock, monotonic: () => clock.monotonic(), setTimer: () => 0 };
  await withRelay({ seams: { clock: stalled } }, async ({ url }) => {
    const client = await RelayClient.open(url);
    const challenge = await client.next('challenge');
    clock.advance(10_001);
    client.send(proof(challenge, { origin: new URL(url).origin }));
    await isRefused(client, 'late');
  });
});

test('takes one attempt a socket: a second AUTH ends even a good session', () =>
  withRelay({}, async ({ url }) => {
    const { origin } = new URL(url);
    const client = await RelayClient.open(url);
    const challenge = await client.next('challenge');
    const key = testKey();
    client.send(proof(challenge, { origin, key }));
    await client.next('ok');
    client.send(proof(challenge, { origin, key }));
    await isRefused(client, 'proof');
  }));

test('a right proof behind a wrong one changes nothing', () =>
  withRelay({}, async (relay) => {
    const client = await RelayClient.open(relay.url);
    const challenge = await client.next('challenge');
    client.send(proof(challenge, { origin: ORIGIN }));
    client.send(proof(challenge, { origin: new URL(relay.url).origin }));
    await isRefused(client, 'origin');
    assert.is(relay.stats().logins, 0);
  }));

test('takes nothing but AUTH before the login', () =>
  withRelay({}, async ({ url }) => {
    const frames = [
      encodeRelayFrame({ kind: 'ping', token: random(8) }),
      encodeRelayFrame({ kind: 'send', id: 1, to: random(32), sealed: random(561) }),
      encodeRelayFrame({ kind: 'ok', framesPerSecond: 1, burst: 1 }),
      encodeRelayFrame({ kind: 'bye', reason: 'leaving' }),
      new Uint8Array(0),
      random(8000),
    ];
    for (const frame of frames) {
      const client = await RelayClient.open(url);
      await client.next('challenge');
      client.socket.send(frame);
      await isRefused(client, 'proof');
    }
  }));

test('names the reason where the protocol version is another', () =>
  withRelay({}, async ({ url }) => {
    const client = await RelayClient.open(url);
    const frame = proof(await client.next('challenge'), { origin: new URL(url).origin });
    const bytes = encodeRelayFrame(frame);
    bytes[1] = 2;
    client.socket.send(bytes);
    await isRefused(client, 'version');
  }));

test('a challenge tells the relay’s time and its largest frame', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async ({ url }) => {
    const client = await RelayClient.open(url);
    const { maxFrame, serverTime } = await client.next('challenge');
    assert.is(serverTime, clock.now());
    assert.is(maxFrame, 8704);
    await client.close();
  });
});

test.run();
