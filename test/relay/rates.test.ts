/** How fast one client, one key or one network may send, and what becomes of those who go on. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, testKey } from '../support/relay-client.js';
import { RelayClock } from '../support/relay-clock.js';

test('answers sends beyond the rate, and forwards again as the bucket fills', async () => {
  const clock = new RelayClock();
  await withRelay({ seams: { clock } }, async (relay) => {
    const ada = await RelayClient.login(relay.url);
    const grace = await RelayClient.login(relay.url);
    const send = (count: number) => {
      for (let id = 1; id <= count; id++) ada.sendTo(grace.key!.publicKey, random(561), id);
    };
    send(401);
    assert.equal(await ada.settle(), [{ kind: 'result', id: 401, result: 'rate-limited' }]);
    assert.is((await grace.settle()).length, 400);
    clock.advance(1_000);
    send(21);
    assert.equal(await ada.settle(), [{ kind: 'result', id: 21, result: 'rate-limited' }]);
    assert.is((await grace.settle()).length, 20);
  });
});

test('counts bytes as well as frames', async () => {
  const clock = new RelayClock();
  const limits = { sendBytesPerS: 1_000, sendBurstBytes: 2_000 };
  await withRelay({ limits, seams: { clock } }, async (relay) => {
    const ada = await RelayClient.login(relay.url);
    for (let id = 1; id <= 3; id++) ada.sendTo(random(32), random(961), id);
    assert.equal(await ada.settle(), [{ kind: 'result', id: 3, result: 'rate-limited' }]);
    clock.advance(1_000);
    ada.sendTo(random(32), random(961), 4);
    assert.equal(await ada.settle(), []);
  });
});

test('closes 4429 on a client that goes on after being told', async () => {
  const clock = new RelayClock();
  await withRelay({ limits: { sendBurst: 1 }, seams: { clock } }, async (relay) => {
    const ada = await RelayClient.login(relay.url);
    for (let id = 0; id < 1_000; id++) ada.sendTo(random(32), random(561), id);
    assert.is((await ada.closed).code, 4429);
    assert.is(relay.stats().rateLimited, 121, 'told 120 times, closed at the next');
    assert.is(relay.stats().flooding, 1);
  });
});

test('reads no further from a client that was told it is too fast, until a while later', async () => {
  const clock = new RelayClock();
  const limits = { sendBurst: 1, holdMs: 300, controlBurst: 30 };
  await withRelay({ limits, seams: { clock } }, async (relay) => {
    const ada = await RelayClient.login(relay.url);
    for (let id = 0; id < 400; id++) ada.sendTo(random(32), random(8_241), id);
    await ada.next('result');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { rateLimited } = relay.stats();
    // What one read of TCP brought is taken; the rest of three megabytes waits.
    assert.ok(rateLimited >= 1 && rateLimited <= 16, `${rateLimited}`);
    assert.is((await ada.closed).code, 4429, 'it is read again, and did not stop');
  });
});

test('closes 4429 on floods of pings and pongs of both kinds (R24)', async () => {
  const clock = new RelayClock();
  const floods: ((client: RelayClient) => void)[] = [
    ({ socket }) => socket.ping(),
    ({ socket }) => socket.pong(),
    (client) => client.send({ kind: 'ping', token: random(8) }),
    (client) => client.send({ kind: 'pong', token: random(8) }),
  ];
  await withRelay({ seams: { clock } }, async ({ url }) => {
    for (const flood of floods) {
      const client = await RelayClient.login(url);
      for (let i = 0; i < 2_000; i++) flood(client);
      const { code } = await client.closed;
      // ws itself cuts a client that does not read the pongs it asks for.
      assert.ok(code === 4429 || (code === 1006 && flood === floods[0]), `${code}`);
    }
  });
});

test('drops without a word what one key gets beyond its rate, from all senders together', async () => {
  const clock = new RelayClock();
  const limits = { deliveriesPerS: 2, deliveryBurst: 10 };
  await withRelay({ limits, seams: { clock } }, async (relay) => {
    const grace = await RelayClient.login(relay.url);
    const quiet = await RelayClient.login(relay.url);
    const senders = [await RelayClient.login(relay.url), await RelayClient.login(relay.url)];
    for (const sender of senders) {
      for (let i = 0; i < 8; i++) sender.sendTo(grace.key!.publicKey, random(561));
      assert.equal(await sender.settle(), []);
    }
    assert.is((await grace.settle()).length, 10);
    assert.is(relay.stats().recipientLimited, 6);
    senders[0]!.sendTo(quiet.key!.publicKey, random(561));
    await senders[0]!.settle();
    assert.is((await quiet.settle()).length, 1, 'others are not concerned');
    clock.advance(1_000);
    for (let i = 0; i < 3; i++) senders[0]!.sendTo(grace.key!.publicKey, random(561));
    await senders[0]!.settle();
    assert.is((await grace.settle()).length, 2);
  });
});

test('counts the frames of a key over all its sockets, and of a network over all its keys', async () => {
  const clock = new RelayClock();
  const limits = { sendBurstPerKey: 10, sendBurstPerIp: 16 };
  await withRelay({ limits, seams: { clock } }, async (relay) => {
    const key = testKey();
    const phone = await RelayClient.login(relay.url, { key });
    const laptop = await RelayClient.login(relay.url, { key });
    const other = await RelayClient.login(relay.url);
    const refused = async (client: RelayClient, count: number) => {
      for (let id = 0; id < count; id++) client.sendTo(random(32), random(561), id);
      const answers = await client.settle();
      for (const each of answers)
        assert.ok(each.kind === 'result' && each.result === 'rate-limited');
      return answers.length;
    };
    assert.is(await refused(phone, 6), 0);
    assert.is(await refused(laptop, 6), 2);
    assert.is(relay.stats().keyRateLimited, 2);
    assert.is(await refused(other, 8), 2, 'ten of the network were used');
    assert.is(relay.stats().ipRateLimited, 2);
    clock.advance(1_000);
    assert.is(await refused(phone, 6), 0, 'forty a second come back');
  });
});

test('counts the bytes of a key and of a network', async () => {
  const clock = new RelayClock();
  for (const limits of [{ sendBurstBytesPerKey: 2_000 }, { sendBurstBytesPerIp: 2_000 }]) {
    await withRelay({ limits, seams: { clock } }, async (relay) => {
      const ada = await RelayClient.login(relay.url);
      for (let id = 1; id <= 3; id++) ada.sendTo(random(32), random(961), id);
      assert.equal(await ada.settle(), [{ kind: 'result', id: 3, result: 'rate-limited' }]);
      const { ipRateLimited, keyRateLimited } = relay.stats();
      const inKeys = 'sendBurstBytesPerKey' in limits;
      assert.equal([keyRateLimited, ipRateLimited], inKeys ? [1, 0] : [0, 1]);
    });
  }
});

test('takes at most 32 frames of a socket before the others have their turn', async () => {
  const clock = new RelayClock();
  const limits = { controlBurst: 10_000 };
  await withRelay({ limits, seams: { clock } }, async (relay) => {
    const client = await RelayClient.login(relay.url);
    const frame = encodeRelayFrame({ kind: 'ping', token: random(8) });
    const before = relay.stats().framesIn;
    for (let i = 0; i < 2_000; i++) client.socket.send(frame);
    let most = 0;
    for (let last = before; last < before + 2_000; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = relay.stats().framesIn;
      most = Math.max(most, now - last);
      last = now;
    }
    assert.ok(most > 1 && most <= 32, `${most} in one turn`);
  });
});

test.run();
