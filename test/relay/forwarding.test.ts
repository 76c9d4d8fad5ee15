/** From one key to another: what arrives, and that nobody learns who is there. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Envelope } from '../../relay/index.js';
import { concat, toHex, utf8 } from '../../sdk/base/bytes.js';
import { MAX_SEALED_BYTES, PADDED_SIZES } from '../../sdk/protocol/limits.js';
import { encodeRelayFrame, RELAY_FRAME, type RelayFrame } from '../../sdk/protocol/relay-frames.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, testKey } from '../support/relay-client.js';

const keyOf = (client: RelayClient) => client.key!.publicKey;
const sealedIn = (frames: RelayFrame[]) =>
  frames.map((frame) => (frame.kind === 'receive' ? toHex(frame.sealed) : frame.kind));

test('forwards every allowed size unchanged, in order', () =>
  withRelay({}, async ({ url }) => {
    const ada = await RelayClient.login(url);
    const grace = await RelayClient.login(url);
    const sizes = [1, 2, ...PADDED_SIZES.map((size) => size + 49), MAX_SEALED_BYTES];
    const sent = sizes.map(random);
    for (const sealed of sent) ada.sendTo(keyOf(grace), sealed);
    assert.equal(await ada.settle(), []);
    assert.equal(sealedIn(await grace.settle()), sent.map(toHex));
  }));

test('a forwarded frame is the envelope and three bytes before it', () =>
  withRelay({}, async ({ url }) => {
    const ada = await RelayClient.login(url);
    const grace = await RelayClient.login(url);
    const sealed = random(561);
    ada.sendTo(keyOf(grace), sealed, 0xfedcba98);
    await grace.next('receive');
    const wire = grace.received.at(-1)!;
    assert.equal(wire, concat(Uint8Array.of(RELAY_FRAME.receive, 561 >> 8, 561 & 255), sealed));
    const everything = toHex(concat(...grace.received));
    assert.not.ok(everything.includes(toHex(keyOf(ada))), 'the sender’s key is in it');
  }));

test('delivers to every socket of a key, and to no other key', () =>
  withRelay({}, async ({ url }) => {
    const key = testKey();
    const devices = [];
    for (let i = 0; i < 3; i++) devices.push(await RelayClient.login(url, { key }));
    const other = await RelayClient.login(url);
    const ada = await RelayClient.login(url);
    const sealed = random(561);
    ada.sendTo(key.publicKey, sealed);
    await ada.settle();
    for (const device of devices) assert.equal(sealedIn(await device.settle()), [toHex(sealed)]);
    assert.equal(await other.settle(), []);
  }));

test('delivers to one’s own key, so that devices of one person find each other', () =>
  withRelay({}, async ({ url }) => {
    const key = testKey();
    const phone = await RelayClient.login(url, { key });
    const laptop = await RelayClient.login(url, { key });
    const sealed = random(561);
    phone.sendTo(key.publicKey, sealed);
    assert.equal(sealedIn(await phone.settle()), [toHex(sealed)]);
    assert.equal(sealedIn(await laptop.settle()), [toHex(sealed)]);
  }));

test('says nothing about who is there: the same bytes come back for every recipient', () =>
  withRelay({}, async ({ stats, url }) => {
    const ada = await RelayClient.login(url);
    const here = await RelayClient.login(url);
    const left = await RelayClient.login(url);
    await left.close();
    const token = random(8);
    const transcripts = new Set<string>();
    for (const to of [keyOf(here), keyOf(left), random(32), new Uint8Array(32)]) {
      const before = ada.received.length;
      for (let id = 0; id < 20; id++) ada.sendTo(to, random(561), id);
      ada.send({ kind: 'ping', token });
      await ada.next('pong');
      transcripts.add(toHex(concat(...ada.received.slice(before))));
    }
    assert.equal([...transcripts], [toHex(encodeRelayFrame({ kind: 'pong', token }))]);
    void stats;
  }));

test('keeps nothing for those who come later', () =>
  withRelay({}, async ({ url }) => {
    const ada = await RelayClient.login(url);
    const key = testKey();
    ada.sendTo(key.publicKey, random(561));
    await ada.settle();
    const grace = await RelayClient.login(url, { key });
    assert.equal(await grace.settle(), []);
  }));

test('forwards to the others when one socket of a key has gone', () =>
  withRelay({}, async ({ url }) => {
    const key = testKey();
    const phone = await RelayClient.login(url, { key });
    const laptop = await RelayClient.login(url, { key });
    const ada = await RelayClient.login(url);
    phone.socket.terminate();
    ada.sendTo(key.publicKey, random(561));
    await ada.settle();
    assert.is((await laptop.settle()).length, 1);
  }));

test('answers a malformed or too large SEND by its id, and forwards nothing of it', () =>
  withRelay({}, async ({ url }) => {
    const ada = await RelayClient.login(url);
    const grace = await RelayClient.login(url);
    const good = encodeRelayFrame({ kind: 'send', id: 7, to: keyOf(grace), sealed: random(561) });
    const tooLarge = new Uint8Array(39 + MAX_SEALED_BYTES + 1);
    tooLarge.set(good.subarray(0, 37));
    new DataView(tooLarge.buffer).setUint16(37, MAX_SEALED_BYTES + 1);
    const cases: [string, Uint8Array][] = [
      ['malformed', good.subarray(0, -1)],
      ['malformed', concat(good, Uint8Array.of(0))],
      ['malformed', good.subarray(0, 39)],
      ['malformed', good.subarray(0, 5)],
      ['malformed', concat(good.subarray(0, 37), Uint8Array.of(0, 0))],
      ['too-large', tooLarge],
    ];
    for (const [result, frame] of cases) {
      ada.socket.send(frame);
      assert.equal(await ada.settle(), [{ kind: 'result', id: 7, result }]);
    }
    assert.equal(await grace.settle(), []);
  }));

test('closes on frames that no client sends', () =>
  withRelay({}, async ({ url }) => {
    const frames = [
      new Uint8Array(0),
      Uint8Array.of(RELAY_FRAME.send, 0, 0, 0),
      encodeRelayFrame({ kind: 'receive', sealed: random(561) }),
      encodeRelayFrame({ kind: 'result', id: 1, result: 'malformed' }),
      encodeRelayFrame({ kind: 'ok', framesPerSecond: 1, burst: 1 }),
      concat(encodeRelayFrame({ kind: 'ping', token: random(8) }), Uint8Array.of(0)),
      Uint8Array.of(0x99, 1, 2, 3),
      utf8('hello'),
    ];
    for (const frame of frames) {
      const client = await RelayClient.login(url);
      client.socket.send(frame);
      assert.is((await client.closed).code, 1002);
    }
  }));

test('closes with 1000 when the client says goodbye', () =>
  withRelay({}, async (relay) => {
    const client = await RelayClient.login(relay.url);
    client.send({ kind: 'bye', reason: 'leaving' });
    assert.is((await client.closed).code, 1000);
    assert.is(relay.stats().keys, 0);
  }));

test('says goodbye to everybody when it closes, logged in or not', async () => {
  let clients: RelayClient[] = [];
  await withRelay({}, async ({ url }) => {
    const early = await RelayClient.open(url);
    await early.next('challenge');
    clients = [early, await RelayClient.login(url)];
  });
  for (const client of clients) {
    assert.is((await client.next('bye')).reason, 'restarting');
    assert.is((await client.closed).code, 1012);
  }
});

test('closes within its bound when a client does not answer the goodbye', () =>
  withRelay({ limits: { closeTimeoutMs: 600_000 } }, async (relay) => {
    const client = await RelayClient.login(relay.url);
    client.socket.pause();
    const began = performance.now();
    await relay.close({ withinMs: 50 });
    assert.ok(performance.now() - began < 5_000);
    client.socket.terminate();
  }));

test('the seam for hostile relays changes, withholds, repeats and delays envelopes', () => {
  const seen: Envelope[] = [];
  let later = (): void => undefined;
  const tamper = (envelope: Envelope, deliver: (forwarded: Envelope) => void) => {
    seen.push(envelope);
    if (seen.length === 1) return [];
    if (seen.length === 2) return [envelope, { ...envelope, sealed: Uint8Array.of(1) }];
    later = () => deliver(envelope);
    return [{ to: envelope.from, sealed: envelope.sealed }];
  };
  return withRelay({ seams: { hostility: { tamper } } }, async ({ url }) => {
    const ada = await RelayClient.login(url);
    const grace = await RelayClient.login(url);
    const sent = [random(3), random(3), random(3)];
    for (const sealed of sent) ada.sendTo(keyOf(grace), sealed);
    assert.equal(sealedIn(await ada.settle()), [toHex(sent[2]!)], 'reflected');
    assert.equal(sealedIn(await grace.settle()), [toHex(sent[1]!), '01']);
    later();
    assert.equal(sealedIn(await grace.settle()), [toHex(sent[2]!)], 'delayed');
    assert.equal(seen[0], { from: keyOf(ada), to: keyOf(grace), sealed: sent[0]! });
  });
});

test.run();
