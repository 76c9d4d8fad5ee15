/** What one client, one address or one network can cost the relay: each limit, from both sides. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Relay } from '../../relay/index.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { withRelay } from '../support/relay.js';
import { proof, RelayClient, random, testKey, UpgradeRefused } from '../support/relay-client.js';
import { RelayClock } from '../support/relay-clock.js';

async function upgradeStatus(url: string, headers: Record<string, string> = {}): Promise<number> {
  try {
    await (await RelayClient.open(url, { headers })).close();
    return 101;
  } catch (fault) {
    if (fault instanceof UpgradeRefused) return fault.status;
    throw fault;
  }
}

/** The relay notices a client's end a moment after the client does. */
async function untilSockets(relay: Relay, count: number): Promise<void> {
  while (relay.stats().sockets !== count) await new Promise((resolve) => setImmediate(resolve));
}

test('refuses a sixth socket of one network that has not logged in, until one has', () =>
  withRelay({}, async (relay) => {
    const pending = [];
    for (let i = 0; i < 5; i++) pending.push(await RelayClient.open(relay.url));
    assert.is(await upgradeStatus(relay.url), 429);
    await pending[0]!.close();
    await untilSockets(relay, 4);
    await (await RelayClient.login(relay.url)).close();
    assert.is(relay.stats().crowded, 1);
  }));

test('a logged-in socket no longer counts as pending', () =>
  withRelay({ limits: { pendingPerIp: 1 } }, async (relay) => {
    for (let i = 0; i < 4; i++) await RelayClient.login(relay.url);
    assert.is(relay.stats().sockets, 4);
  }));

test('refuses more sockets of one network than its share', () =>
  withRelay({ limits: { socketsPerIp: 3 } }, async (relay) => {
    const clients = [];
    for (let i = 0; i < 3; i++) clients.push(await RelayClient.login(relay.url));
    assert.is(await upgradeStatus(relay.url), 429);
    await clients[0]!.close();
    await untilSockets(relay, 2);
    assert.is(await upgradeStatus(relay.url), 101);
  }));

test('answers 503 when it is full', () =>
  withRelay({ limits: { sockets: 2 } }, async (relay) => {
    const first = await RelayClient.login(relay.url);
    await RelayClient.login(relay.url);
    assert.is(await upgradeStatus(relay.url), 503);
    assert.is(relay.stats().full, 1);
    await first.close();
    await untilSockets(relay, 1);
    assert.is(await upgradeStatus(relay.url), 101);
  }));

test('a failed upgrade gives its place back', () =>
  withRelay({ limits: { socketsPerIp: 1, pendingPerIp: 1 } }, async (relay) => {
    for (let i = 0; i < 3; i++) {
      const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
      socket.write(
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      const [answer] = await once(socket, 'data');
      assert.match(answer, /^HTTP\/1\.1 400 /);
      await once(socket, 'close');
    }
    await untilSockets(relay, 0);
    assert.is(await upgradeStatus(relay.url), 101);
  }));

test('the oldest socket of a key gives way to the ninth', () =>
  withRelay({}, async (relay) => {
    const key = testKey();
    const sockets = [];
    for (let i = 0; i < 9; i++) sockets.push(await RelayClient.login(relay.url, { key }));
    const [oldest, ...kept] = sockets as [RelayClient, ...RelayClient[]];
    assert.is((await oldest.next('bye')).reason, 'replaced');
    assert.is((await oldest.closed).code, 4409);
    const ada = await RelayClient.login(relay.url);
    ada.sendTo(key.publicKey, random(561));
    await ada.settle();
    for (const each of kept) assert.is((await each.settle()).length, 1);
    assert.is(relay.stats().replaced, 1);
  }));

test('a reader that stops costs a bounded buffer, then its socket (R25)', async () => {
  const clock = new RelayClock();
  const limits = {
    ...{ sendsPerS: 65_535, sendBurst: 65_535, sendBytesPerS: 1e9, sendBurstBytes: 1e9 },
    ...{ deliveriesPerS: 1e9, deliveryBurst: 1e9, controlBurst: 10_000 },
    ...{ sendBurstPerKey: 1e9, sendBurstBytesPerKey: 1e9 },
    ...{ sendBurstPerIp: 1e9, sendBurstBytesPerIp: 1e9 },
  };
  await withRelay({ limits, seams: { clock } }, async (relay) => {
    const reader = await RelayClient.login(relay.url);
    const other = await RelayClient.login(relay.url);
    const sender = await RelayClient.login(relay.url);
    reader.socket.pause();
    const sealed = random(8_241);
    // The kernel's own buffers swallow some megabytes first.
    while (relay.stats().dropped === 0) {
      for (let i = 0; i < 100; i++) sender.sendTo(reader.key!.publicKey, sealed);
      await sender.settle();
    }
    sender.sendTo(other.key!.publicKey, sealed);
    await sender.settle();
    assert.is((await other.settle()).length, 1, 'others go on');
    // It stays behind at every look: pings it does not read do not save it.
    for (let s = 0; s < 85; s += 5) {
      await Promise.all([sender.settle(), other.settle()]);
      clock.advance(5_000);
    }
    assert.is(relay.stats().slow + relay.stats().silent, 1);
    await untilSockets(relay, 2);
    reader.socket.resume();
    assert.is((await reader.closed).code, 1006);
  });
});

test('pings a silent socket and terminates a dead one', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async (relay) => {
    const alive = await RelayClient.login(relay.url);
    const dead = await RelayClient.login(relay.url);
    let pings = 0;
    alive.socket.on('ping', () => pings++);
    dead.socket.pause();
    for (let s = 0; s < 75; s += 5) {
      clock.advance(5_000);
      await alive.settle();
    }
    assert.is(pings, 0, 'a socket that talks is not pinged');
    await untilSockets(relay, 1);
    assert.is(relay.stats().silent, 1);
    const pinged = once(alive.socket, 'ping');
    clock.advance(30_000);
    await pinged;
    assert.is(relay.stats().sockets, 1);
  });
});

test('resets connections of one network beyond its share, and keeps WebSockets apart', () =>
  withRelay({ limits: { httpPerIp: 3 } }, async (relay) => {
    const clients = [];
    for (let i = 0; i < 4; i++) clients.push(await RelayClient.login(relay.url));
    const idle = [];
    for (let i = 0; i < 3; i++) {
      const socket = connect(relay.port, '127.0.0.1');
      await once(socket, 'connect');
      idle.push(socket);
    }
    const fourth = connect(relay.port, '127.0.0.1');
    fourth.on('error', () => undefined);
    await once(fourth, 'close');
    const gone = once(idle[0]!, 'close');
    idle[0]!.destroy();
    await gone;
    while ((await upgradeStatusOrReset(relay.url)) !== 101);
    for (const socket of idle) socket.destroy();
  }));

async function upgradeStatusOrReset(url: string): Promise<number | null> {
  return upgradeStatus(url).catch(() => null);
}

test('cuts a request that drips in (R26)', async () => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 100, requestCheckMs: 20 };
  await withRelay({ limits }, async ({ port }) => {
    for (const start of ['', 'GET / HTTP/1.1\r\nHo']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(start);
      socket.resume();
      await once(socket, 'close');
    }
  });
});

test('refuses headers that are too large or too many', () =>
  withRelay({}, async ({ port }) => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    assert.match(answer, /^HTTP\/1\.1 431 /);
    socket.destroy();
  }));

test('refuses a network that comes too often, by upgrades and by connections', async () => {
  const clock = new RelayClock();
  await withRelay({ limits: { upgradeBurstPerIp: 3 }, seams: { clock } }, async (relay) => {
    for (let i = 0; i < 3; i++) assert.is(await upgradeStatus(relay.url), 101);
    assert.is(await upgradeStatus(relay.url), 429);
    assert.is(relay.stats().hurried, 1);
    clock.advance(100);
    assert.is(await upgradeStatus(relay.url), 101, 'ten a second come back');
  });
  await withRelay({ limits: { connectBurstPerIp: 3 }, seams: { clock } }, async (relay) => {
    for (let i = 0; i < 3; i++) assert.is(await upgradeStatus(relay.url), 101);
    assert.is(await upgradeStatusOrReset(relay.url), null);
    assert.is(relay.stats().hurried, 1);
  });
});

test('answers plain requests up to a rate, however many come in one go', async () => {
  const clock = new RelayClock();
  await withRelay({ limits: { requestBurstPerIp: 5 }, seams: { clock } }, async (relay) => {
    const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
    let answers = '';
    socket.on('data', (text: string) => (answers += text));
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(500));
    await once(socket, 'close');
    assert.ok((answers.match(/^HTTP\/1\.1 200 /gm)?.length ?? 0) <= 5);
    assert.is(relay.stats().requestsLimited, 1, 'one refusal, and nothing more is read');
    assert.is(await upgradeStatusOrReset(relay.url), null, 'banished for a while');
    assert.is(relay.stats().hurried, 1);
    clock.advance(10_000);
    assert.is(await upgradeStatusOrReset(relay.url), 101);
  });
});

test('banishes who sends many requests without waiting for an answer', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async (relay) => {
    const burst = async (count: number): Promise<number> => {
      const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
      let answers = '';
      socket.on('data', (text: string) => {
        answers += text;
        if (answers.split('HTTP/1.1 200').length > count) socket.end();
      });
      socket.on('error', () => undefined);
      socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count));
      await once(socket, 'close');
      return answers.split('HTTP/1.1 200').length - 1;
    };
    assert.is(await burst(8), 8);
    assert.is(relay.stats().requestsLimited, 0);
    await burst(2_000);
    assert.is(relay.stats().requestsLimited, 1);
    assert.is(relay.stats().requests, 8 + 9, 'the others were not looked at');
    assert.is(await burst(1), 0);
  });
});

test('a wrong proof counts as ten upgrades', async () => {
  const clock = new RelayClock();
  await withRelay({ limits: { upgradeBurstPerIp: 25 }, seams: { clock } }, async (relay) => {
    for (let i = 0; i < 2; i++) {
      const client = await RelayClient.open(relay.url);
      client.send(proof(await client.next('challenge'), { origin: 'wss://elsewhere.example' }));
      assert.is((await client.closed).code, 4401);
    }
    assert.is(await upgradeStatus(relay.url), 101);
    for (let i = 0; i < 2; i++) await upgradeStatus(relay.url);
    assert.is(await upgradeStatus(relay.url), 429);
  });
});

test('remembers a bounded number of networks, and forgets those that have rested', async () => {
  const clock = new RelayClock();
  const limits = { networks: 10 };
  await withRelay({ limits, trustProxy: ['loopback'], seams: { clock } }, async (relay) => {
    const networks = async () => Number(/^pim_networks (\d+)$/m.exec(await relay.metrics())?.[1]);
    for (let i = 0; i < 40; i++) {
      const headers = { 'X-Forwarded-For': `192.0.2.${i}` };
      assert.is(await upgradeStatus(relay.url, headers), 101);
    }
    assert.is(await networks(), 10);
    clock.advance(120_000);
    assert.is(await networks(), 0);
  });
});

test('above its ceiling of memory it takes nobody and sends the newest away', async () => {
  const clock = new RelayClock();
  let bytes = 0;
  const limits = { memoryBytes: 1_000 };
  await withRelay({ limits, seams: { clock, rss: () => bytes } }, async (relay) => {
    const first = await RelayClient.login(relay.url);
    const newest = await RelayClient.login(relay.url);
    clock.advance(1_000);
    assert.is(relay.stats().shed, 0);
    bytes = 1_001;
    clock.advance(1_000);
    assert.is((await newest.next('bye')).reason, 'busy');
    assert.is((await newest.closed).code, 4503);
    assert.is(await upgradeStatus(relay.url), 503);
    assert.equal([relay.stats().shed, relay.stats().overloaded], [1, 1]);
    await first.settle();
    bytes = 999;
    clock.advance(1_000);
    assert.is(await upgradeStatus(relay.url), 101);
  });
});

test('lets only listed pages connect, and programs without an Origin', () =>
  withRelay({ allowOrigins: ['https://site.example', 'https://B.example/'] }, async (relay) => {
    assert.is(await upgradeStatus(relay.url, { Origin: 'https://site.example' }), 101);
    assert.is(await upgradeStatus(relay.url, { Origin: 'https://b.example' }), 101);
    assert.is(await upgradeStatus(relay.url), 101);
    const foreign = [
      'https://evil.example',
      'http://site.example',
      'null',
      'https://site.example.',
    ];
    for (const Origin of foreign) assert.is(await upgradeStatus(relay.url, { Origin }), 403);
    assert.is(relay.stats().foreignPages, 4);
  }));

test('upgrades at the exact path only', () =>
  withRelay({}, async ({ url }) => {
    for (const path of ['/ws', '/?', '/?x=1', '//', '/inbox', '/healthz', '/%2f', '/.']) {
      const status = await upgradeStatus(url + path);
      // URL parsers turn “/.” and “/?” into “/” before anything is sent.
      const { pathname, search } = new URL(url + path);
      assert.is(status, pathname + search === '/' ? 101 : 404, path);
    }
  }));

test('an oversized frame, and one byte more than allowed, end in 1009 (R21)', () =>
  withRelay({}, async ({ url }) => {
    for (const bytes of [8_705, 10_000_000]) {
      const client = await RelayClient.login(url);
      client.socket.send(random(bytes));
      assert.is((await client.closed).code, 1009);
    }
    const largest = await RelayClient.login(url);
    const frame = new Uint8Array(8_704);
    frame.set(encodeRelayFrame({ kind: 'send', id: 5, to: random(32), sealed: random(9) }));
    largest.socket.send(frame);
    assert.equal(await largest.settle(), [{ kind: 'result', id: 5, result: 'malformed' }]);
  }));

test.run();
