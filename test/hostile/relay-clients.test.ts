/**
 * Clients of a relay that hold on, hold back or listen closely: slow requests, half-open sockets,
 * guesses at who is there, and a thousand that come back at once. @time-limit 90
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRelay } from '../../relay/index.js';
import { backoff } from '../../sdk/base/backoff.js';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, testKey, UpgradeRefused } from '../support/relay-client.js';
import { RelayClock } from '../support/relay-clock.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes `text` a byte at a time until the relay ends it; resolves to the milliseconds. */
async function drip(port: number, text: string, everyMs: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const from = performance.now();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let at = 0;
  const timer = setInterval(() => {
    if (!socket.destroyed) socket.write(text[at++ % text.length] as string);
  }, everyMs);
  await closed;
  clearInterval(timer);
  return performance.now() - from;
}

test('slow-loris on a request and on an upgrade ends when its time is over', async () => {
  const limits = { headersTimeoutMs: 300, requestTimeoutMs: 300, requestCheckMs: 50 };
  await withRelay({ limits }, async ({ port }) => {
    const upgrade = `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX: ${'x'.repeat(500)}`;
    const took = await Promise.all([
      drip(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(500)}`, 10),
      drip(port, upgrade, 10),
    ]);
    for (const ms of took) assert.ok(ms >= 250 && ms < 3_000, `${ms} ms`);
    assert.is((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
    outcome('slow-loris on HTTP and on the upgrade', 'cut when the time for headers is over');
  });
});

test('a body that never ends, and an upgrade that never goes on, hold nothing', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async (relay) => {
    const socket = connect(relay.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(answer.toString('latin1'), /^HTTP\/1\.1 405 /);
    // Upgraded, and then silent: it has ten seconds to log in.
    const silent = await RelayClient.open(relay.url);
    await silent.next('challenge');
    clock.advance(10_000);
    assert.is((await silent.next('error')).reason, 'late');
    assert.is((await silent.closed).code, 4401);
    assert.is(relay.stats().refusedLate, 1);
    socket.destroy();
    outcome('an upgrade without a login', 'ERR late and closed after 10 s');
  });
});

test('a half-open socket: the other end is gone without a word, and is noticed', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async (relay) => {
    const client = await RelayClient.login(relay.url);
    // Its system still takes bytes, but nobody answers.
    const raw = (client.socket as unknown as { _socket: Socket })._socket;
    raw.removeAllListeners('data');
    raw.pause();
    for (let s = 0; s < 80; s += 5) clock.advance(5_000);
    assert.is(relay.stats().silent, 1);
    while (relay.stats().sockets > 0) await pause(1);
    client.socket.terminate();
    outcome('a half-open socket', 'terminated after 75 s of silence');
  });
});

test('offers of compression are not taken', () =>
  withRelay({}, async ({ url }) => {
    const client = await RelayClient.open(url, { perMessageDeflate: true });
    assert.is(client.socket.extensions, '');
    await client.close();
    outcome('an offer of compression', 'not taken');
  }));

test('nobody learns who is there: same answers, same bytes, and no difference in time that can be told', () =>
  withRelay(
    { limits: { sendBurst: 60_000, sendBurstPerKey: 60_000, sendBurstPerIp: 60_000, ...BYTES } },
    async (relay) => {
      const prober = await RelayClient.login(relay.url);
      const there = await RelayClient.login(relay.url);
      const present = there.key!.publicKey;
      const absent = testKey().publicKey;
      const sealed = random(561);
      const probe = async (to: Uint8Array): Promise<number> => {
        const from = performance.now();
        prober.sendTo(to, sealed);
        assert.equal(await prober.settle(), [], 'no answer at all');
        return performance.now() - from;
      };
      const took = { present: [] as number[], absent: [] as number[] };
      for (let i = 0; i < 100; i++) await probe(i % 2 === 0 ? present : absent);
      for (let i = 0; i < 1_500; i++) {
        // In random order, so that what repeats in the machine favours neither.
        for (const who of Math.random() < 0.5
          ? (['present', 'absent'] as const)
          : (['absent', 'present'] as const)) {
          took[who].push(await probe(who === 'present' ? present : absent));
        }
      }
      const advantage = Math.abs(auc(took.present, took.absent) - 0.5);
      outcome(
        'asking by time who is there, 1,500 times each, on the same machine',
        `no answer; a single probe guesses right in ${(50 + 100 * advantage).toFixed(1)} % of cases`,
      );
      // Writing to somebody takes microseconds that writing to nobody does not: next to the relay a
      // thousand probes may average it out, a single one tells next to nothing.
      assert.ok(advantage < 0.25, `advantage ${advantage}`);
    },
  ));

const BYTES = {
  sendBurstBytes: 1e9,
  sendBurstBytesPerKey: 1e9,
  sendBurstBytesPerIp: 1e9,
  controlBurst: 60_000,
  deliveryBurst: 60_000,
};

/** How often a value of `a` is above one of `b`: 0.5 where they cannot be told apart. */
function auc(a: readonly number[], b: readonly number[]): number {
  const all = [
    ...a.map((value) => ({ value, isA: true })),
    ...b.map((value) => ({ value, isA: false })),
  ];
  all.sort((x, y) => x.value - y.value);
  let ranks = 0;
  all.forEach(({ isA }, at) => {
    if (isA) ranks += at + 1;
  });
  return (ranks - (a.length * (a.length + 1)) / 2) / (a.length * b.length);
}

/** Comes back as the SDK does: waits that double, each times a random part. */
async function comeBack(url: string, from: string, stopAt: number): Promise<number> {
  for (let attempt = 0; performance.now() < stopAt; attempt++) {
    await pause(backoff({ firstMs: 500, maxMs: 30_000 }, attempt, Math.random()));
    try {
      const client = await RelayClient.open(url, { localAddress: from });
      clients.push(client);
      return performance.now();
    } catch (fault) {
      if (!(fault instanceof UpgradeRefused) && !(fault instanceof Error)) throw fault;
    }
  }
  return Number.POSITIVE_INFINITY;
}

const clients: RelayClient[] = [];

test('a thousand clients whose relay is killed come back by themselves, spread by chance', async () => {
  const count = 1_000;
  const options = { files: false as const, host: '127.0.0.1' };
  const before = createRelay({ ...options, port: 0 });
  await before.listen();
  const { port, url } = before;
  await before.close({ withinMs: 100 });
  const killedAt = performance.now();
  const coming = Array.from({ length: count }, (_, i) =>
    comeBack(url, `127.0.${2 + Math.floor(i / 250)}.${1 + (i % 250)}`, killedAt + 40_000),
  );
  // It is away for as long as a restart takes.
  await pause(1_500);
  const after = createRelay({ ...options, port });
  await after.listen();
  const upAt = performance.now();
  const times = (await Promise.all(coming)).map((at) => at - upAt).sort((a, b) => a - b);
  const [median, last] = [times[count >> 1] as number, times[count - 1] as number];
  outcome(
    `${count} clients of a relay that is killed and back after 1.5 s`,
    `all back, half within ${(median / 1000).toFixed(1)} s, the last after ${(last / 1000).toFixed(1)} s`,
  );
  assert.ok(Number.isFinite(last), 'everybody is back');
  const busiest = Math.max(
    ...times.map((at) => times.filter((t) => t >= at && t < at + 100).length),
  );
  assert.ok(busiest < count / 4, `${busiest} of ${count} within 100 ms`);
  for (const client of clients) client.socket.terminate();
  await after.close({ withinMs: 200 });
});

test.after(() => printOutcomes('Hostile clients of a relay:'));

test.run();
