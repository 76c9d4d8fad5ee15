/** One socket's states and its care for slow readers, without a network and on a clock of its own. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Gate, PLACE_STATES, type Place } from '../../relay/admission.js';
import { Counters } from '../../relay/counters.js';
import { honestForward } from '../../relay/forward.js';
import { DEFAULT_LIMITS, type RelayLimits } from '../../relay/limits.js';
import { Login } from '../../relay/login.js';
import { Memory } from '../../relay/memory.js';
import { Router } from '../../relay/router.js';
import { Session } from '../../relay/session.js';
import { SESSION_STATES } from '../../relay/session-state.js';
import { type TurnConfig, TurnLogins } from '../../relay/turn.js';
import { next } from '../../sdk/base/state.js';
import { encodeRelayFrame, NOTE } from '../../sdk/protocol/relay-frames.js';
import { decodeTurn, type TurnOffer } from '../../sdk/protocol/turn.js';
import {
  type FrameOf,
  type OutgoingFrame,
  proof,
  random,
  type TestKey,
  testKey,
} from '../support/relay-client.js';
import { RelayClock } from '../support/relay-clock.js';
import { FakeWire } from '../support/relay-wire.js';

const ORIGIN = 'wss://relay.example';

class Bench {
  readonly clock = new RelayClock();
  readonly counters = new Counters();
  readonly limits: RelayLimits;
  readonly gate: Gate;
  readonly router: Router;
  readonly sessions = new Set<Session>();
  readonly memory: Memory;
  readonly turn: TurnLogins | null;

  constructor(limits: Partial<RelayLimits> = {}, turn: TurnConfig | null = null) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.gate = new Gate(this.limits);
    this.memory = new Memory(this.limits, () => 0);
    this.router = new Router(this.limits);
    this.turn = turn === null ? null : new TurnLogins(turn, this.clock, random);
  }

  open(): { session: Session; wire: FakeWire } {
    const now = this.clock.monotonic();
    const place = this.gate.connect('192.0.2.1', now) as Place;
    assert.is(this.gate.upgrade(place, '192.0.2.1', now), null);
    const wire = new FakeWire();
    const session = new Session(wire, place, {
      gate: this.gate,
      sessions: this.sessions,
      clock: this.clock,
      limits: this.limits,
      login: new Login([ORIGIN], this.limits.authDeadlineMs, random),
      router: this.router,
      forward: honestForward(this.router, this.counters),
      counters: this.counters,
      memory: this.memory,
      turn: this.turn,
      trace: () => undefined,
    });
    return { session, wire };
  }

  logIn(key: TestKey = testKey()): { key: TestKey; session: Session; wire: FakeWire } {
    const { session, wire } = this.open();
    const challenge = wire.frames.shift() as FrameOf<'challenge'>;
    say(session, proof(challenge, { origin: ORIGIN, key }));
    assert.is(wire.frames.shift()?.kind, 'ok');
    return { key, session, wire };
  }
}

function say(session: Session, frame: OutgoingFrame): void {
  session.message(Buffer.from(encodeRelayFrame(frame)), true);
}

test('the table of states: nothing leads back, and what is closed stays closed', () => {
  assert.is(next(SESSION_STATES, 'challenged', 'proved'), 'ready');
  assert.is(next(SESSION_STATES, 'challenged', 'ended'), 'closed');
  assert.is(next(SESSION_STATES, 'ready', 'ended'), 'closed');
  assert.is(next(SESSION_STATES, 'ready', 'proved'), null);
  assert.equal(SESSION_STATES.closed, {});
});

test('the table of places: each step is counted once, in whatever order ends come', () => {
  const gate = new Gate({ ...DEFAULT_LIMITS, httpPerIp: 1, pendingPerIp: 1, socketsPerIp: 2 });
  const events = { upgrade: 'upgrade', prove: 'prove', leave: 'leave' } as const;
  for (const [state, arrows] of Object.entries(PLACE_STATES)) {
    for (const event of Object.values(events)) {
      const connected = () => gate.connect('a', 0) as Place;
      const place = state === 'outside' ? gate.outside() : connected();
      assert.ok(/^(?:outside|http)$/.test(place.state), 'the one before has given all back');
      if (state !== 'http' && state !== 'outside') gate.upgrade(place, 'a', 0);
      if (state === 'proved') gate.prove(place);
      if (state === 'gone') gate.leave(place);
      assert.is(place.state, state);
      gate[event](place, 'a', 0);
      assert.is(place.state, arrows[event] ?? state);
      assert.is(gate.sockets, /pending|proved/.test(place.state) ? 1 : 0);
      gate.leave(place);
      gate.leave(place);
      assert.is(gate.sockets, 0);
    }
  }
});

test('a closed session hears, says and forwards nothing more', () => {
  const bench = new Bench();
  const other = bench.logIn();
  const { key, session, wire } = bench.logIn();
  say(session, { kind: 'bye', reason: 'leaving' });
  const said = wire.frames.length;
  say(session, { kind: 'send', id: 1, to: other.key.publicKey, sealed: random(561) });
  say(session, { kind: 'ping', token: random(8) });
  session.message(Buffer.from('text'), false);
  session.alive(null);
  session.beat(bench.clock.monotonic() + 1e9);
  session.replaced();
  session.restarting();
  session.closed();
  say(other.session, { kind: 'send', id: 1, to: key.publicKey, sealed: random(561) });
  assert.equal(wire.ends, [1000]);
  assert.is(wire.frames.length, said);
  assert.is(other.wire.frames.length, 0);
});

test('leaves nothing behind: no timer, no key, no place', () => {
  const bench = new Bench();
  const { session } = bench.open();
  const ready = bench.logIn();
  assert.is(bench.clock.waiting, 1, 'the deadline of the one that has not proved its key');
  session.closed();
  ready.session.closed();
  assert.is(bench.clock.waiting, 0);
  assert.is(bench.sessions.size, 0);
  assert.is(bench.router.keys, 0);
});

test('a text frame closes 1003, before and after the login', () => {
  const bench = new Bench();
  for (const { session, wire } of [bench.open(), bench.logIn()]) {
    session.message(Buffer.from('{"type":"hello"}'), false);
    assert.equal(wire.ends, [1003]);
  }
});

test('envelopes for a reader that is behind are dropped, answers are not', () => {
  const bench = new Bench();
  const reader = bench.logIn();
  const sender = bench.logIn();
  const send = () =>
    say(sender.session, { kind: 'send', id: 1, to: reader.key.publicKey, sealed: random(561) });
  reader.wire.waitingBytes = DEFAULT_LIMITS.bufferDropBytes;
  send();
  reader.wire.waitingBytes++;
  send();
  say(reader.session, { kind: 'ping', token: random(8) });
  assert.equal(
    reader.wire.frames.map((frame) => frame.kind),
    ['receive', 'pong'],
  );
  assert.is(bench.counters.snapshot().dropped, 1);
  assert.equal(sender.wire.frames, [], 'the sender hears nothing of it');
});

test('more than a mebibyte waiting ends the socket, whatever would be written next', () => {
  for (const cause of ['envelope', 'answer']) {
    const bench = new Bench();
    const reader = bench.logIn();
    const sender = bench.logIn();
    reader.wire.waitingBytes = DEFAULT_LIMITS.bufferTerminateBytes + 1;
    if (cause === 'answer') say(reader.session, { kind: 'ping', token: random(8) });
    else
      say(sender.session, { kind: 'send', id: 1, to: reader.key.publicKey, sealed: random(561) });
    assert.equal(reader.wire.ends, [-1], cause);
    assert.is(bench.counters.snapshot().slow, 1);
  }
});

test('a reader that is behind at every look for 75 s is cut, one that catches up is not', () => {
  const bench = new Bench();
  const stuck = bench.logIn();
  const bumpy = bench.logIn();
  stuck.wire.waitingBytes = DEFAULT_LIMITS.bufferDropBytes + 1;
  for (let s = 0; s <= 75; s += 5) {
    assert.equal(stuck.wire.ends, []);
    bumpy.wire.waitingBytes = s === 60 ? 0 : DEFAULT_LIMITS.bufferDropBytes + 1;
    for (const { session } of [stuck, bumpy]) {
      session.alive(null); // both say that they live
      session.beat(bench.clock.monotonic());
    }
    bench.clock.advance(5_000);
  }
  assert.equal(stuck.wire.ends, [-1]);
  assert.equal(bumpy.wire.ends, []);
});

test('is pinged after 30 s of silence, once per 30 s, and cut after 75 s', () => {
  const bench = new Bench();
  const { session, wire } = bench.logIn();
  const pings: number[] = [];
  for (let s = 5; s <= 75; s += 5) {
    assert.equal(wire.ends, []);
    bench.clock.advance(5_000);
    const before = wire.pings;
    session.beat(bench.clock.monotonic());
    if (wire.pings > before) pings.push(s);
  }
  assert.equal(pings, [30, 60]);
  assert.equal(wire.ends, [-1]);
});

test('who sends too fast is told, and not read for a moment each time', () => {
  const bench = new Bench({ sendBurst: 2, sendsPerS: 1 });
  const { session, wire } = bench.logIn();
  const send = (id: number) =>
    say(session, { kind: 'send', id, to: random(32), sealed: random(561) });
  send(1);
  send(2);
  assert.equal(wire.holds, []);
  send(3);
  assert.equal(wire.frames, [{ kind: 'result', id: 3, result: 'rate-limited' }]);
  assert.equal(wire.holds, [DEFAULT_LIMITS.holdMs]);
  bench.clock.advance(1_000);
  send(4);
  assert.is(wire.holds.length, 1);
});

test('what it hears keeps it alive', () => {
  const bench = new Bench();
  const { session, wire } = bench.logIn();
  for (let s = 0; s < 600; s += 20) {
    bench.clock.advance(20_000);
    if (s % 40 === 0) session.alive(null);
    else say(session, { kind: 'pong', token: random(8) });
    session.beat(bench.clock.monotonic());
  }
  assert.is(wire.pings, 0);
  assert.equal(wire.ends, []);
});

test('a new socket of a key evicts the oldest even while an envelope is on its way', () => {
  const bench = new Bench({ socketsPerKey: 2 });
  const key = testKey();
  const [oldest, middle, newest] = [bench.logIn(key), bench.logIn(key), bench.logIn(key)];
  const sender = bench.logIn();
  say(sender.session, { kind: 'send', id: 1, to: key.publicKey, sealed: random(561) });
  assert.equal(oldest.wire.ends, [4409]);
  assert.is(oldest.wire.frames.filter((frame) => frame.kind === 'receive').length, 0);
  for (const { wire } of [middle, newest]) assert.is(wire.frames.length, 1);
  oldest.session.closed();
  assert.is(bench.router.keys, 2);
});

test('a receiver that ends while it is being served disturbs no other', () => {
  const bench = new Bench();
  const key = testKey();
  const devices = [bench.logIn(key), bench.logIn(key), bench.logIn(key)];
  const sender = bench.logIn();
  devices[0]!.wire.waitingBytes = 2 ** 30;
  say(sender.session, { kind: 'send', id: 1, to: key.publicKey, sealed: random(561) });
  assert.equal(
    devices.map(({ wire }) => wire.frames.length),
    [0, 1, 1],
  );
});

test('too much waiting for all readers together cuts off the newest that are behind', () => {
  const bench = new Bench({ waitingBytes: 500_000 });
  const [old, middle, newest] = [bench.logIn(), bench.logIn(), bench.logIn()];
  for (const { wire } of [old, middle]) wire.waitingBytes = 200_000;
  newest.wire.waitingBytes = 0;
  const beat = () => {
    for (const session of bench.sessions) session.beat(bench.clock.monotonic());
    newest.session.receive(encodeRelayFrame({ kind: 'receive', sealed: random(561) }));
  };
  beat();
  assert.is(bench.memory.waiting, 400_000);
  assert.equal([old.wire.ends, middle.wire.ends, newest.wire.ends], [[], [], []]);
  old.wire.waitingBytes = 250_001;
  middle.wire.waitingBytes = 250_000;
  beat();
  assert.equal([old.wire.ends, middle.wire.ends], [[], [-1]], 'the newest goes on: it keeps up');
  assert.equal(newest.wire.ends, []);
  assert.is(bench.memory.waiting, 250_001);
  assert.is(bench.counters.snapshot().shed, 1);
});

test('what waits is counted while frames are written, and given back at the end', () => {
  const bench = new Bench();
  const { key, session, wire } = bench.logIn();
  wire.waitingBytes = 100_000;
  session.receive(encodeRelayFrame({ kind: 'receive', sealed: random(561) }));
  assert.is(bench.memory.waiting, 100_000);
  session.closed();
  assert.is(bench.memory.waiting, 0);
  assert.ok(key);
});

const TURN = { urls: ['turn:turn.example'], secret: 'north', lifetimeS: 600 };

test('gives a TURN login behind OK, and another one when half its life is over', () => {
  const bench = new Bench({}, TURN);
  const { session, wire } = bench.logIn();
  const logins = () =>
    wire.frames.splice(0).map((frame) => {
      if (frame.kind !== 'note' || frame.type !== NOTE.turn) throw new Error(frame.kind);
      return decodeTurn(frame.body);
    });
  const expiry = (offer: TurnOffer | undefined) => Number.parseInt(offer?.username ?? '', 10);
  const beatAfter = (ms: number) => {
    bench.clock.advance(ms);
    session.alive(null);
    session.beat(bench.clock.monotonic());
  };
  const [first, ...none] = logins();
  assert.equal([first?.lifetimeS, first?.urls, none], [600, TURN.urls, []]);
  assert.is(expiry(first), Math.floor(bench.clock.now() / 1000) + 600);
  beatAfter(299_999);
  assert.equal(logins(), []);
  beatAfter(1);
  const [second] = logins();
  assert.is(expiry(second), expiry(first) + 300);
  beatAfter(299_999);
  assert.equal(logins(), []);
  beatAfter(1);
  assert.is(logins().length, 1);
  const { turnGiven, turnRenewed } = bench.counters.snapshot();
  assert.equal([turnGiven, turnRenewed], [1, 2]);
});

test('gives no TURN login before a proof, after the end, or where there is no server', () => {
  const bench = new Bench({}, TURN);
  const pending = bench.open();
  const ended = bench.logIn();
  ended.session.closed();
  const without = new Bench();
  const { session, wire } = without.logIn();
  const count = () =>
    [pending, ended, { wire }].map(
      (each) => each.wire.frames.filter(({ kind }) => kind === 'note').length,
    );
  assert.equal(count(), [0, 1, 0]);
  bench.clock.advance(400_000);
  without.clock.advance(400_000);
  for (const each of [pending.session, ended.session]) each.beat(bench.clock.monotonic());
  session.beat(without.clock.monotonic());
  assert.equal(count(), [0, 1, 0]);
});

test.run();
