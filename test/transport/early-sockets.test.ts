/** Sockets dialled before there is a key: each is taken once, and none is left open. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EarlySockets } from '../../sdk/transport/early-sockets.js';
import { RelayLink } from '../../sdk/transport/relay-link.js';
import { refusal } from '../contracts/storage.js';
import { HandPlatform, settle, somebody } from './hand-platform.js';

const never = new AbortController().signal;
const urls = ['wss://one.example', 'wss://two.example'] as const;

async function linked(platform: HandPlatform, early: EarlySockets): Promise<RelayLink> {
  return new RelayLink(urls[0], {
    identity: await somebody(platform),
    platform,
    logger: () => undefined,
    early,
    onSealed: () => undefined,
    onReady: () => undefined,
    onState: () => undefined,
  });
}

test('dials every relay at once, and gives each socket to the first that asks', async () => {
  const platform = new HandPlatform();
  const early = new EarlySockets(urls, platform);
  assert.is(platform.sockets.length, 2);
  assert.ok(early.take(urls[0], never));
  assert.is(early.take(urls[0], never), null);
  assert.is(early.take('wss://other.example', never), null);
});

test('a link logs in on the socket that was dialled, and dials for itself the next time', async () => {
  const platform = new HandPlatform();
  const early = new EarlySockets([urls[0]], platform);
  const link = await linked(platform, early);
  link.start();
  await platform.socket.welcome();
  assert.is(link.state, 'online');
  assert.is(platform.sockets.length, 1);
  platform.socket.drop();
  await settle();
  link.hurry();
  await settle();
  assert.is(platform.sockets.length, 2);
});

test('a socket that failed before it was taken fails the first try of the link', async () => {
  const platform = new HandPlatform();
  const early = new EarlySockets([urls[0]], platform);
  const link = await linked(platform, early);
  platform.socket.drop();
  await settle();
  link.start();
  await settle();
  assert.is(link.state, 'waiting');
  assert.is(link.reason?.code, 'relay/unreachable');
});

test('gives up sockets that do not open in time, and leaves no timer behind', async () => {
  const platform = new HandPlatform();
  const early = new EarlySockets([urls[0]], platform);
  const opening = early.take(urls[0], never) as Promise<unknown>;
  const told = refusal(opening, 'relay/unreachable');
  await platform.pass(10_000);
  await told;
  assert.is(platform.waiting, 0);
});

test('a link that is stopped ends the dialling it waits for', async () => {
  const platform = new HandPlatform();
  const early = new EarlySockets([urls[0]], platform);
  const link = await linked(platform, early);
  link.start();
  link.stop();
  await settle();
  assert.is(platform.socket.readyState, 3);
  assert.is(platform.waiting, 0);
});

test('closes those that nobody took, opened or not', async () => {
  const platform = new HandPlatform();
  const early = new EarlySockets(urls, platform);
  const [one, two] = platform.sockets;
  one?.open();
  await settle();
  early.close();
  await settle();
  assert.equal(
    [one, two].map((socket) => socket?.readyState),
    [3, 3],
  );
  assert.is(early.take(urls[0], never), null);
});

test.run();
