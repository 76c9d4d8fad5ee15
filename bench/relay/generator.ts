/**
 * The load, in a process of its own: connects clients, has pairs of them exchange messages, and
 * says how many came and how long they took.
 */

import { randomBytes } from 'node:crypto';
import { DEFAULT_LIMITS } from '../../relay/index.js';
import { Redial } from '../../sdk/transport/redial.js';
import { CONTESTANTS, type ContestantName, prepareKeys, type Ready } from './contestants.js';
import { answerParent } from './processes.js';

/** Messages of a pair that are under way at once. */
const WINDOW = 16;
/** Connections that are being made at once. */
const AT_ONCE = 32;
/** Where a message carries the time it was sent: near its end, in every protocol. */
const STAMP_FROM_END = 64;

const everybody: Ready[] = [];
let target = { port: 0, from: '127.0.0.1' };
let contestant = CONTESTANTS.bare;

export type GeneratorCalls = typeof calls;

const calls = {
  /** Connects `count` more clients; with `otherPort` the second of each pair goes there. */
  async connect(given: {
    name: ContestantName;
    port: number;
    otherPort?: number;
    from: string;
    count: number;
  }) {
    const { otherPort = given.port } = given;
    contestant = CONTESTANTS[given.name];
    target = { port: given.port, from: given.from };
    const first = everybody.length;
    if (given.name === 'pim') prepareKeys(first + given.count);
    const begun = performance.now();
    let next = first;
    const worker = async () => {
      while (next < first + given.count) {
        const index = next++;
        const port = index % 2 === 0 ? given.port : otherPort;
        everybody[index] = await contestant.enter({ ...target, port }, index);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { ms: performance.now() - begun };
  },

  /** Connects and leaves, over and over, `count` times. */
  async churn({ name, port, count }: { name: ContestantName; port: number; count: number }) {
    contestant = CONTESTANTS[name];
    if (name === 'pim') prepareKeys(AT_ONCE * 2);
    let left = count;
    const worker = async (_: unknown, index: number) => {
      // The system chooses the port, and no two at once have the same two ends: a port that was just
      // left is found taken only after a second.
      const target = { port, from: '', host: `127.0.0.${1 + index}` };
      while (left-- > 0) {
        // Members of two pairs that never meet: nobody is anybody's partner.
        const { client } = await contestant.enter(target, index * 2);
        client.end();
      }
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { count, ms: performance.now() - begun };
  },

  /** Each pair keeps WINDOW messages under way. */
  async saturate({ ms }: { ms: number }) {
    let count = 0;
    let isOn = true;
    for (const [sender, receiver] of pairs()) {
      const frame = contestant.message(receiver.name);
      receiver.client.onMessage = () => {
        count++;
        if (isOn) sender.client.write(frame);
      };
      sender.client.write(Buffer.concat(Array.from({ length: WINDOW }, () => frame)));
    }
    const begun = performance.now();
    const cpu = process.cpuUsage();
    await pause(ms);
    isOn = false;
    const { user, system } = process.cpuUsage(cpu);
    const took = performance.now() - begun;
    const result = { count, ms: took, cpu: (user + system) / 1000 / took };
    await pause(300);
    return result;
  },

  /** Messages at a rate of their own, whatever comes back. @returns ms of each that came */
  async pace({ perS, ms }: { perS: number; ms: number }) {
    const latencies: number[] = [];
    const all = pairs();
    const frames = all.map(([, receiver]) => contestant.message(receiver.name));
    for (const [, receiver] of all) {
      receiver.client.onMessage = (payload) => {
        latencies.push(performance.now() - stampOf(payload));
      };
    }
    const begun = performance.now();
    let sent = 0;
    while (performance.now() - begun < ms) {
      const due = ((performance.now() - begun) * perS) / 1000;
      for (; sent < due; sent++) {
        const at = sent % all.length;
        const frame = Buffer.from(frames[at] as Buffer);
        stamp(frame);
        all[at]?.[0].client.write(frame);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await pause(300);
    return { sent, latencies };
  },

  /**
   * `count` clients, as many to a network as the relay takes of one, who come back as the SDK does
   * whenever they lose it.
   */
  async settle({ port, count }: { port: number; count: number }) {
    prepareKeys(count);
    returns.clear();
    const networks = Math.ceil(count / DEFAULT_LIMITS.socketsPerIp);
    let next = 0;
    const worker = async () => {
      while (next < count) await stay(port, next++, networks);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  },

  /** Milliseconds since 1970 at which each who lost the relay was last back, so far. */
  async returned() {
    return [...returns.values()];
  },

  /** How many are still connected. */
  async count() {
    return everybody.length - lost;
  },

  async disconnect() {
    for (const { client } of everybody.splice(0)) client.end();
    await pause(100);
  },

  /** Counts clients that are closed from now on. */
  async watch() {
    lost = 0;
    for (const { client } of everybody) {
      client.onClose = () => {
        lost++;
      };
    }
  },
};

let lost = 0;
/** By client: milliseconds since 1970 of their last return. */
const returns = new Map<number, number>();

const platform = {
  monotonic: () => performance.now(),
  random: (length: number) => new Uint8Array(randomBytes(length)),
};

/** Logs in; when the relay is lost, waits as the SDK's links do and logs in again. */
async function stay(port: number, index: number, networks: number): Promise<void> {
  const network = index % networks;
  const from = `127.1.${Math.floor(network / 250)}.${1 + (network % 250)}`;
  const redial = new Redial(platform);
  let onlineAt = Number.POSITIVE_INFINITY;
  const enter = async () => {
    const { client } = await CONTESTANTS.pim.enter({ port, from }, index);
    if (client.isClosed) throw new Error('closed before it was logged in');
    onlineAt = performance.now();
    client.onClose = () => void comeBack();
  };
  const comeBack = async () => {
    for (;;) {
      await pause(redial.waitMs(onlineAt, false));
      onlineAt = Number.POSITIVE_INFINITY;
      try {
        await enter();
        returns.set(index, Date.now());
        return;
      } catch {
        // Not there, or not yet: the next wait is longer.
      }
    }
  };
  await enter();
}

function pairs(): (readonly [Ready, Ready])[] {
  return Array.from({ length: everybody.length >> 1 }, (_, i) => [
    everybody[2 * i] as Ready,
    everybody[2 * i + 1] as Ready,
  ]);
}

/** 16 digits: they survive in JSON as they do in bytes. */
function stamp(frame: Buffer): void {
  const text = performance.now().toFixed(6).padStart(16, '0');
  frame.write(text, frame.length - STAMP_FROM_END, 'latin1');
}

function stampOf(payload: Buffer): number {
  const from = payload.length - STAMP_FROM_END;
  // JSON of the peer server moves the end of the payload; the digits are found by their dot.
  const text = payload.toString('latin1', Math.max(0, from - 200));
  return Number(/\d{9}\.\d{6}/.exec(text)?.[0]);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

answerParent(calls);
