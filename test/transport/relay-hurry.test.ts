/** A link that is told of news of the network, and one whose place another device took. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LINK_PROBE_MS } from '../../sdk/protocol/limits.js';
import { RelayLink } from '../../sdk/transport/relay-link.js';
import { HandPlatform, settle, somebody } from './hand-platform.js';

async function made() {
  const platform = new HandPlatform();
  const told: string[] = [];
  const link = new RelayLink('wss://relay.example', {
    identity: await somebody(platform),
    platform,
    logger: () => undefined,
    onSealed: () => undefined,
    onReady: () => undefined,
    onState: (_url, state, reason) => told.push([state, reason?.code].filter(Boolean).join(' ')),
  });
  return { platform, link, told };
}

async function online() {
  const all = await made();
  all.link.start();
  await all.platform.socket.welcome();
  assert.is(all.link.state, 'online');
  return all;
}

test('a hurry has a relay give a sign of life, and one that gives none dialled again', async () => {
  const { platform, link } = await online();
  await platform.pass(5_000);
  link.hurry();
  link.hurry();
  const [asked, ...more] = platform.socket.of('ping');
  assert.ok(asked);
  assert.equal(more, [], 'asked once');
  platform.socket.deliver({ kind: 'pong', token: asked.token });
  await platform.pass(LINK_PROBE_MS);
  assert.is(link.state, 'online');
  assert.is(platform.sockets.length, 1);
  link.hurry();
  await platform.pass(LINK_PROBE_MS);
  assert.is(platform.sockets.length, 2);
});

test('a hurry dials anew where a dial has been stuck for a second', async () => {
  const { platform, link } = await made();
  link.start();
  await platform.pass(900);
  link.hurry();
  await settle();
  assert.is(platform.sockets.length, 1, 'it may still come');
  await platform.pass(200);
  link.hurry();
  await settle();
  assert.is(platform.sockets.length, 2);
  await platform.socket.welcome();
  assert.is(link.state, 'online');
});

test('a device whose place another one took does not take it back at once, but when somebody looks', async () => {
  const { platform, link, told } = await online();
  platform.socket.deliver({ kind: 'bye', reason: 'replaced' });
  await settle();
  assert.is(told.at(-1), 'refused relay/refused');
  await platform.pass(59_000);
  assert.is(platform.sockets.length, 1);
  link.hurry();
  await settle();
  assert.is(platform.sockets.length, 2);
});

test.run();
