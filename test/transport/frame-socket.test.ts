/** A socket as a line of relay frames: order, ends, limits, and everything that is no frame. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_RELAY_FRAME_BYTES, MAX_RELAY_FRAMES_PER_S } from '../../sdk/protocol/limits.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { FrameSocket } from '../../sdk/transport/frame-socket.js';
import { refusal } from '../contracts/storage.js';
import { HandPlatform, type HandSocket, settle } from './hand-platform.js';

const URL_ = 'wss://relay.example';
const token = (value: number) => new Uint8Array(8).fill(value);
const ping = (value: number) => ({ kind: 'ping', token: token(value) }) as const;
const never = new AbortController().signal;

async function opened(): Promise<{
  frames: FrameSocket;
  socket: HandSocket;
  platform: HandPlatform;
}> {
  const platform = new HandPlatform();
  const frames = new FrameSocket(URL_, platform);
  platform.socket.open();
  return { frames, socket: platform.socket, platform };
}

test('dials the URL it was given and asks for array buffers', async () => {
  const { socket } = await opened();
  assert.is(socket.url, URL_);
  assert.is(socket.binaryType, 'arraybuffer');
});

test('gives frames in the order they came, those before the question included', async () => {
  const { frames, socket } = await opened();
  socket.deliver(ping(1));
  socket.deliver(ping(2));
  assert.equal(await frames.next(never), ping(1));
  assert.equal(await frames.next(never), ping(2));
  const third = frames.next(never);
  socket.deliver(ping(3));
  assert.equal(await third, ping(3));
});

test('sends frames as their bytes', async () => {
  const { frames, socket } = await opened();
  assert.ok(frames.send(ping(7)));
  assert.equal(socket.sent, [ping(7)]);
});

test('sends nothing to a relay that does not read, and goes on when it does', async () => {
  const { frames, socket } = await opened();
  socket.bufferedAmount = 262_145;
  assert.not.ok(frames.send(ping(1)));
  socket.bufferedAmount = 262_144;
  assert.ok(frames.send(ping(2)));
  assert.equal(socket.sent, [ping(2)]);
});

test('a socket that cannot be made is a relay that cannot be reached', async () => {
  const platform = new HandPlatform();
  platform.refusesSockets = true;
  const fault = await refusal(new FrameSocket(URL_, platform).next(never), 'relay/unreachable');
  assert.equal(fault.detail, { url: URL_ });
  assert.ok(fault.retryable);
});

test('a socket that closes before it opens is a relay that cannot be reached', async () => {
  const platform = new HandPlatform();
  const frames = new FrameSocket(URL_, platform);
  const opening = frames.next(never);
  platform.socket.drop();
  await refusal(opening, 'relay/unreachable');
  assert.not.ok(frames.send(ping(1)));
});

test('whoever waits for a socket that does not open may give it up, and close it', async () => {
  const platform = new HandPlatform();
  const frames = new FrameSocket(URL_, platform);
  const limit = new AbortController();
  const opening = frames.next(limit.signal);
  assert.not.ok(frames.send(ping(1)), 'nothing is sent on a socket that is not open');
  limit.abort();
  await refusal(opening, 'relay/unreachable');
  await refusal(frames.next(limit.signal), 'relay/unreachable');
  frames.close();
  assert.equal(platform.socket.closed, [1000]);
});

test('what came before anybody asked is kept', async () => {
  const platform = new HandPlatform();
  const frames = new FrameSocket(URL_, platform);
  platform.socket.open();
  platform.socket.deliver(ping(1));
  assert.equal(await frames.next(never), ping(1));
});

test('whoever waits is told when the socket closes, and so is whoever asks later', async () => {
  const { frames, socket } = await opened();
  const waiting = frames.next(never);
  socket.drop();
  await refusal(waiting, 'relay/unreachable');
  await refusal(frames.next(never), 'relay/unreachable');
  assert.not.ok(frames.send(ping(1)));
});

test('frames that came before the end are given first', async () => {
  const { frames, socket } = await opened();
  socket.deliver(ping(1));
  socket.drop();
  assert.equal(await frames.next(never), ping(1));
  await refusal(frames.next(never), 'relay/unreachable');
});

test('a wait ends with its signal, and the next wait is not ended by it', async () => {
  const { frames, socket } = await opened();
  const limit = new AbortController();
  const waiting = frames.next(limit.signal);
  limit.abort();
  await refusal(waiting, 'relay/unreachable');
  await refusal(frames.next(limit.signal), 'relay/unreachable');
  const next = frames.next(never);
  socket.deliver(ping(4));
  assert.equal(await next, ping(4));
});

test('anything that is no frame ends the socket: text, blobs, noise, too much', async () => {
  const frame = encodeRelayFrame(ping(1));
  const long = new Uint8Array(frame.length + 1);
  long.set(frame);
  const hostile: unknown[] = [
    'hello',
    '',
    new Blob([frame]),
    frame,
    null,
    undefined,
    new ArrayBuffer(0),
    Uint8Array.of(0xee).buffer,
    frame.slice(0, 5).buffer,
    long.buffer,
    new ArrayBuffer(MAX_RELAY_FRAME_BYTES + 1),
    new ArrayBuffer(10_000_000),
  ];
  for (const data of hostile) {
    const { frames, socket } = await opened();
    const waiting = frames.next(never);
    socket.deliverData(data);
    const fault = await refusal(waiting, 'relay/protocol');
    assert.is(fault.detail.url, URL_);
    assert.equal(socket.closed, [1000]);
    await refusal(frames.next(never), 'relay/protocol');
    assert.not.ok(frames.send(ping(1)));
  }
});

test('frames beyond a hundred a second are dropped, then taken again', async () => {
  const { frames, socket, platform } = await opened();
  for (let i = 0; i < MAX_RELAY_FRAMES_PER_S + 25; i++) socket.deliver(ping(i & 255));
  for (let i = 0; i < MAX_RELAY_FRAMES_PER_S; i++)
    assert.equal(await frames.next(never), ping(i & 255));
  await platform.pass(1_000);
  socket.deliver(ping(9));
  assert.equal(await frames.next(never), ping(9));
});

test('noise beyond the budget is not even read', async () => {
  const { frames, socket } = await opened();
  for (let i = 0; i < MAX_RELAY_FRAMES_PER_S; i++) socket.deliver(ping(1));
  socket.deliverData('text');
  assert.equal(socket.closed, []);
  for (let i = 0; i < MAX_RELAY_FRAMES_PER_S; i++) await frames.next(never);
});

test('notes when it was last heard, by the clock that only grows', async () => {
  const { frames, socket, platform } = await opened();
  const begin = frames.lastHeard;
  await platform.pass(1_500);
  platform.wallOffset = -1e12;
  socket.deliver(ping(1));
  assert.is(frames.lastHeard, begin + 1_500);
});

test('closes once and for all, and tells whoever waits', async () => {
  const { frames, socket } = await opened();
  const waiting = frames.next(never);
  frames.close();
  await refusal(waiting, 'relay/unreachable');
  frames.close();
  socket.deliver(ping(1));
  await settle();
  await refusal(frames.next(never), 'relay/unreachable');
});

test.run();
