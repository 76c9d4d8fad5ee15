/**
 * Three relay processes on a real nats-server, under traffic: each of them is killed and NATS is
 * restarted, in turn, and whoever was connected comes back by itself.
 * @time-limit 120
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import { type Identity, makeIdentity } from '../../sdk/crypto/identity.js';
import { RelayLink } from '../../sdk/transport/relay-link.js';
import { NodeSuite } from '../crypto/node-suite.js';
import { arrived, connected } from '../journeys/steps.js';
import { FakeNetwork } from '../support/fake-rtc.js';
import { ClusterNode, Nats, natsIsMissing, reach } from '../support/nats.js';
import { eventually, World } from '../support/people.js';
import { Disk, TestMachine } from '../support/platform.js';
import { RelayClient, random } from '../support/relay-client.js';
import { freePort, Service } from '../support/service.js';
import { SignalKinds } from '../support/signal-kinds.js';
import { TestClock } from '../support/test-clock.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Five others, so 17 SENDs a second: below what a relay takes of one socket. */
const SEND_EVERY_MS = 300;
/** Until everybody hears from everybody again; a link waits 2 s at most after a short outage. */
const RECOVERY_MS = 25_000;

/** A client as the SDK has one, that sends to all others and notes when each was last heard. */
class Talker {
  readonly #link: RelayLink;
  readonly key: Bytes;
  /** Index of the sender → when it was last heard, monotonic milliseconds. */
  readonly heard = new Map<number, number>();

  constructor(url: string, identity: Identity, platform: TestMachine) {
    this.key = identity.keys.publicKey;
    this.#link = new RelayLink(url, {
      identity,
      platform,
      logger: () => undefined,
      onSealed: (sealed) => void this.heard.set(sealed[0] as number, performance.now()),
      onReady: () => undefined,
      onState: () => undefined,
    });
    this.#link.start();
  }

  say(index: number, others: readonly Talker[]): void {
    const sealed = random(561);
    sealed[0] = index;
    for (const { key } of others) this.#link.send(key, sealed);
  }

  stop(): void {
    this.#link.stop();
  }
}

/** Runs `use` with a crowd, two at each node, of whom everybody talks to everybody all the time. */
async function withTalkers(
  nodes: readonly ClusterNode[],
  use: (allHear: (what: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const clock = new TestClock();
  const network = new FakeNetwork(clock);
  const suite = new NodeSuite();
  const talkers: Talker[] = [];
  for (const node of [...nodes, ...nodes]) {
    const owner = `talker ${talkers.length}`;
    const kinds = new SignalKinds();
    const machine = new TestMachine({ clock, network, kinds, owner, disk: new Disk() });
    talkers.push(new Talker(node.url, await makeIdentity(suite, machine, random(32)), machine));
  }
  const talking = setInterval(() => {
    for (const [at, each] of talkers.entries())
      each.say(
        at,
        talkers.filter((other) => other !== each),
      );
  }, SEND_EVERY_MS);
  const allHear = (what: string) => {
    const since = performance.now();
    const hearsAll = ({ heard }: Talker) =>
      [...heard.values()].filter((at) => at > since).length === talkers.length - 1;
    return eventually(() => talkers.every(hearsAll), what, RECOVERY_MS);
  };
  try {
    await use(allHear);
  } finally {
    clearInterval(talking);
    for (const talker of talkers) talker.stop();
    clock.stop();
  }
}

const missing = natsIsMissing();
if (missing !== null) {
  console.log(`relays over NATS were not tried: ${missing}`);
  test('relays over NATS need a nats-server, which is not here', () => undefined);
} else {
  let nats: Nats;
  let nodes: readonly ClusterNode[] = [];

  test.before(async () => {
    nats = await Nats.start();
    const start = () => ClusterNode.start('--nats', nats.url, '--limit', 'deliveriesPerS=500');
    nodes = await Promise.all([start(), start(), start()]);
    await Promise.all(nodes.map((node) => node.isUp()));
  });
  test.after(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await nats?.end();
  });

  test('people whose only relays are different nodes connect and talk', async () => {
    const world = new World();
    try {
      const [a, b, c] = nodes.map(({ url }) => url) as [string, string, string];
      const people = await Promise.all([
        world.person('Ann', { relays: [a] }),
        world.person('Bob', { relays: [b] }),
        world.person('Cem', { relays: [c] }),
      ]);
      for (const [one, other] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const) {
        const [from, to] = [people[one], people[other]];
        if (!from || !to) throw new Error('nobody');
        await to.sees('relay', (event) => event.state === 'online');
        await from.ask('send', to.address, `hello ${one}`);
        await world.hurry(to.sees('request', (event) => event.from === from.address));
        await to.ask('contacts.accept', from.address);
        await world.hurry(Promise.all([connected(from, to), arrived(to, `hello ${one}`)]));
      }
    } finally {
      await world.close();
    }
  });

  test('nodes are killed and NATS is restarted in turn, and everybody comes back', async () => {
    await withTalkers(nodes, async (allHear) => {
      await allHear('everybody at first');
      for (const [at, node] of nodes.entries()) {
        await node.kill();
        await node.begin();
        await allHear(`everybody after node ${at} was killed`);
        await nats.end();
        await nats.begin();
        await allHear(`everybody after NATS was restarted (${at + 1})`);
      }
    });
    // Each outage was told once, by each process that was there.
    for (const [at, node] of nodes.entries()) {
      const outages = node.service.said.split('"bus-away"').length - 1;
      assert.is(outages, nodes.length - at, node.service.said);
    }
  });

  test('a node that is killed takes nobody along who is elsewhere', async () => {
    const [first, ...rest] = nodes as [ClusterNode, ...ClusterNode[]];
    await first.kill();
    await withTalkers(rest, (allHear) => allHear('those at the other nodes'));
    await first.begin();
  });

  test('the command in docs/scaling.md starts the whole thing', async () => {
    const page = readFileSync(`${ROOT}docs/scaling.md`, 'utf8');
    const [, documented = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
    const [bus, ...ports] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const pim = `${process.execPath} --import ${import.meta.resolve('tsx')} ${ROOT}sdk/node/cli.ts`;
    const script = documented
      .replaceAll('4222', String(bus))
      .replace('8801 8802 8803', ports.join(' '))
      .replaceAll('npx pim', pim);
    assert.is(script.split(pim).length, 2, 'a command to try');
    const service = new Service('sh', ['-c', `${script} wait`]);
    try {
      await service.says(/(?:[\s\S]*"bus-up"){3}/, 30_000);
      const origin = 'wss://relay.example';
      const clients = await Promise.all(
        ports.map((port) => RelayClient.login(`ws://127.0.0.1:${port}`, { origin })),
      );
      for (const from of clients) for (const to of clients) await reach(from, to);
      await Promise.all(clients.map((client) => client.close()));
    } finally {
      await service.end();
    }
  });
}

test.run();
