/** Whose connection it is behind reverse proxies, and that nobody else's header is believed. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clientOf, isProxy, type Trust, trustedNetworks } from '../../relay/proxies.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, UpgradeRefused } from '../support/relay-client.js';

const ranges = (...texts: string[]): Trust => {
  const trust = trustedNetworks(texts);
  assert.ok(trust, texts.join());
  return trust;
};

test('believes the right-most address that no trusted proxy vouches for', () => {
  const proxies = ranges('10.0.0.0/8', '2001:db8:1::/48');
  const cases: [string, string | undefined, string][] = [
    ['10.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    // What the client wrote itself stands on the left.
    ['10.0.0.1', '203.0.113.66, 192.0.2.7', '192.0.2.7'],
    ['10.0.0.1', '203.0.113.66, 192.0.2.7, 10.9.9.9', '192.0.2.7'],
    ['10.0.0.1', '10.1.1.1,10.2.2.2', '10.1.1.1'],
    ['10.0.0.1', '192.0.2.7:4711', '192.0.2.7'],
    ['10.0.0.1', '[2001:db8::7]:443', '2001:db8::7'],
    ['10.0.0.1', '2001:db8::7', '2001:db8::7'],
    ['2001:db8:1::9', ' 192.0.2.7 ', '192.0.2.7'],
    // Dual-stack sockets give IPv4 peers as mapped addresses.
    ['::ffff:10.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['::ffff:0a00:0001', '192.0.2.7', '192.0.2.7'],
    // Forged by somebody who reaches the relay past the proxy.
    ['192.0.2.9', '203.0.113.66', '192.0.2.9'],
    ['192.0.2.9', '203.0.113.66, 10.0.0.1', '192.0.2.9'],
    // No address: it counts as the proxy that passed it on.
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.7, ', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.7, _hidden, 10.3.3.3', '10.3.3.3'],
    ['10.0.0.1', '192.0.2.300', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.7:x', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
  ];
  for (const [peer, header, client] of cases) {
    assert.is(clientOf(peer, header, proxies), client, `${peer} < ${header}`);
  }
});

test('counts proxies where it is told their number', () => {
  const header = '203.0.113.66, 192.0.2.7, 10.9.9.9';
  const of = (hops: number, text: string | undefined = header) =>
    clientOf('10.0.0.1', text, { hops });
  assert.is(of(0), '10.0.0.1');
  assert.is(of(1), '10.9.9.9');
  assert.is(of(2), '192.0.2.7');
  assert.is(clientOf('10.0.0.1', undefined, { hops: 2 }), '10.0.0.1');
  assert.is(of(1, 'nonsense'), '10.0.0.1');
});

test('reads ranges and their names, and refuses what is none', () => {
  for (const peer of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    assert.ok(isProxy(peer, ranges('loopback')), peer);
  }
  for (const peer of ['10.1.1.1', '172.31.0.1', '192.168.0.9', 'fd00::1', 'fe80::1%eth0']) {
    assert.ok(isProxy(peer, ranges('private')), peer);
  }
  for (const peer of ['172.32.0.1', '128.0.0.1', '2001:db8::1', 'nonsense', undefined]) {
    assert.not(isProxy(peer, ranges('loopback', 'private')), peer);
  }
  assert.ok(isProxy('192.0.2.7', ranges('192.0.2.7')));
  assert.not(isProxy('192.0.2.8', ranges('192.0.2.7')));
  for (const bad of [
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    'example.org',
    '',
    '10.0.0.0/8/8',
    '/8',
  ]) {
    assert.is(trustedNetworks([bad]), null, bad);
  }
});

/** The status of an upgrade that says it came from `client`. */
async function upgradeFrom(url: string, client: string): Promise<number> {
  try {
    await RelayClient.open(url, { headers: { 'X-Forwarded-For': client } });
    return 101;
  } catch (fault) {
    if (fault instanceof UpgradeRefused) return fault.status;
    throw fault;
  }
}

test('limits per IP hold for the people behind a proxy, not for the proxy', () =>
  withRelay({ trustProxy: ['loopback'], limits: { pendingPerIp: 2 } }, async ({ url }) => {
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      assert.is(await upgradeFrom(url, client), 101);
      assert.is(await upgradeFrom(url, `203.0.113.9, ${client}`), 101);
      assert.is(await upgradeFrom(url, client), 429, 'one more of the same IP');
      assert.is(await upgradeFrom(url, `203.0.113.8, ${client}`), 429, 'whatever it claims');
    }
    assert.is(await upgradeFrom(url, '2001:db8:0:1::1'), 101);
    assert.is(await upgradeFrom(url, '2001:db8:0:1::2'), 101);
    assert.is(await upgradeFrom(url, '2001:db8:0:1::3'), 429, 'one /64');
  }));

test('without trusted proxies the header says nothing', () =>
  withRelay({ limits: { pendingPerIp: 1 } }, async ({ url }) => {
    assert.is(await upgradeFrom(url, '192.0.2.1'), 101);
    assert.is(await upgradeFrom(url, '192.0.2.2'), 429);
  }));

test.run();
