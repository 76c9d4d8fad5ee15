/** Several relays as one: what is asked of the bus, what is published, what is taken, and the bounds. */

import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bus, Published } from '../../relay/cluster/bus.js';
import { Cluster } from '../../relay/cluster/cluster.js';
import { natsOf } from '../../relay/cluster/options.js';
import { Counters } from '../../relay/counters.js';
import { honestForward } from '../../relay/forward.js';
import { DEFAULT_LIMITS, type RelayLimits } from '../../relay/limits.js';
import { type Receiver, Router } from '../../relay/router.js';
import { isPimError } from '../../sdk/base/errors.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { random } from '../support/relay-client.js';

class FakeBus implements Bus {
  isUp = true;
  says: Published = 'published';
  readonly subjects = new Map<string, (message: Uint8Array) => void>();
  readonly published: [string, Uint8Array][] = [];
  closed = 0;

  subscribe(subject: string, take: (message: Uint8Array) => void): void {
    assert.not.ok(this.subjects.has(subject), 'one subscription a subject');
    this.subjects.set(subject, take);
  }
  unsubscribe(subject: string): void {
    this.subjects.delete(subject);
  }
  publish(subject: string, message: Uint8Array): Published {
    if (this.says === 'published') this.published.push([subject, message.slice()]);
    return this.says;
  }
  async close(): Promise<void> {
    this.closed++;
  }
}

const name = (letter: string): string => letter.repeat(32);
const subjectOf = (key: string): string =>
  `pim.relay.${createHash('sha256').update(key, 'latin1').digest('base64url')}`;
const received = (length = 40): Uint8Array =>
  encodeRelayFrame({ kind: 'receive', sealed: random(length) });
const sent = (to: string, length = 40): Buffer =>
  Buffer.from(
    encodeRelayFrame({
      kind: 'send',
      id: 1,
      to: new Uint8Array(Buffer.from(to, 'latin1')),
      sealed: random(length),
    }),
  );

class Socket implements Receiver {
  readonly frames: Uint8Array[] = [];
  receive(frame: Uint8Array): void {
    this.frames.push(frame.slice());
  }
  replaced(): void {}
}

function node(limits: Partial<RelayLimits> = {}) {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const [bus, counters] = [new FakeBus(), new Counters()];
  const cluster = new Cluster('pim.relay', all, counters);
  const router = new Router(all, cluster);
  const arrive = (key: string, frame: Uint8Array) => void router.deliver(key, frame, 0);
  const forward = honestForward(router, counters, cluster);
  const open = () => cluster.open(bus, arrive);
  return { bus, cluster, counters, forward, open, router };
}

test('listens for a key from its first socket to its last', () => {
  const { bus, open, router } = node();
  const [one, two] = [new Socket(), new Socket()];
  const early = router.join(name('a'), one);
  open();
  assert.equal([...bus.subjects.keys()], [subjectOf(name('a'))]);
  router.join(name('a'), two);
  router.leave(early, one);
  assert.is(bus.subjects.size, 1);
  const late = router.join(name('b'), one);
  assert.is(bus.subjects.size, 2);
  router.leave(early, two);
  router.leave(early, two);
  assert.equal([...bus.subjects.keys()], [subjectOf(name('b'))]);
  router.leave(late, one);
  assert.is(bus.subjects.size, 0);
});

test('publishes what a socket gets, for a key that is here and for one that is not', () => {
  const { bus, counters, forward, open, router } = node();
  open();
  const socket = new Socket();
  router.join(name('a'), socket);
  for (const key of [name('a'), name('b')]) {
    const send = sent(key);
    const sealed = send.subarray(39);
    forward(name('x'), key, Buffer.from(send), 0);
    const [subject, message] = bus.published.pop() ?? [];
    assert.is(subject, subjectOf(key));
    const frame = encodeRelayFrame({ kind: 'receive', sealed: new Uint8Array(sealed) });
    assert.equal(new Uint8Array(message as Uint8Array), frame);
  }
  assert.is(socket.frames.length, 1);
  const { busPublished, delivered, nobody } = counters.snapshot();
  assert.equal([busPublished, delivered, nobody], [2, 1, 1]);
});

test('hands what comes from the bus to the sockets, and publishes it to nobody', () => {
  const { bus, counters, open, router } = node();
  open();
  const [one, two] = [new Socket(), new Socket()];
  router.join(name('a'), one);
  router.join(name('a'), two);
  const message = received();
  bus.subjects.get(subjectOf(name('a')))?.(message);
  for (const socket of [one, two]) assert.equal(socket.frames, [message]);
  assert.equal(bus.published, []);
  assert.is(counters.snapshot().busReceived, 1);
});

test('drops what is no RECV, whoever wrote it', () => {
  const { bus, counters, open, router } = node();
  open();
  const socket = new Socket();
  router.join(name('a'), socket);
  const take = bus.subjects.get(subjectOf(name('a'))) as (message: Uint8Array) => void;
  const whole = received();
  const swollen = Uint8Array.from([...whole, 0]);
  const oversize = new Uint8Array(3 + 8_242);
  oversize.set([0x11, 8_242 >> 8, 8_242 & 255]);
  const otherKinds = [0, 0x10, 0x12, 0x40, 0xff].map((type) => {
    const other = whole.slice();
    other[0] = type;
    return other;
  });
  const bad = [
    ...[0, 1, 2, 3].map((length) => whole.slice(0, length)),
    ...[whole.slice(0, -1), swollen, oversize, new Uint8Array(1_000_000), ...otherKinds],
    Uint8Array.of(0x11, 0, 0),
  ];
  for (const message of bad) take(message);
  assert.equal(socket.frames, []);
  assert.is(counters.snapshot().busMalformed, bad.length);
  take(received(8_241));
  assert.is(socket.frames.length, 1);
});

test("holds a recipient's rate on both sides of the bus", () => {
  const { bus, counters, forward, open, router } = node({ deliveriesPerS: 1, deliveryBurst: 5 });
  open();
  for (let i = 0; i < 9; i++) forward(name('x'), name('b'), sent(name('b')), 0);
  assert.is(bus.published.length, 5, 'to a key elsewhere');
  assert.is(counters.snapshot().busLimited, 4);
  forward(name('x'), name('b'), sent(name('b')), 1_000);
  assert.is(bus.published.length, 6, 'a second later');
  const socket = new Socket();
  router.join(name('a'), socket);
  for (let i = 0; i < 4; i++) forward(name('x'), name('a'), sent(name('a')), 0);
  for (let i = 0; i < 4; i++) bus.subjects.get(subjectOf(name('a')))?.(received());
  assert.is(socket.frames.length, 5, 'from here and from elsewhere together');
  assert.is(bus.published.length, 10);
});

test('remembers the rates of so many recipients and no more', () => {
  const { bus, forward, open } = node({ deliveriesPerS: 1, deliveryBurst: 1, busRecipients: 3 });
  open();
  for (const letter of 'abcd') forward(name('x'), name(letter), sent(name(letter)), 0);
  assert.is(bus.published.length, 4);
  forward(name('x'), name('d'), sent(name('d')), 0);
  assert.is(bus.published.length, 4, 'remembered');
  forward(name('x'), name('a'), sent(name('a')), 0);
  assert.is(bus.published.length, 5, 'forgotten');
});

test('forwards here while the bus is away or behind, and counts what others did not get', () => {
  const { bus, cluster, counters, forward, open, router } = node();
  const socket = new Socket();
  router.join(name('a'), socket);
  assert.not.ok(cluster.isUp);
  forward(name('x'), name('a'), sent(name('a')), 0);
  open();
  bus.says = 'away';
  forward(name('x'), name('a'), sent(name('a')), 0);
  bus.says = 'behind';
  forward(name('x'), name('a'), sent(name('a')), 0);
  assert.is(socket.frames.length, 3);
  const { busAway, busBehind, busPublished } = counters.snapshot();
  assert.equal([busAway, busBehind, busPublished], [2, 1, 0]);
});

test('closes the bus it was given', async () => {
  const { bus, cluster, open } = node();
  await cluster.close();
  open();
  assert.ok(cluster.isUp);
  await cluster.close();
  assert.is(bus.closed, 1);
  assert.not.ok(cluster.isUp);
});

test('options: servers, one way to log in, a subject without wildcards, and no secret in a refusal', () => {
  const servers = ['nats://a.example', 'nats://127.0.0.1:4222', 'tls://[::1]:4222'];
  assert.equal(natsOf({ servers: servers.slice(0, 2) }), {
    servers: ['a.example', '127.0.0.1:4222'],
    subject: 'pim.relay',
  });
  assert.equal(natsOf({ servers: servers.slice(2), token: 't', subject: 'a.b-c' }), {
    servers: ['[::1]:4222'],
    subject: 'a.b-c',
    token: 't',
    tls: {},
  });
  assert.is(natsOf(undefined), null);
  const secret = 'northern-lights';
  const wrong: [object, string][] = [
    [{ servers: [] }, 'nats.servers'],
    [{ servers: 'nats://a' }, 'nats.servers'],
    [{ servers: ['a.example:4222'] }, 'nats.servers'],
    [{ servers: ['http://a'] }, 'nats.servers'],
    [{ servers: [`nats://u:${secret}@a`] }, 'nats.servers'],
    [{ servers: ['nats://a/x'] }, 'nats.servers'],
    [{ servers: Array.from({ length: 17 }, () => 'nats://a') }, 'nats.servers'],
    [{ servers, user: 'u' }, 'nats.user'],
    [{ servers, password: secret }, 'nats.user'],
    [{ servers, user: 'u', password: secret, token: secret }, 'nats'],
    [{ servers, token: '' }, 'nats.token'],
    [{ servers, creds: 5 }, 'nats.creds'],
    [{ servers, tls: { ca: 5 } }, 'nats.tls.ca'],
    ...['', '*', 'a.*', 'a.>', 'a b', '.a', 'a.', 'a..b', 'x'.repeat(65)].map(
      (subject): [object, string] => [{ servers, subject }, 'nats.subject'],
    ),
  ];
  for (const [options, option] of wrong) {
    try {
      natsOf(options as Parameters<typeof natsOf>[0]);
    } catch (fault) {
      assert.ok(isPimError(fault, 'options/invalid'), String(fault));
      assert.is(fault.detail.option, option);
      assert.not.match(`${fault}${JSON.stringify(fault)}`, secret);
      continue;
    }
    assert.unreachable(option);
  }
});

test.run();
