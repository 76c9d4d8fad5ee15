/** A data channel as a line of frames: before the proof and after it, limits, life signs, ends. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { PimError } from '../../sdk/base/errors.js';
import type { Channel } from '../../sdk/peer/channel.js';
import { channelClosed } from '../../sdk/peer/faults.js';
import {
  type ChannelFrame,
  decodeChannelFrame,
  encodeChannelFrame,
} from '../../sdk/protocol/channel-frames.js';
import {
  CHANNEL_DEAD_AFTER_MS,
  CHANNEL_HIGH_WATER_BYTES,
  CHANNEL_PING_AFTER_MS,
  CHANNEL_SILENT_AFTER_MS,
  MAX_CHANNEL_FRAME_BYTES,
} from '../../sdk/protocol/limits.js';
import { refusal } from '../contracts/storage.js';
import { HandPlatform, settle } from '../transport/hand-platform.js';
import { channelOn, HandDataChannel } from './hand-channel.js';

const never = new AbortController().signal;
const bytes = (...values: number[]): Bytes => Uint8Array.of(...values);
const token = new Uint8Array(8).fill(3);
const entry = (value: number): ChannelFrame => ({ kind: 'entry', bytes: bytes(value) });

interface Made {
  readonly platform: HandPlatform;
  readonly raw: HandDataChannel;
  readonly channel: Channel;
  readonly ends: [string, boolean][];
}

function made({ isOpen = true } = {}): Made {
  const platform = new HandPlatform();
  const raw = new HandDataChannel();
  const channel = channelOn(raw, platform);
  const ends: [string, boolean][] = [];
  channel.onEnd = (reason: PimError, wasGoodbye) => ends.push([reason.code, wasGoodbye]);
  if (isOpen) raw.open();
  return { platform, raw, channel, ends };
}

/** Confirmed: frames are read from now on. */
function reading() {
  const all = made();
  const frames: ChannelFrame[] = [];
  all.channel.read((frame) => frames.push(frame));
  return { ...all, frames };
}

const sentBy = ({ raw }: Made): ChannelFrame['kind'][] =>
  raw.sent.map((each) => decodeChannelFrame(each).kind);

test('asks for array buffers, and to be told when half of the high water is left', () => {
  const { raw } = made();
  assert.is(raw.binaryType, 'arraybuffer');
  assert.is(raw.bufferedAmountLowThreshold, CHANNEL_HIGH_WATER_BYTES / 2);
});

test('waits until it is open', async () => {
  const { channel, raw } = made({ isOpen: false });
  let isOpen = false;
  const opening = channel.opened(never).then(() => {
    isOpen = true;
  });
  await settle();
  assert.not.ok(isOpen);
  raw.open();
  await opening;
  await channel.opened(never);
});

test('does not wait for a channel that was given up, before or meanwhile', async () => {
  const given = new AbortController();
  const { channel } = made({ isOpen: false });
  const opening = channel.opened(given.signal);
  given.abort();
  await refusal(opening, 'channel/closed');
  await refusal(channel.opened(given.signal), 'channel/closed');
});

test('gives frames one by one before the proof, those that came early first', async () => {
  const { channel, raw } = made();
  raw.deliver(bytes(1));
  raw.deliver(bytes(2, 2));
  assert.equal(await channel.next(never), bytes(1));
  assert.equal(await channel.next(never), bytes(2, 2));
  const third = channel.next(never);
  raw.deliver(bytes(3));
  assert.equal(await third, bytes(3));
});

test('keeps what came ahead of the proof for the reader, in order', async () => {
  const { channel, raw } = made();
  raw.deliver(bytes(1));
  raw.deliver(encodeChannelFrame(entry(1)));
  raw.deliver(encodeChannelFrame(entry(2)));
  assert.equal(await channel.next(never), bytes(1));
  const frames: ChannelFrame[] = [];
  channel.read((frame) => frames.push(frame));
  raw.deliver(encodeChannelFrame(entry(3)));
  assert.equal(frames, [entry(1), entry(2), entry(3)]);
});

test('reads nothing that stands behind a goodbye or a malformed frame it kept', () => {
  for (const first of [encodeChannelFrame({ kind: 'bye', reason: 0 }), bytes(0xee)]) {
    const { channel, raw, ends } = made();
    raw.deliver(first);
    raw.deliver(encodeChannelFrame(entry(2)));
    const frames: ChannelFrame[] = [];
    channel.read((frame) => frames.push(frame));
    assert.equal(frames, []);
    assert.is(ends.length, 1);
  }
});

test('keeps at most four mebibytes ahead of the proof', () => {
  const { raw, ends } = made();
  const big = new Uint8Array(MAX_CHANNEL_FRAME_BYTES);
  for (let i = 0; i < 64; i++) raw.deliver(big);
  assert.equal(ends, []);
  raw.deliver(bytes(1));
  assert.equal(ends, [['peer/protocol', false]]);
});

test('a wait ends with its signal, and with the channel', async () => {
  const limit = new AbortController();
  const { channel, raw } = made();
  const waiting = channel.next(limit.signal);
  limit.abort();
  await refusal(waiting, 'channel/closed');
  const other = channel.next(never);
  raw.drop();
  await refusal(other, 'channel/closed');
  await refusal(channel.next(never), 'channel/closed');
});

test('ends at text, blobs and frames that are too large, read or unread', () => {
  const hostile: unknown[] = [
    'hello',
    new Blob(['hello']),
    bytes(1),
    null,
    new ArrayBuffer(MAX_CHANNEL_FRAME_BYTES + 1),
  ];
  for (const data of hostile) {
    for (const { raw, ends } of [made(), reading()]) {
      raw.deliverData(data);
      assert.equal(ends, [['peer/protocol', false]]);
      assert.is(raw.closes, 1);
    }
  }
});

test('ends at a frame of no kind, and at a second confirmation', () => {
  const c1 = new Uint8Array(34).fill(1);
  const c2 = new Uint8Array(65).fill(2);
  for (const frame of [bytes(), bytes(0xff), bytes(0x21, 1), c1, c2]) {
    const { raw, ends, frames } = reading();
    raw.deliver(frame);
    assert.equal(ends, [['peer/protocol', false]]);
    raw.deliver(encodeChannelFrame(entry(1)));
    assert.equal(frames, []);
  }
});

test('answers pings itself and hands on neither pings nor pongs', () => {
  const all = reading();
  all.raw.deliver(encodeChannelFrame({ kind: 'ping', token }));
  all.raw.deliver(encodeChannelFrame({ kind: 'pong', token }));
  assert.equal(all.frames, []);
  assert.equal(all.raw.sent, [encodeChannelFrame({ kind: 'pong', token })]);
});

test('asks after two seconds of silence, and not where anything was heard', async () => {
  const all = reading();
  for (let i = 0; i < 10; i++) {
    await all.platform.pass(CHANNEL_PING_AFTER_MS - 100);
    all.raw.deliver(encodeChannelFrame(entry(1)));
  }
  assert.equal(sentBy(all), []);
  await all.platform.pass(2 * CHANNEL_PING_AFTER_MS);
  assert.equal(sentBy(all), ['ping']);
});

test('counts as silent where a ping stays without an answer, and is given up a minute later', async () => {
  const all = reading();
  const told: boolean[] = [];
  all.channel.onSilence = (isSilent) => told.push(isSilent);
  await all.platform.pass(CHANNEL_PING_AFTER_MS + CHANNEL_SILENT_AFTER_MS - 1);
  assert.equal(told, []);
  await all.platform.pass(1);
  assert.equal(told, [true]);
  assert.ok(all.channel.isSilent);
  await all.platform.pass(CHANNEL_DEAD_AFTER_MS - 1);
  assert.equal(all.ends, []);
  assert.equal(sentBy(all), ['ping'], 'one question is enough');
  await all.platform.pass(CHANNEL_PING_AFTER_MS);
  assert.equal(all.ends, [['channel/closed', false]]);
  assert.is(all.platform.waiting, 0);
});

test('any frame is a sign of life, also after silence', async () => {
  const all = reading();
  const told: boolean[] = [];
  all.channel.onSilence = (isSilent) => told.push(isSilent);
  for (let i = 0; i < 20; i++) {
    await all.platform.pass(CHANNEL_DEAD_AFTER_MS - 1_000);
    all.raw.deliver(encodeChannelFrame({ kind: 'pong', token }));
    assert.not.ok(all.channel.isSilent);
  }
  assert.equal(all.ends, []);
  assert.equal(
    told,
    Array.from({ length: 40 }, (_, i) => i % 2 === 0),
  );
});

test('a file that moves beside it is a sign of life too, until the channel has ended', async () => {
  const all = reading();
  const told: boolean[] = [];
  all.channel.onSilence = (isSilent) => told.push(isSilent);
  all.channel.probe();
  for (let i = 0; i < 20; i++) {
    await all.platform.pass(CHANNEL_SILENT_AFTER_MS - 1);
    all.channel.heard();
  }
  assert.equal([told, all.ends], [[], []]);
  await all.platform.pass(CHANNEL_PING_AFTER_MS + CHANNEL_SILENT_AFTER_MS);
  assert.equal(told, [true], 'where it moves no longer');
  all.channel.end(channelClosed());
  all.channel.heard();
  assert.equal(told, [true], 'what has ended is not heard again');
});

test('whoever wants to know it now asks at once, and is told two seconds later', async () => {
  const all = reading();
  all.channel.probe();
  assert.equal(sentBy(all), ['ping']);
  await all.platform.pass(CHANNEL_SILENT_AFTER_MS);
  assert.ok(all.channel.isSilent);
  const { channel, raw } = made();
  channel.probe();
  assert.equal(raw.sent, [], 'nothing before the proof');
});

test('an answer that is late by half a second is told before it is silence', async () => {
  const all = reading();
  let doubts = 0;
  all.channel.onDoubt = () => doubts++;
  await all.platform.pass(CHANNEL_PING_AFTER_MS + 500);
  assert.is(doubts, 1);
  assert.not.ok(all.channel.isSilent);
  all.raw.deliver(encodeChannelFrame({ kind: 'pong', token }));
  await all.platform.pass(CHANNEL_PING_AFTER_MS);
  assert.is(doubts, 1);
});

test('an entry asks for a sign of life where none came for half a second', async () => {
  const all = reading();
  all.channel.send(entry(1));
  assert.equal(sentBy(all), ['entry'], 'just heard');
  await all.platform.pass(500);
  all.channel.send(entry(1));
  all.channel.send(entry(1));
  assert.equal(sentBy(all), ['entry', 'ping', 'entry', 'entry']);
  await all.platform.pass(CHANNEL_SILENT_AFTER_MS);
  assert.ok(all.channel.isSilent);
});

test('a page that was frozen after its ping asks once more before it speaks of silence', async () => {
  const all = reading();
  await all.platform.pass(CHANNEL_PING_AFTER_MS);
  const { monotonic } = all.platform;
  // Frozen for ten minutes: no timer rings, then all that are due.
  Object.assign(all.platform, { monotonic: () => monotonic() + 600_000 });
  await all.platform.pass(CHANNEL_SILENT_AFTER_MS);
  assert.not.ok(all.channel.isSilent);
  assert.equal(sentBy(all), ['ping', 'ping']);
  await all.platform.pass(CHANNEL_SILENT_AFTER_MS);
  assert.ok(all.channel.isSilent);
  assert.equal(all.ends, []);
});

test('a machine that slept asks before it gives up', async () => {
  const all = reading();
  const before = all.channel.lastHeard;
  Object.assign(all.platform, { monotonic: () => before + 8 * 3_600_000 });
  await all.platform.pass(CHANNEL_PING_AFTER_MS);
  assert.equal(all.ends, []);
  assert.equal(sentBy(all), ['ping']);
});

test('says nothing by itself before the proof', async () => {
  const { raw, platform, ends } = made();
  await platform.pass(60_000);
  assert.equal(raw.sent, []);
  assert.equal(ends, []);
  assert.is(platform.waiting, 0);
});

test('a goodbye is told as one, a closed channel is not', () => {
  const left = reading();
  left.raw.deliver(encodeChannelFrame({ kind: 'bye', reason: 0 }));
  assert.equal(left.ends, [['channel/closed', true]]);
  assert.is(left.raw.closes, 1);
  const lost = reading();
  lost.raw.drop();
  assert.equal(lost.ends, [['channel/closed', false]]);
});

test('ends once, whatever happens after', async () => {
  const all = reading();
  all.raw.deliver(encodeChannelFrame({ kind: 'bye', reason: 0 }));
  all.raw.drop();
  all.raw.onclose?.();
  all.channel.end(new Error('again') as PimError);
  await all.platform.pass(60_000);
  assert.is(all.ends.length, 1);
  assert.is(all.platform.waiting, 0);
});

test('sends while open and says no, without a throw, at every other time', () => {
  const { channel, raw } = made({ isOpen: false });
  assert.not.ok(channel.send(entry(1)));
  raw.open();
  assert.ok(channel.send(entry(2)));
  raw.throwsOnSend = true;
  assert.not.ok(channel.send(entry(3)));
  raw.throwsOnSend = false;
  raw.drop();
  assert.not.ok(channel.send(entry(4)));
  assert.equal(
    raw.sent.map((each) => decodeChannelFrame(each)),
    [entry(2)],
  );
});

test('is ready while the browser holds little, and again when it does', async () => {
  const { channel, raw } = made();
  await channel.ready();
  raw.bufferedAmount = CHANNEL_HIGH_WATER_BYTES;
  await channel.ready();
  raw.bufferedAmount = CHANNEL_HIGH_WATER_BYTES + 1;
  let count = 0;
  const waits = [channel.ready(), channel.ready()].map((wait) => wait.then(() => count++));
  await settle();
  assert.is(count, 0);
  raw.bufferedAmount = 0;
  raw.onbufferedamountlow?.();
  await Promise.all(waits);
  assert.is(count, 2);
});

test('nobody waits for room in a channel that has ended', async () => {
  const { channel, raw } = made();
  raw.bufferedAmount = CHANNEL_HIGH_WATER_BYTES + 1;
  const waiting = channel.ready();
  raw.drop();
  await waiting;
  await channel.ready();
});

test('a browser that throws at closing does not keep the channel open', () => {
  const { channel, raw, ends } = made();
  raw.close = () => {
    throw new DOMException('gone', 'InvalidStateError');
  };
  raw.drop();
  assert.equal(ends, [['channel/closed', false]]);
  assert.not.ok(channel.send(entry(1)));
});

test.run();
