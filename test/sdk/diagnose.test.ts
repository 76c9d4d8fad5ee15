/**
 * `pim.diagnose()` against real relays, dead ones, mute ones and servers that are none; STUN and TURN
 * are tried in real browsers (test/browser/diagnose.test.ts).
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocketServer } from 'ws';
import type { Diagnosis, Finding, FindingDetails, HostFacts } from '../../sdk/index.js';
import { refusal } from '../contracts/storage.js';
import { type LocalPerson, type World, withWorld } from '../support/people.js';
import { freePort } from '../support/service.js';

const FACTS: HostFacts = {
  name: 'Test/1.0',
  isOnline: true,
  isPersisted: true,
  usedBytes: 1_000,
  quotaBytes: 1_000_000_000,
  erasesAfterDays: null,
  reach: async () => false,
};

const codes = ({ findings }: Diagnosis): string[] => findings.map(({ code }) => code);
const found = ({ findings }: Diagnosis, code: string): Finding => {
  const one = findings.find((each) => each.code === code);
  if (one === undefined) throw new Error(`no ${code} among ${findings.map((each) => each.code)}`);
  return one;
};

async function somebody(
  world: World,
  relays: string[],
  more: Parameters<World['person']>[1] = {},
  facts: Partial<HostFacts> = {},
): Promise<LocalPerson> {
  const person = await world.person('Ann', { relays, ...more });
  Object.assign(person.machine, { facts: async () => ({ ...FACTS, ...facts }) });
  return person;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

test('where all is well it says so: relay, clock, storage, platform', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const ann = await somebody(world, [relay.url]);
    const heard: Finding[] = [];
    const diagnosis = await ann.pim.diagnose({ onFinding: (finding) => heard.push(finding) });
    assert.equal(codes(diagnosis), [
      'relay/good',
      'stun/none',
      'turn/none',
      'clock/good',
      'storage/good',
      'platform/good',
    ]);
    assert.is(diagnosis.status, 'good');
    assert.equal(new Set(heard), new Set(diagnosis.findings));
    const { latencyMs, isEncrypted } = found(diagnosis, 'relay/good')
      .detail as FindingDetails['relay/good'];
    assert.ok(latencyMs >= 1 && latencyMs < 5_000, String(latencyMs));
    assert.is(isEncrypted, false);
    assert.is(found(diagnosis, 'relay/good').url, relay.url);
    assert.ok(
      Math.abs((found(diagnosis, 'clock/good').detail as { aheadMs: number }).aheadMs) < 5_000,
    );
  });
});

test('its login takes nobody’s place and is gone after: the person stays connected', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const ann = await somebody(world, [relay.url]);
    await ann.sees('relay', ({ state }) => state === 'online');
    const [past, before] = [ann.log.length, ann.machine.sockets.length];
    await ann.pim.diagnose();
    const made = ann.machine.sockets.slice(before);
    assert.is(made.length, 1);
    assert.ok(
      made.every(({ readyState }) => readyState >= 2),
      'closed',
    );
    assert.equal(ann.log.slice(past), []);
    assert.is(ann.pim.relays.list()[0]?.state, 'online');
  });
});

test('a dead relay, a mute one, one that is none and one that refuses are told apart', async () => {
  const mute = createServer();
  const sockets = new WebSocketServer({ server: mute });
  const foreign = createServer();
  const babble = new WebSocketServer({ server: foreign });
  babble.on('connection', (socket) => socket.send('hello'));
  try {
    await withWorld(async (world) => {
      const [good, proud] = [
        await world.relay(),
        await world.relay({ origins: ['wss://else.example'] }),
      ];
      const dead = `ws://127.0.0.1:${await freePort()}`;
      const [silent, none] = [await listening(mute), await listening(foreign)];
      const relays = [
        good.url,
        dead,
        `ws://127.0.0.1:${silent}`,
        `ws://127.0.0.1:${none}`,
        proud.url,
      ];
      const ann = await somebody(world, relays, { isStarted: false });
      const diagnosis = await world.hurry(ann.pim.diagnose());
      assert.equal(codes(diagnosis).slice(0, 5), [
        'relay/good',
        'relay/unreachable',
        'relay/silent',
        'relay/foreign',
        'relay/refused',
      ]);
      assert.equal(found(diagnosis, 'relay/refused').detail, { reason: 'origin' });
      assert.is(diagnosis.status, 'bad');
      assert.is(found(diagnosis, 'storage/unknown').status, 'skipped');
      assert.ok(!codes(diagnosis).includes('web-socket/blocked'), 'one relay was reached');
    });
  } finally {
    sockets.close();
    babble.close();
    for (const server of [mute, foreign]) {
      server.closeAllConnections();
      server.close();
    }
  }
});

test('a server that answers but lets no WebSocket through is told as blocked', async () => {
  const plain = createServer((_, response) => response.end('hello'));
  const port = await listening(plain);
  try {
    await withWorld(async (world) => {
      const url = `ws://127.0.0.1:${port}`;
      const asked: string[] = [];
      const reach = async (at: string) => {
        asked.push(at);
        return (await fetch(at)).ok;
      };
      const ann = await somebody(world, [url], { isStarted: false }, { reach });
      const diagnosis = await ann.pim.diagnose();
      assert.equal(codes(diagnosis).slice(0, 2), ['relay/unreachable', 'web-socket/blocked']);
      assert.equal(asked, [`http://127.0.0.1:${port}`]);
    });
  } finally {
    plain.closeAllConnections();
    plain.close();
  }
});

test('a clock that is an hour off is told, and which way', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const hour = 3_600_000;
    for (const offset of [hour, -hour]) {
      const ann = await somebody(world, [relay.url], { clockOffsetMs: offset, isStarted: false });
      const wrong = found(await ann.pim.diagnose(), 'clock/wrong');
      const { aheadMs } = wrong.detail as { aheadMs: number };
      assert.ok(Math.abs(aheadMs - offset) < 10_000, String(aheadMs));
      assert.match(wrong.text, offset > 0 ? '60 minutes ahead of' : '60 minutes behind');
    }
  });
});

test('the storage is tried by writing; what the browser says of it is told', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const code = async (ann: LocalPerson) =>
      codes(await ann.pim.diagnose()).find((each) => each.startsWith('storage/'));
    const cases: [Partial<HostFacts>, string][] = [
      [{ isPersisted: false }, 'storage/evictable'],
      [{ isPersisted: null, quotaBytes: null, usedBytes: null }, 'storage/good'],
      [{ quotaBytes: 2_000_000 }, 'storage/low'],
      [{ erasesAfterDays: 7 }, 'storage/seven-days'],
    ];
    for (const [facts, expected] of cases) {
      assert.is(await code(await somebody(world, [relay.url], {}, facts)), expected);
    }
    const full = await somebody(world, [relay.url]);
    full.disk.isFull = true;
    assert.is(await code(full), 'storage/full');
    full.disk.isFull = false;
    const memory = await somebody(world, [relay.url], { storage: 'memory' });
    assert.is(await code(memory), 'storage/memory');
    assert.is(
      await full.pim
        .diagnose()
        .then(codes)
        .then((all) => all.at(-1)),
      'platform/good',
    );
  });
});

test('no TURN server is bad news only where direct connections are off', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const ann = await somebody(world, [relay.url], { privacy: { relayOnly: true } });
    const diagnosis = await ann.pim.diagnose();
    assert.is(found(diagnosis, 'turn/needed').status, 'bad');
    assert.is(diagnosis.status, 'bad');
  });
});

test('the report says everything and names nobody: no address, host, port or IP', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const dead = `ws://127.0.0.1:${await freePort()}`;
    const ann = await somebody(world, [relay.url, dead]);
    const { report, findings } = await ann.pim.diagnose();
    assert.match(report, /Relay 1 \(ws\) lets us in/);
    assert.match(report, /Relay 2 \(ws\) cannot be reached/);
    assert.match(report, 'Test/1.0');
    assert.is(report.split('\n').length, findings.length + 2);
    for (const secret of [
      ann.address,
      '127.0.0.1',
      'localhost',
      new URL(relay.url).port,
      new URL(dead).port,
    ]) {
      assert.not.ok(report.includes(secret), secret);
    }
  });
});

test('it ends when it is told to, and leaves no socket and no timer', async () => {
  const mute = createServer();
  const sockets = new WebSocketServer({ server: mute });
  const url = `ws://127.0.0.1:${await listening(mute)}`;
  try {
    await withWorld(async (world) => {
      const ann = await somebody(world, [url], { isStarted: false });
      const stop = new AbortController();
      sockets.once('connection', () => stop.abort());
      const began = performance.now();
      await refusal(ann.pim.diagnose({ signal: stop.signal }), 'pim/aborted');
      assert.ok(performance.now() - began < 3_000);
      assert.ok(ann.machine.sockets.every(({ readyState }) => readyState >= 2));
      assert.is(ann.machine.timersWaiting, 0);
    });
  } finally {
    sockets.close();
    mute.closeAllConnections();
    mute.close();
  }
});

test('a host that tells nothing of itself, or never answers, costs those findings alone', async () => {
  await withWorld(async (world) => {
    const relay = await world.relay();
    const ann = await somebody(world, [relay.url]);
    for (const facts of [undefined, () => new Promise(() => undefined)]) {
      Object.assign(ann.machine, { facts });
      const diagnosis = await world.hurry(ann.pim.diagnose());
      assert.is(diagnosis.status, 'good');
      assert.equal(found(diagnosis, 'storage/good').detail, {
        isPersisted: null,
        usedBytes: null,
        quotaBytes: null,
      });
    }
  });
});

test.run();
