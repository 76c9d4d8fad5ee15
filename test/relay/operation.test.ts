/** What an operator sees of a relay: life, readiness, metrics, its end, its certificate. */

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer, get as getTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocketServer } from 'ws';
import { Counters } from '../../relay/counters.js';
import { createRelay, type RelayOptions } from '../../relay/index.js';
import { COUNTER_ROWS, GAUGES } from '../../relay/metrics.js';
import { selfSigned } from '../../sdk/node/self-signed.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, testKey, UpgradeRefused } from '../support/relay-client.js';

const get = async (port: number, path: string): Promise<[number, string]> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return [response.status, await response.text()];
};

test('is alive and ready until it is told to end; then only alive, and it takes nobody', async () => {
  const relay = createRelay({ port: 0, files: false, limits: { sockets: 5_000 } });
  assert.is(relay.isReady, false);
  await relay.listen();
  const { port, url } = relay;
  assert.equal(await get(port, '/healthz'), [200, 'ok\n']);
  assert.equal(await get(port, '/readyz'), [200, 'ready\n']);
  // Keeps the relay from ending at once: a client that does not answer the goodbye.
  const client = await RelayClient.login(url);
  client.socket.pause();
  const probe = new Promise<[number, string]>((resolve, reject) => {
    const asked = request({ port, path: '/readyz' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve([response.statusCode ?? 0, text]));
    });
    asked.on('error', reject);
    // Connected before the end begins, asked after it.
    asked.on('socket', (socket) => {
      socket.on('connect', () => {
        void closing();
        asked.end();
      });
    });
    asked.flushHeaders();
  });
  let closed: Promise<void> = Promise.resolve();
  const closing = async () => {
    closed = relay.close({ withinMs: 500 });
  };
  assert.equal(await probe, [503, 'not ready\n']);
  assert.is(relay.isReady, false);
  await closed;
  await RelayClient.open(url).then(
    () => assert.unreachable(),
    (fault) => assert.not.instance(fault, assert.Assertion),
  );
});

test('clients are told to move in groups where they are many, and all are told', async () => {
  const limits = {
    ...{ socketsPerIp: 500, pendingPerIp: 500, upgradeBurstPerIp: 500, drainMs: 400 },
    socketsPerKey: 500,
  };
  const relay = createRelay({ port: 0, files: false, limits });
  await relay.listen();
  const key = testKey();
  const clients: RelayClient[] = [];
  for (let i = 0; i < 150; i++) clients.push(await RelayClient.login(relay.url, { key }));
  const from = performance.now();
  const told: Promise<number>[] = clients.map(async (client) => {
    assert.is((await client.next('bye')).reason, 'restarting');
    return performance.now() - from;
  });
  const refused = clients[0]!.closed
    .then(() => RelayClient.open(relay.url))
    .catch((fault: unknown) => fault);
  const closed = relay.close();
  const times = await Promise.all(told);
  await closed;
  const spread = Math.max(...times) - Math.min(...times);
  // 150 clients × 2 ms: six groups.
  assert.ok(spread >= 200, `all within ${spread} ms`);
  const fault = await refused;
  assert.instance(fault, Error, 'a new client during the end');
  if (fault instanceof UpgradeRefused) assert.is(fault.status, 503);
});

test('ends within its bound, whoever does not let go', async () => {
  const relay = createRelay({ port: 0, files: false });
  await relay.listen();
  const client = await RelayClient.login(relay.url);
  client.socket.pause();
  const from = performance.now();
  await relay.close({ withinMs: 300 });
  assert.ok(performance.now() - from < 1_500);
  client.socket.resume();
  await client.closed;
});

test('tells Prometheus every counter, and no identifier', () =>
  withRelay({ metrics: true }, async (relay) => {
    const ada = await RelayClient.login(relay.url);
    const grace = await RelayClient.login(relay.url);
    ada.sendTo(grace.key!.publicKey, random(561));
    ada.sendTo(random(32), random(561));
    await ada.settle();
    await RelayClient.login(relay.url, { origin: 'wss://evil.example' }).catch(() => undefined);
    const response = await fetch(`http://127.0.0.1:${relay.port}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=/);
    const text = await response.text();
    const value = (line: string) => Number(new RegExp(`^${line} (.*)$`, 'm').exec(text)?.[1]);
    assert.is(value('pim_sockets'), 2);
    assert.is(value('pim_keys'), 2);
    assert.is(value('pim_ready'), 1);
    assert.is(value('pim_logins_total{result="ok"}'), 2);
    assert.is(value('pim_logins_total{result="origin"}'), 1);
    assert.is(value('pim_sends_total{outcome="delivered"}'), 1);
    assert.is(value('pim_sends_total{outcome="nobody"}'), 1);
    // Three logins, two envelopes, one PING.
    assert.is(value('pim_frames_total{direction="in"}'), 6);
    assert.ok(value('process_resident_memory_bytes') > 1e6);
    assert.not.match(text, /127\.0\.0\.1|::1|pim1|evil/);
    assert.is(await relay.metrics().then((again) => again.includes('pim_sockets 2')), true);
  }));

test('every counter is in one row of the metrics', () => {
  const rows: { values: Record<string, string> }[] = Object.values(COUNTER_ROWS);
  const told = rows.flatMap(({ values }) => Object.values(values));
  // The refused logins in all are the sum of those by reason.
  const counted = Object.keys(new Counters().snapshot()).filter((name) => name !== 'refusals');
  assert.equal([...told].sort(), counted.sort());
  assert.ok(Object.keys(GAUGES).every((name) => name.startsWith('pim_')));
});

test('a relay others can reach tells its metrics only where it was told to', async () => {
  const statuses = async (options: RelayOptions): Promise<number> => {
    let status = 0;
    await withRelay(options, async ({ port }) => {
      [status] = await get(port, '/metrics');
    });
    return status;
  };
  assert.is(await statuses({}), 200, 'this machine alone');
  assert.is(await statuses({ origins: ['wss://relay.example'] }), 404);
  assert.is(await statuses({ host: '0.0.0.0' }), 404);
  assert.is(await statuses({ metrics: false }), 404);
  assert.is(await statuses({ origins: ['wss://relay.example'], metrics: true }), 200);
});

test('a port of its own for whoever watches', () =>
  withRelay({ metricsPort: 0, metrics: false }, async (relay) => {
    const port = relay.metricsPort as number;
    assert.match((await get(port, '/metrics'))[1], /^pim_sockets 0$/m);
    assert.equal(await get(port, '/readyz'), [200, 'ready\n']);
    assert.is((await get(relay.port, '/metrics'))[0], 404);
    const other = createRelay({ port: 0, files: false, metricsPort: port });
    await other.listen().then(
      () => assert.unreachable(),
      ({ detail }) => assert.is(detail.option, 'metricsPort'),
    );
  }));

/** The certificate a TLS server shows, in PEM without its line ends. */
async function shown(port: number): Promise<string> {
  const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw.toString('base64');
}

const bare = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

test('ends TLS itself, and takes another certificate while it runs', async () => {
  const first = selfSigned(['localhost', '127.0.0.1', '::1'], new Date());
  const second = selfSigned(['localhost'], new Date());
  await withRelay({ tls: first }, async (relay) => {
    assert.match(relay.url, /^wss:/);
    const trusted = { ca: first.cert };
    const client = await RelayClient.open(relay.url, trusted);
    assert.is((await client.next('challenge')).kind, 'challenge');
    const [response] = await once(
      getTls(`https://127.0.0.1:${relay.port}/healthz`, trusted),
      'response',
    );
    assert.is(response.statusCode, 200);
    assert.is(await shown(relay.port), bare(first.cert));
    relay.renewTls(second);
    assert.is(await shown(relay.port), bare(second.cert));
    assert.throws(() => relay.renewTls({ cert: 'no', key: 'no' }), /“tls” should be a certificate/);
    assert.is(await shown(relay.port), bare(second.cert), 'the one in use stays');
    await client.close();
  });
  assert.throws(() => createRelay({ tls: { cert: 'no', key: 'no' } }), /“tls” should be a cert/);
});

test('limits per IP hold over TLS', () =>
  withRelay(
    { tls: selfSigned(['127.0.0.1'], new Date()), limits: { pendingPerIp: 1 } },
    async ({ url }) => {
      const trusted = { rejectUnauthorized: false };
      const first = await RelayClient.open(url, trusted);
      const refused = await RelayClient.open(url, trusted).catch((fault) => fault);
      assert.is((refused as UpgradeRefused).status, 429);
      await first.close();
    },
  ));

test('as a part of another server it leaves all but its path alone', async () => {
  for (const isTls of [false, true]) {
    const answer = (_: unknown, response: { end(text: string): void }) => response.end('theirs');
    const tls = selfSigned(['127.0.0.1'], new Date());
    const server = isTls ? createTlsServer(tls, answer) : createServer(answer);
    const theirs = new WebSocketServer({ noServer: true });
    const relay = createRelay({ server, path: '/relay' });
    await relay.listen();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const base = `${isTls ? 'wss' : 'ws'}://127.0.0.1:${port}`;
    const trusted = { rejectUnauthorized: false };
    const elsewhere = await RelayClient.open(`${base}/theirs`, trusted).catch((fault) => fault);
    assert.is((elsewhere as UpgradeRefused).status, 404, 'nobody else takes upgrades');
    server.on('upgrade', (request, socket, head) => {
      if (request.url === '/theirs')
        theirs.handleUpgrade(request, socket, head, (ws) => ws.close(4000));
    });
    const own = await RelayClient.open(`${base}/theirs`, trusted);
    assert.is((await own.closed).code, 4000);
    const client = await RelayClient.open(`${base}/relay`, trusted);
    assert.is((await client.next('challenge')).kind, 'challenge');
    await relay.close();
    assert.is((await client.closed).code, 1012);
    const again = RelayClient.open(`${base}/theirs`, trusted);
    assert.is((await (await again).closed).code, 4000, 'their server goes on');
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

test('logs in over the port of the server it is attached to', async () => {
  const server = createServer();
  const relay = createRelay({ server, path: '/relay' });
  await relay.listen();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  assert.match(relay.url, /^ws:\/\/127\.0\.0\.1:\d+\/relay$/);
  const client = await RelayClient.login(relay.url);
  assert.is(relay.stats().keys, 1);
  await relay.close();
  await client.closed;
  server.close();
});

test('refuses options that the other server decides', () => {
  const server = createServer();
  for (const given of [{ port: 1 }, { host: 'a' }, { files: false as const }, { metrics: true }]) {
    assert.throws(() => createRelay({ server, ...given }), /left to “server”/);
  }
  assert.throws(() => createRelay({ server: {} as never }), /“server” should be a server/);
  for (const path of ['', 'relay', '/a b', '/?x', '/#']) {
    assert.throws(() => createRelay({ path }), /“path” should be a path/);
  }
});

test('debug lines name IPs and addresses only where that was asked for', async () => {
  const linesOf = async (options: RelayOptions): Promise<string> => {
    const lines: unknown[] = [];
    await withRelay({ ...options, log: (...line) => lines.push(line) }, async ({ url }) => {
      await RelayClient.login(url);
      await RelayClient.login(url, { origin: 'wss://evil.example' }).catch(() => undefined);
    });
    return JSON.stringify(lines);
  };
  const quiet = await linesOf({});
  assert.match(quiet, '"login"');
  assert.match(quiet, '"refused",{"reason":"origin"}');
  assert.not.match(quiet, /127\.0\.0\.1|pim1|evil/);
  assert.match(await linesOf({ logIps: true }), '"network":"127.0.0.1"');
  assert.match(await linesOf({ logAddresses: true }), /"address":"pim1q[a-z0-9]{58}"/);
});

test.run();
