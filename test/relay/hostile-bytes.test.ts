/** Bytes that no honest client sends. The relay must neither crash nor grow nor forward them. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSend, receiveOf, sealedOf } from '../../relay/envelope.js';
import { type Bytes, concat } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import {
  decodeRelayFrame,
  encodeRelayFrame,
  type RelayFrame,
} from '../../sdk/protocol/relay-frames.js';
import { withRelay } from '../support/relay.js';
import { proof, RelayClient, random, testKey } from '../support/relay-client.js';
import { closeCodeOf, rawFrame, rawSocket } from '../support/relay-wire.js';

/** Another seed reproduces another run: PIM_TEST_SEED=… */
const SEED = process.env.PIM_TEST_SEED ?? String(Date.now());

/** Reproducible bytes: SHA-256 of the seed and a count. */
class Dice {
  readonly #seed: string;
  #count = 0;
  #left: Buffer = Buffer.alloc(0);

  constructor(seed: string) {
    this.#seed = seed;
  }

  byte(): number {
    if (this.#left.length === 0) {
      this.#left = createHash('sha256')
        .update(`${this.#seed}/${this.#count++}`)
        .digest();
    }
    const [byte] = this.#left;
    this.#left = this.#left.subarray(1);
    return byte as number;
  }

  below(limit: number): number {
    return ((this.byte() << 16) | (this.byte() << 8) | this.byte()) % limit;
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.byte());
  }

  /** A frame bent a little: cut, lengthened, a byte changed, or pure noise. */
  bend(frame: Bytes): Bytes {
    switch (this.below(4)) {
      case 0:
        return frame.slice(0, this.below(frame.length + 1));
      case 1:
        return concat(frame, this.bytes(this.below(20)));
      case 2: {
        const bent = frame.slice();
        bent[this.below(bent.length)] = this.byte();
        return bent;
      }
      default:
        return this.bytes(this.below(200));
    }
  }
}

test('a text frame closes 1003, before and after the login (R22)', () =>
  withRelay({}, async ({ url }) => {
    const early = await RelayClient.open(url);
    for (const client of [early, await RelayClient.login(url)]) {
      client.socket.send('hello');
      assert.is((await client.closed).code, 1003);
    }
  }));

test('WebSocket frames against RFC 6455 close the socket (R22)', () =>
  withRelay({ limits: { pendingPerIp: 20 } }, async ({ port }) => {
    const cases: [string, number, Bytes][] = [
      ['invalid UTF-8', 1007, rawFrame({ opcode: 1, payload: Uint8Array.of(0xc3, 0x28) })],
      ['reserved bits', 1002, rawFrame({ opcode: 2, reserved: 4, payload: random(5) })],
      ['compressed', 1002, rawFrame({ opcode: 2, reserved: 1, payload: random(5) })],
      ['not masked', 1002, rawFrame({ opcode: 2, isMasked: false, payload: random(5) })],
      ['unknown opcode', 1002, rawFrame({ opcode: 3 })],
      ['a continuation of nothing', 1002, rawFrame({ opcode: 0 })],
      ['a long ping', 1002, rawFrame({ opcode: 9, payload: random(126) })],
      ['a ping in pieces', 1002, rawFrame({ opcode: 9, isLast: false })],
      ['close code 1005', 1002, rawFrame({ opcode: 8, payload: Uint8Array.of(3, 237) })],
    ];
    for (const [name, code, bytes] of cases) {
      const socket = await rawSocket(port);
      socket.write(bytes);
      assert.is(await closeCodeOf(socket), code, name);
    }
  }));

test('fragments beyond 64 close the socket, empty ones too (R23)', () =>
  withRelay({}, async ({ port }) => {
    for (const payload of [Uint8Array.of(1), new Uint8Array(0)]) {
      const socket = await rawSocket(port);
      const more = rawFrame({ opcode: 0, isLast: false, payload });
      socket.write(rawFrame({ opcode: 2, isLast: false, payload }));
      socket.write(concat(...Array.from({ length: 16_000 }, () => more)));
      assert.is(await closeCodeOf(socket), 1008);
    }
  }));

test('takes an AUTH in fragments, as RFC 6455 allows', () =>
  withRelay({}, async ({ url }) => {
    const client = await RelayClient.open(url);
    const auth = encodeRelayFrame(
      proof(await client.next('challenge'), { origin: new URL(url).origin }),
    );
    client.socket.send(auth.subarray(0, 50), { fin: false });
    client.socket.send(auth.subarray(50), { fin: true });
    await client.next('ok');
    await client.close();
  }));

/** Where the bytes are the matter, not how many. */
const UNLIMITED = {
  ...{ controlBurst: 100_000, sendBurst: 60_000, upgradeBurstPerIp: 10_000_000 },
  ...{ connectBurstPerIp: 100_000, sendBurstPerKey: 100_000, sendBurstPerIp: 100_000 },
};

test('garbage in place of AUTH or after it never disturbs the others', () =>
  withRelay({ limits: UNLIMITED }, async (relay) => {
    console.log(`seed ${SEED}`);
    const dice = new Dice(SEED);
    const witness = await RelayClient.login(relay.url);
    const key = testKey();
    const whole: RelayFrame[] = [
      { kind: 'send', id: 1, to: key.publicKey, sealed: random(561) },
      { kind: 'ping', token: random(8) },
      { kind: 'bye', reason: 'leaving' },
      proof({ kind: 'challenge', nonce: random(32), serverTime: 0, maxFrame: 0 }, { origin: 'x' }),
    ];
    const frames = whole.map((frame) => encodeRelayFrame(frame as never));
    for (let round = 0; round < 150; round++) {
      const client =
        round % 3 === 0 ? await RelayClient.open(relay.url) : await RelayClient.login(relay.url);
      for (let i = 0; i < 8; i++) {
        client.socket.send(dice.bend(frames[dice.below(frames.length)]!));
      }
      client.socket.close();
      await client.closed;
    }
    assert.equal(await witness.settle(), []);
    await witness.close();
  }));

test('garbage on the TCP connection never disturbs the others', () =>
  withRelay({ limits: { ...UNLIMITED, pendingPerIp: 100, socketsPerIp: 1_000 } }, async (relay) => {
    console.log(`seed ${SEED}`);
    const dice = new Dice(`${SEED}/tcp`);
    const request =
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    for (let round = 0; round < 60; round++) {
      const socket =
        round % 2 === 0 ? await rawSocket(relay.port) : connect(relay.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(round % 4 === 1 ? request.slice(0, dice.below(request.length)) : '');
      socket.write(dice.bytes(dice.below(400)));
      socket.end();
      await once(socket, 'close');
    }
    const client = await RelayClient.login(relay.url);
    assert.equal(await client.settle(), []);
  }));

test('reads the header of SEND exactly as the protocol’s decoder does', () => {
  console.log(`seed ${SEED}`);
  const dice = new Dice(`${SEED}/send`);
  for (let i = 0; i < 5_000; i++) {
    const sealed = dice.bytes(1 + dice.below(60));
    const to = dice.bytes(32);
    const whole = encodeRelayFrame({ kind: 'send', id: dice.below(2 ** 24), to, sealed });
    const bytes = i % 4 === 0 ? whole : dice.bend(whole);
    bytes[0] = 0x10;
    const header = readSend(Buffer.from(bytes));
    const frame = decoded(bytes);
    assert.is(header.fault === null, frame !== null, `round ${i}`);
    if (header.fault !== null || frame?.kind !== 'send') continue;
    assert.is(header.id, frame.id);
    assert.is(header.to, Buffer.from(frame.to).toString('latin1'));
    const receive = encodeRelayFrame({ kind: 'receive', sealed: frame.sealed });
    const send = Buffer.from(bytes);
    const made = receiveOf(send);
    assert.equal(new Uint8Array(made), receive);
    assert.is(made.buffer, send.buffer, 'made in place: whoever keeps it copies it');
    assert.equal(sealedOf(Buffer.from(bytes)), frame.sealed);
  }
});

function decoded(bytes: Bytes): RelayFrame | null {
  try {
    return decodeRelayFrame(bytes);
  } catch (fault) {
    assert.ok(isPimError(fault, 'frame/invalid'));
    return null;
  }
}

test.run();
