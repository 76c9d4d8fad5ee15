/** Options as an operator writes them, and the small measures the limits are made of. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveConfig } from '../../relay/config.js';
import { createRelay, DEFAULT_LIMITS, type RelayOptions } from '../../relay/index.js';
import { ipGroup } from '../../relay/ip-group.js';
import { loopbackOrigins, parsePageOrigin, parseRelayOrigin } from '../../relay/origins.js';
import { TokenBucket } from '../../relay/token-bucket.js';
import { isPimError } from '../../sdk/base/errors.js';

function refused(options: unknown, code: 'options/unknown' | 'options/invalid', detail: object) {
  try {
    resolveConfig(options as RelayOptions);
  } catch (fault) {
    assert.ok(isPimError(fault, code), String(fault));
    assert.equal({ ...fault.detail, ...detail }, fault.detail);
    return;
  }
  assert.unreachable(JSON.stringify(options));
}

test('refuses unknown names, at every depth, with the nearest right one', () => {
  const unknown = 'options/unknown';
  refused({ prot: 1 }, unknown, { option: 'prot', nearest: 'port' });
  refused({ origin: [] }, unknown, { option: 'origin', nearest: 'origins' });
  refused({ limits: { socketPerIP: 1 } }, unknown, { nearest: 'limits.socketsPerIp' });
  refused({ seams: { clocks: null } }, unknown, { nearest: 'seams.clock' });
  refused({ files: { build: '' } }, unknown, { option: 'files.build' });
});

test('refuses values that cannot be meant', () => {
  const invalid = 'options/invalid';
  for (const port of [-1, 65_536, 1.5, Number.NaN, '80'])
    refused({ port }, invalid, { option: 'port' });
  for (const host of ['', 1]) refused({ host }, invalid, { option: 'host' });
  const badOrigins = [
    'relay.example',
    'ftp://a',
    'wss://a/path',
    'wss://a?x',
    'wss://u:p@a',
    'data:,',
    '',
  ];
  for (const origin of badOrigins) refused({ origins: [origin] }, invalid, { option: 'origins' });
  refused({ origins: 'wss://a' }, invalid, { option: 'origins' });
  refused({ origins: Array.from({ length: 9 }, (_, i) => `wss://r${i}.example`) }, invalid, {});
  refused({ allowOrigins: ['wss://a'] }, invalid, { option: 'allowOrigins' });
  for (const value of [0, -1, 1.5, Number.POSITIVE_INFINITY, '5']) {
    refused({ limits: { sockets: value } }, invalid, { option: 'limits.sockets' });
  }
  refused({ limits: { maxFrameBytes: 65_536 } }, invalid, { option: 'limits.maxFrameBytes' });
  refused({ limits: 5 }, invalid, { option: 'limits' });
});

test('TURN: all of what belongs together or nothing, and no word of the secret', () => {
  const invalid = 'options/invalid';
  const turnUrls = ['turn:turn.example'];
  const turnSecret = 'northern lights';
  for (const turnUrls of [
    ['stun:a'],
    ['turn:a:25'],
    ['turn:a', 'turn:b', 'turn:c', 'turn:d'],
    'turn:a',
    [],
  ])
    refused({ turnUrls, turnSecret }, invalid, { option: 'turnUrls' });
  for (const turnSecret of [undefined, '', 5])
    refused({ turnUrls, turnSecret }, invalid, { option: 'turnSecret' });
  for (const turnLifetimeS of [59, 86_401, 1.5, '600', Number.NaN])
    refused({ turnUrls, turnSecret, turnLifetimeS }, invalid, { option: 'turnLifetimeS' });
  try {
    resolveConfig({ turnUrls: ['http://x'], turnSecret });
    assert.unreachable();
  } catch (fault) {
    assert.not.match(JSON.stringify(fault) + String(fault), turnSecret);
  }
  assert.equal(resolveConfig({ turnUrls, turnSecret }).turn, {
    urls: turnUrls,
    secret: turnSecret,
    lifetimeS: 3_600,
  });
  assert.is(resolveConfig({}).turn, null);
});

test('the defaults: port 8787, this machine alone, every limit of the table', () => {
  const config = resolveConfig({});
  assert.is(config.port, 8787);
  assert.is(config.host, '127.0.0.1');
  assert.equal(config.limits, DEFAULT_LIMITS);
  assert.is(config.allowOrigins, null);
  assert.is(config.random(32).length, 32);
});

test('listens everywhere once it has a public origin', () => {
  assert.is(resolveConfig({ origins: ['wss://relay.example'] }).host, undefined);
  assert.is(resolveConfig({ origins: ['wss://relay.example'], host: '::1' }).host, '::1');
});

test('spells origins as clients sign them', () => {
  assert.is(parseRelayOrigin('https://Relay.Example:443/'), 'wss://relay.example');
  assert.is(parseRelayOrigin('http://localhost:8787'), 'ws://localhost:8787');
  assert.is(parseRelayOrigin('wss://bücher.example'), 'wss://xn--bcher-kva.example');
  assert.is(parseRelayOrigin(`wss://${'a'.repeat(600)}.example`), null);
  assert.is(parsePageOrigin('https://Site.Example:443'), 'https://site.example');
  assert.equal(loopbackOrigins(80).slice(0, 3), ['ws://localhost', 'ws://127.0.0.1', 'ws://[::1]']);
});

test('says in one sentence that the port is taken, or that the host is not here', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const faults: unknown[] = [];
  await createRelay({ port, files: false })
    .listen()
    .catch((fault: unknown) => faults.push(fault));
  await createRelay({ port: 0, host: '192.0.2.1', files: false })
    .listen()
    .catch((fault: unknown) => faults.push(fault));
  other.close();
  const [taken, elsewhere] = faults;
  assert.ok(isPimError(taken, 'options/invalid'));
  assert.is(taken.message, `Port ${port} is taken by another program.`);
  assert.ok(isPimError(elsewhere, 'options/invalid'));
  assert.is(elsewhere.detail.option, 'host');
});

test('its address is known only while there is one', async () => {
  const relay = createRelay({ port: 0, files: false });
  assert.throws(() => relay.port, /does not listen/);
  await relay.close();
  await relay.listen();
  assert.is(relay.url, `ws://127.0.0.1:${relay.port}`);
  await Promise.all([relay.close(), relay.close()]);
});

test('a token bucket drips, brims over and never takes half', () => {
  const bucket = new TokenBucket(10, 5, 0);
  assert.ok(bucket.take(5, 0));
  assert.not.ok(bucket.take(1, 99));
  assert.ok(bucket.take(1, 100));
  assert.not.ok(bucket.take(6, 1e9), 'more than the brim');
  assert.ok(bucket.take(5, 1e9), 'what could not be taken is still there');
  assert.not.ok(bucket.take(1, 0), 'a clock that goes back fills nothing');
});

test('counts an IPv6 address with its /64, and a mapped IPv4 address as itself', () => {
  const groups: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:0:0:ffff::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['1::2:3:4:5:6:7', '1:0:2:3'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ];
  for (const [address, group] of groups) assert.is(ipGroup(address), group, address);
  assert.is(ipGroup(undefined), 'unknown');
});

test.run();
