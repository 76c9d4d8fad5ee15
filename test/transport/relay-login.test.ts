/** The client's half of the login, line by line, and every way a relay can answer it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import type { RelayRefusal } from '../../sdk/base/errors.js';
import { verify } from '../../sdk/crypto/verify.js';
import { encodeRelayFrame, loginBody, type RelayFrame } from '../../sdk/protocol/relay-frames.js';
import { FrameSocket } from '../../sdk/transport/frame-socket.js';
import { judged, prove } from '../../sdk/transport/relay-login.js';
import { refusal } from '../contracts/storage.js';
import { keyA, pim } from '../support/vectors.js';
import {
  challenge,
  HandPlatform,
  type HandSocket,
  settle,
  somebody,
  suite,
} from './hand-platform.js';

const never = new AbortController().signal;
const ok = { kind: 'ok', framesPerSecond: 20, burst: 400 } as const;

async function begin(url = 'wss://relay.example/pim') {
  const platform = new HandPlatform();
  const frames = new FrameSocket(url, platform);
  platform.socket.open();
  const identity = await somebody(platform);
  const login = prove(frames, url, identity, platform, never).then(() =>
    judged(frames, url, never),
  );
  login.catch(() => undefined);
  return { platform, socket: platform.socket, identity, login };
}

function authOf(socket: HandSocket): Extract<RelayFrame, { kind: 'auth' }> {
  const [auth, ...more] = socket.of('auth');
  assert.is(more.length, 0);
  if (auth === undefined) throw new Error('no proof was sent');
  return auth;
}

test('signs the origin it dialled, both nonces, its key and its device', async () => {
  for (const [url, origin] of [
    ['wss://relay.example/pim', 'wss://relay.example'],
    ['wss://RELAY.example:443', 'wss://relay.example'],
    ['wss://relay.example:8443/x/y', 'wss://relay.example:8443'],
    ['ws://127.0.0.1:9', 'ws://127.0.0.1:9'],
  ] as const) {
    const { socket, identity, login } = await begin(url);
    const asked = challenge();
    socket.deliver(asked);
    await settle();
    const auth = authOf(socket);
    const { publicKey } = identity.keys;
    assert.equal(auth.publicKey, publicKey);
    assert.equal(auth.device, identity.device);
    const body = loginBody(origin, asked.nonce, auth.nonce, publicKey, identity.device);
    assert.ok(await verify(suite, publicKey, 'relay-auth', body, auth.signature));
    const elsewhere = loginBody(
      'wss://other.example',
      asked.nonce,
      auth.nonce,
      publicKey,
      identity.device,
    );
    assert.not.ok(await verify(suite, publicKey, 'relay-auth', elsewhere, auth.signature));
    socket.deliver(ok);
    await login;
  }
});

test('sends the AUTH frame of the vectors, byte for byte', async () => {
  const vector = pim.relay_auth;
  const platform = new HandPlatform();
  const frames = new FrameSocket(vector.origin!, platform);
  platform.socket.open();
  const keys = await suite.keysFromSeed(fromHex(pim.keys[0]!.seed));
  const identity = { keys, address: pim.keys[0]!.address, device: fromHex(vector.dev!) } as never;
  platform.random = () => fromHex(vector.nonce_c!);
  void prove(frames, `${vector.origin}/any/path`, identity, platform, never).catch(() => undefined);
  platform.socket.deliver({ ...challenge(), nonce: fromHex(vector.nonce_s!) });
  await settle();
  const auth = authOf(platform.socket);
  assert.equal(auth.publicKey, keyA);
  assert.is(toHex(encodeRelayFrame(auth)), vector.auth_frame);
});

test('answers each challenge with a nonce of its own', async () => {
  const nonces = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const { socket } = await begin();
    socket.deliver(challenge());
    await settle();
    nonces.add(toHex(authOf(socket).nonce));
  }
  assert.is(nonces.size, 3);
});

test('says why the relay turned it down, in words and as a code', async () => {
  const reasons: RelayRefusal[] = ['version', 'origin', 'proof', 'late', 'busy', 'unknown'];
  const texts = new Set<string>();
  for (const reason of reasons) {
    const { socket, login } = await begin();
    socket.deliver(challenge());
    await settle();
    socket.deliver({ kind: 'error', reason });
    const fault = await refusal(login, 'relay/refused');
    assert.equal(fault.detail, { url: 'wss://relay.example/pim', reason });
    texts.add(fault.message);
  }
  assert.is(texts.size, reasons.length);
});

test('a relay may turn it down before any challenge', async () => {
  const { socket, login } = await begin();
  socket.deliver({ kind: 'error', reason: 'busy' });
  const fault = await refusal(login, 'relay/refused');
  assert.is(fault.detail.reason, 'busy');
  assert.equal(socket.sent, []);
});

test('a relay of another version is told apart, and gets no proof', async () => {
  const { socket, login } = await begin();
  const foreign = encodeRelayFrame(challenge());
  foreign[1] = 9;
  socket.deliverData(foreign.buffer);
  const fault = await refusal(login, 'relay/version');
  assert.equal(fault.detail, { url: 'wss://relay.example/pim', theirs: 9, ours: 1 });
  assert.equal(socket.sent, []);
});

test('anything else where the challenge or the verdict belongs is not our protocol', async () => {
  const sealed = new Uint8Array(561);
  const frames = [
    { kind: 'receive', sealed },
    { kind: 'ping', token: new Uint8Array(8) },
    { kind: 'pong', token: new Uint8Array(8) },
    { kind: 'result', id: 1, result: 'malformed' },
    { kind: 'bye', reason: 'busy' },
    { kind: 'send', id: 1, to: new Uint8Array(32), sealed },
  ] as const;
  for (const frame of [...frames, ok]) {
    const { socket, login } = await begin();
    socket.deliver(frame);
    const fault = await refusal(login, 'relay/protocol');
    // What only a client says is not even read.
    const reason = frame.kind === 'send' ? 'unknown type' : frame.kind;
    assert.ok(fault.detail.reason.includes(reason));
    assert.equal(socket.sent, [], 'no proof for whoever does not ask for one');
  }
  for (const frame of [...frames, challenge()]) {
    const { socket, login } = await begin();
    socket.deliver(challenge());
    await settle();
    socket.deliver(frame);
    await refusal(login, 'relay/protocol');
    assert.is(socket.of('auth').length, 1, 'one proof for one challenge');
  }
});

test('a relay that leaves in the middle cannot be reached', async () => {
  const { socket, login } = await begin();
  socket.deliver(challenge());
  await settle();
  socket.drop();
  await refusal(login, 'relay/unreachable');
});

test('no error of a login holds key, device or nonce', async () => {
  const { socket, login, identity } = await begin();
  socket.deliver(challenge());
  await settle();
  socket.deliver({ kind: 'error', reason: 'proof' });
  const fault = await refusal(login, 'relay/refused');
  const told = JSON.stringify([fault.message, fault.detail, fault.docs]);
  const auth = authOf(socket);
  for (const secret of [identity.keys.publicKey, identity.device, auth.nonce, auth.signature]) {
    assert.not.ok(told.includes(toHex(secret)));
  }
  assert.not.ok(told.includes(identity.address));
});

test.run();
