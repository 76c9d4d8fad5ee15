/** The link to one relay: states, waits between tries, heartbeat, what it carries, its end. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { ErrorCode, PimError } from '../../sdk/base/errors.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { FrameSocket } from '../../sdk/transport/frame-socket.js';
import { type LinkState, RelayLink } from '../../sdk/transport/relay-link.js';
import { challenge, HandPlatform, settle, somebody } from './hand-platform.js';

const URL_ = 'wss://relay.example';
const sealed = (value: number): Bytes => new Uint8Array(561).fill(value);
const to: Bytes = new Uint8Array(32).fill(9);

interface Made {
  readonly platform: HandPlatform;
  readonly link: RelayLink;
  /** `state` or `state code`, in order. */
  readonly told: string[];
  readonly carried: Bytes[];
  readonly logged: string[];
  /** What was told when the link took envelopes. */
  readonly ready: string[];
}

async function made(early?: Map<string, FrameSocket>): Promise<Made> {
  const platform = new HandPlatform();
  const told: string[] = [];
  const carried: Bytes[] = [];
  const logged: string[] = [];
  const ready: string[] = [];
  const link = new RelayLink(URL_, {
    identity: await somebody(platform),
    platform,
    logger: (level, text) => logged.push(`${level} ${text}`),
    ...(early && { early }),
    onSealed: (bytes, url) => {
      assert.is(url, URL_);
      carried.push(bytes);
    },
    onReady: () => ready.push(told.at(-1) ?? ''),
    onState: (url: string, state: LinkState, reason: PimError | null) => {
      assert.is(url, URL_);
      told.push([state, reason?.code].filter(Boolean).join(' '));
    },
  });
  return { platform, link, told, carried, logged, ready };
}

async function online(): Promise<Made> {
  const all = await made();
  all.link.start();
  await all.platform.socket.welcome();
  assert.is(all.link.state, 'online');
  return all;
}

/** Lets the relay turn the login down. */
async function turnedDown({ platform }: Made, reason: 'busy' | 'late' | 'proof' | 'origin') {
  platform.socket.open();
  await settle();
  platform.socket.deliver(challenge());
  await settle();
  platform.socket.deliver({ kind: 'error', reason });
  await settle();
}

/** Milliseconds until the next try; the socket of that try is then there. */
async function waitForTry({ platform }: Made): Promise<number> {
  const before = platform.sockets.length;
  const ms = platform.nextIn ?? Number.NaN;
  await platform.pass(ms);
  assert.is(platform.sockets.length, before + 1);
  return ms;
}

test('dials once, however often it is started', async () => {
  const { link, platform, told } = await made();
  assert.is(link.state, 'idle');
  link.start();
  link.start();
  assert.is(platform.sockets.length, 1);
  await platform.socket.welcome();
  assert.equal(told, ['connecting', 'online']);
});

test('carries envelopes both ways, each with a number of its own', async () => {
  const { link, platform, carried } = await online();
  assert.ok(link.send(to, sealed(1)));
  assert.ok(link.send(to, sealed(2)));
  const sent = platform.socket.of('send');
  assert.equal(
    sent.map((frame) => frame.sealed[0]),
    [1, 2],
  );
  assert.equal(sent[0]?.to, to);
  assert.is.not(sent[0]?.id, sent[1]?.id);
  platform.socket.deliver({ kind: 'receive', sealed: sealed(3) });
  platform.socket.deliver({ kind: 'receive', sealed: sealed(4) });
  await settle();
  assert.equal(carried, [sealed(3), sealed(4)]);
});

test('logs in on a socket that was dialled already, and dials for itself the next time', async () => {
  const early = new Map<string, FrameSocket>();
  const { platform, link } = await made(early);
  early.set(URL_, new FrameSocket(URL_, platform));
  link.start();
  await platform.socket.welcome();
  assert.is(link.state, 'online');
  assert.is(platform.sockets.length, 1);
  assert.is(early.size, 0);
  platform.socket.drop();
  await settle();
  link.hurry();
  await settle();
  assert.is(platform.sockets.length, 2);
});

test('a socket that failed before it was taken fails the first try', async () => {
  const early = new Map<string, FrameSocket>();
  const { platform, link, told } = await made(early);
  early.set(URL_, new FrameSocket(URL_, platform));
  platform.socket.drop();
  link.start();
  await settle();
  assert.equal(told, ['connecting', 'waiting relay/unreachable']);
});

test('a link that is stopped closes the socket it waits for', async () => {
  const { platform, link } = await made();
  link.start();
  link.stop();
  await settle();
  assert.is(platform.socket.readyState, 3);
  assert.is(platform.waiting, 0);
});

test('takes what there is to send behind its proof, without waiting for the verdict', async () => {
  const { link, platform, ready } = await made();
  link.start();
  platform.socket.open();
  await settle();
  assert.not.ok(link.isReady);
  platform.socket.deliver(challenge());
  await settle();
  assert.ok(link.isReady);
  assert.equal(ready, ['connecting']);
  assert.is(link.state, 'connecting');
  assert.ok(link.send(to, sealed(1)));
  assert.equal(
    platform.socket.sent.map((frame) => frame.kind),
    ['auth', 'send'],
  );
  platform.socket.deliver({ kind: 'error', reason: 'proof' });
  await settle();
  assert.is(link.state, 'refused');
  assert.not.ok(link.isReady);
  assert.not.ok(link.send(to, sealed(2)));
});

test('takes nothing to send before its proof is out, or after the socket is lost', async () => {
  const { link, platform } = await made();
  assert.not.ok(link.send(to, sealed(1)));
  link.start();
  assert.not.ok(link.send(to, sealed(1)));
  await platform.socket.welcome();
  platform.socket.drop();
  await settle();
  assert.not.ok(link.send(to, sealed(1)));
});

test('keeps the newest offer of TURN servers, over a lost socket too, and reads past other notes', async () => {
  const { link, platform } = await online();
  const say = async (type: number, value: number) => {
    platform.socket.deliver({ kind: 'note', type, body: Uint8Array.of(value) });
    await settle();
  };
  for (let type = 0x41; type <= 0x4f; type++) await say(type, 1);
  assert.is(link.state, 'online');
  assert.is(link.turn, null);
  await say(0x40, 1);
  await platform.pass(1_000);
  await say(0x40, 2);
  const offer = { body: Uint8Array.of(2), at: platform.monotonic() };
  assert.equal(link.turn, offer);
  platform.socket.drop();
  await settle();
  assert.equal(link.turn, offer, 'the servers are others than the relay');
});

test('answers pings with their token', async () => {
  const { platform } = await online();
  const token = new Uint8Array(8).fill(5);
  platform.socket.deliver({ kind: 'ping', token });
  await settle();
  assert.equal(platform.socket.of('pong'), [{ kind: 'pong', token }]);
});

/** Waits over two minutes, in the shortest case: every 4 s soon, twice a minute in the end. */
const ALL_WAITS = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
const AFTER_A_GOOD_LINK = [
  ...[250, 500, 1_000],
  ...Array.from({ length: 60 }, () => 2_000),
  ...[15_000, 15_000],
];

test('a relay that held a link is tried every four seconds for two minutes, then twice a minute', async () => {
  const all = await made();
  all.link.start();
  await all.platform.socket.welcome();
  await all.platform.pass(30_000);
  const waits: number[] = [];
  for (const _ of AFTER_A_GOOD_LINK) {
    all.platform.socket.drop();
    await settle();
    waits.push(await waitForTry(all));
  }
  assert.equal(waits, AFTER_A_GOOD_LINK);
});

test('tries again after longer and longer waits, up to half a minute', async () => {
  const all = await made();
  const waits: number[] = [];
  all.link.start();
  for (const _ of ALL_WAITS) {
    all.platform.socket.drop();
    await settle();
    assert.is(all.link.state, 'waiting');
    waits.push(await waitForTry(all));
  }
  assert.equal(waits, ALL_WAITS);
  assert.is(all.link.reason?.code, 'relay/unreachable');
});

test('spreads the tries of many clients over half of each wait', async () => {
  const all = await made();
  all.platform.jitter = 255;
  all.link.start();
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    all.platform.socket.drop();
    await settle();
    waits.push(await waitForTry(all));
  }
  assert.equal(waits.slice(0, 3), [499, 998, 1_996]);
  assert.ok(waits.every((ms) => ms <= 30_000));
});

test('a link that was good is tried again at once when it is lost', async () => {
  const all = await made();
  all.link.start();
  for (let i = 0; i < 5; i++) {
    all.platform.socket.drop();
    await settle();
    await waitForTry(all);
  }
  await all.platform.socket.welcome();
  await all.platform.pass(60_000);
  all.platform.socket.drop();
  await settle();
  assert.is(await waitForTry(all), 250);
});

test('a relay that closes right after each login is not stormed', async () => {
  const all = await made();
  all.link.start();
  const waits: number[] = [];
  for (const _ of ALL_WAITS) {
    await all.platform.socket.welcome();
    assert.is(all.link.state, 'online');
    all.platform.socket.drop();
    await settle();
    waits.push(await waitForTry(all));
  }
  assert.equal(waits, ALL_WAITS);
});

test('a hurry ends the wait, and only the wait', async () => {
  const all = await made();
  all.link.start();
  all.link.hurry();
  assert.is(all.platform.sockets.length, 1);
  all.platform.socket.drop();
  await settle();
  all.link.hurry();
  await settle();
  assert.is(all.platform.sockets.length, 2);
  await all.platform.socket.welcome();
  all.link.hurry();
  await settle();
  assert.is(all.link.state, 'online');
  assert.is(all.platform.sockets.length, 2);
});

test('gives up a login that takes longer than ten seconds, at every step of it', async () => {
  for (const steps of [0, 1, 2]) {
    const all = await made();
    all.link.start();
    const { socket } = all.platform;
    if (steps > 0) socket.open();
    await settle();
    if (steps > 1) socket.deliver(challenge());
    await all.platform.pass(9_999);
    assert.is(all.link.state, 'connecting');
    await all.platform.pass(1);
    assert.is(all.link.state, 'waiting');
    assert.ok(socket.closed.length > 0);
  }
});

test('a relay that turns it down for good is asked again after minutes only', async () => {
  for (const reason of ['proof', 'origin'] as const) {
    const all = await made();
    all.link.start();
    await turnedDown(all, reason);
    assert.is(all.link.state, 'refused');
    assert.is(all.link.reason?.code, 'relay/refused');
    all.link.hurry();
    await settle();
    assert.is(all.platform.sockets.length, 1, 'a hurry changes no mind');
    assert.is(await waitForTry(all), 60_000);
    await all.platform.socket.welcome();
    assert.is(all.link.state, 'online');
  }
});

test('a relay that is busy, or found us late, is tried again like one that was lost', async () => {
  for (const reason of ['busy', 'late'] as const) {
    const all = await made();
    all.link.start();
    await turnedDown(all, reason);
    assert.is(all.link.state, 'waiting');
    assert.is(await waitForTry(all), 250);
  }
});

test('a relay of another version is refused, and says which', async () => {
  const { link, platform, told } = await made();
  link.start();
  platform.socket.open();
  await settle();
  const foreign = encodeRelayFrame(challenge());
  foreign[1] = 2;
  platform.socket.deliverData(foreign.buffer);
  await settle();
  assert.equal(told, ['connecting', 'refused relay/version']);
});

test('pings after 45 s of silence and gives up after 75 s', async () => {
  const { link, platform, told } = await online();
  await platform.pass(44_999);
  assert.is(platform.socket.of('ping').length, 0);
  await platform.pass(1);
  assert.is(platform.socket.of('ping').length, 1);
  await platform.pass(29_999);
  assert.is(link.state, 'online');
  const [dead] = platform.sockets;
  await platform.pass(1);
  assert.ok((dead?.closed.length ?? 0) > 0);
  assert.equal(told.slice(2, 3), ['waiting relay/unreachable']);
});

test('stays for ever where anything is heard in time', async () => {
  const { link, platform } = await online();
  for (let i = 0; i < 40; i++) {
    await platform.pass(44_000);
    platform.socket.deliver({ kind: 'pong', token: new Uint8Array(8) });
    await settle();
  }
  assert.is(link.state, 'online');
  assert.is(platform.sockets.length, 1);
});

test('a machine that slept asks before it gives up', async () => {
  const { link, platform } = await online();
  // Timers stand still in sleep: time has jumped when the first one rings.
  Object.assign(platform, { monotonic: () => 3_605_000 });
  await platform.pass(15_000);
  assert.is(platform.socket.of('ping').length, 1);
  assert.is(link.state, 'online');
});

test('gives up a silent relay that does not even read the ping', async () => {
  const { link, platform } = await online();
  platform.socket.bufferedAmount = 1_000_000;
  await platform.pass(75_000);
  assert.is(link.state, 'waiting');
});

test('a relay that says goodbye is tried again', async () => {
  for (const reason of ['restarting', 'busy', 'leaving', 'unknown'] as const) {
    const all = await online();
    all.platform.socket.deliver({ kind: 'bye', reason });
    await settle();
    assert.is(all.link.state, 'waiting', reason);
    assert.ok(all.platform.socket.closed.length > 0);
    await waitForTry(all);
  }
});

test('a relay that sends text or frames of no kind is closed and tried again', async () => {
  for (const data of ['hello', new ArrayBuffer(0), Uint8Array.of(0x55, 1).buffer]) {
    const { link, platform, told } = await online();
    platform.socket.deliverData(data);
    await settle();
    assert.is(link.state, 'waiting');
    assert.is(told.at(-1), 'waiting relay/protocol');
    assert.ok(platform.socket.closed.length > 0);
  }
});

test('a relay that begins a second login, or sends what clients send, is closed', async () => {
  const frames = [
    challenge(),
    { kind: 'ok', framesPerSecond: 1, burst: 1 },
    { kind: 'error', reason: 'proof' },
    { kind: 'send', id: 1, to, sealed: sealed(1) },
  ] as const;
  for (const frame of frames) {
    const { told, platform } = await online();
    platform.socket.deliver(frame);
    await settle();
    assert.is(told.at(-1), 'waiting relay/protocol', frame.kind);
    assert.is(platform.socket.of('auth').length, 1);
  }
});

test('says once that the relay takes no more, and stays online', async () => {
  const { link, platform, told } = await online();
  for (let id = 0; id < 3; id++)
    platform.socket.deliver({ kind: 'result', id, result: 'rate-limited' });
  await settle();
  assert.equal(told, ['connecting', 'online', 'online relay/rate-limited']);
  assert.is(link.state, 'online');
});

test('other results, also of frames never sent, are noted and no more', async () => {
  const { link, platform, told, logged } = await online();
  for (const result of ['too-large', 'malformed', 'unknown'] as const) {
    platform.socket.deliver({ kind: 'result', id: 4_000_000_000, result });
  }
  await settle();
  assert.equal(told, ['connecting', 'online']);
  assert.is(logged.length, 3);
  assert.is(link.state, 'online');
});

test('drops what comes beyond a hundred frames a second, and goes on', async () => {
  const { platform, carried, link } = await online();
  await platform.pass(1_000);
  for (let i = 0; i < 500; i++) platform.socket.deliver({ kind: 'receive', sealed: sealed(1) });
  await settle();
  assert.is(carried.length, 100);
  await platform.pass(1_000);
  platform.socket.deliver({ kind: 'receive', sealed: sealed(2) });
  await settle();
  assert.is(carried.length, 101);
  assert.is(link.state, 'online');
});

test('says goodbye when stopped, closes, and leaves no timer behind', async () => {
  const { link, platform, told } = await online();
  link.stop();
  await settle();
  assert.equal(platform.socket.of('bye'), [{ kind: 'bye', reason: 'leaving' }]);
  assert.ok(platform.socket.closed.length > 0);
  assert.is(link.state, 'closed');
  assert.is(told.at(-1), 'closed');
  assert.is(platform.waiting, 0);
  link.stop();
  link.start();
  await platform.pass(600_000);
  assert.is(platform.sockets.length, 1);
});

test('stops in the middle of a login and of a wait, for good', async () => {
  const dialling = await made();
  dialling.link.start();
  dialling.link.stop();
  await settle();
  const waiting = await made();
  waiting.link.start();
  waiting.platform.socket.drop();
  await settle();
  waiting.link.stop();
  await settle();
  for (const { link, platform } of [dialling, waiting]) {
    assert.is(link.state, 'closed');
    assert.is(platform.waiting, 0);
    await platform.pass(600_000);
    assert.is(platform.sockets.length, 1);
    assert.ok(platform.socket.closed.length > 0);
  }
});

test('every reason it gives is one that may pass', async () => {
  const codes: ErrorCode[] = [];
  for (const end of ['drop', 'bye'] as const) {
    const { link, platform } = await online();
    if (end === 'drop') platform.socket.drop();
    else platform.socket.deliver({ kind: 'bye', reason: 'busy' });
    await settle();
    codes.push(link.reason?.code as ErrorCode);
    assert.ok(link.reason?.retryable);
  }
  assert.equal(codes, ['relay/unreachable', 'relay/unreachable']);
});

test.run();
