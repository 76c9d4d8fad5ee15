/** Runs in a page: one Pim, driven from the test, which fetches its events as JSON. */

import { browserPlatform, isPimError, Pim, type PimOptions } from '../../sdk/index.js';
import { type Fault, plain } from '../support/people-plain.js';

export interface PageOptions extends Omit<PimOptions, 'platform' | 'logger'> {
  readonly clockOffsetMs?: number;
  readonly hasIndexedDb?: boolean;
  /** How much faster time passes for the SDK; WebRTC keeps its own. */
  readonly speed?: number;
}

export type Answer = { readonly value: unknown } | { readonly fault: Fault };

/** Events in their order; `first` counts those of this page before. */
export interface Batch {
  readonly first: number;
  readonly events: readonly { readonly type: string; readonly event: unknown }[];
}

/** What the test calls, over `page.evaluate`. */
export interface PimPage {
  open(options: PageOptions): void;
  /** The answer, and what had happened until then. */
  ask(name: string, given: readonly unknown[]): Promise<{ answer: Answer; batch: Batch }>;
  /** What has happened since the last batch, as soon as anything has. */
  next(): Promise<Batch>;
  address(): string;
  /** Restores an identity from its 24 words. */
  become(words: string): Promise<void>;
  /** Offers a file of `size` bytes that follow from `seed`; its message's id. */
  sendFile(to: string, size: number, seed: number): Promise<string>;
  /** Chooses the same one again. */
  provideFile(to: string, id: string, size: number, seed: number): Promise<void>;
  /** SHA-256 of a file as it is here, in hexadecimal. */
  hashOfFile(to: string, id: string): Promise<string>;
  leads(): boolean;
  /** Every RTCPeerConnection of this page so far. */
  readonly connections: RTCPeerConnection[];
  /** Candidates any of them has gathered. */
  candidates: number;
  /** Lines the SDK logged as errors. */
  readonly errors: string[];
}

declare global {
  var pimPage: PimPage;
}

let taken = 0;
const waiting: { type: string; event: unknown }[] = [];
let wake: () => void = () => undefined;

function take(): Batch {
  const events = waiting.splice(0);
  taken += events.length;
  return { first: taken - events.length, events };
}

const connections: RTCPeerConnection[] = [];
const Original = globalThis.RTCPeerConnection;
globalThis.RTCPeerConnection = class extends Original {
  constructor(config?: RTCConfiguration) {
    super(config);
    connections.push(this);
    this.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null) globalThis.pimPage.candidates++;
    });
  }
};

let pim: Pim | null = null;

function opened(): Pim {
  if (pim === null) throw new Error('no Pim in this page');
  return pim;
}

/** As a browser does it that lets a page store nothing: the mere look throws. */
function denyStorage(): void {
  Object.defineProperty(globalThis, 'indexedDB', {
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
}

async function answerTo(name: string, given: readonly unknown[]): Promise<Answer> {
  const [area = '', method] = name.split('.');
  const holder = method === undefined ? opened() : Reflect.get(opened(), area);
  const call = Reflect.get(holder, method ?? area) as (...args: unknown[]) => unknown;
  try {
    return { value: plain(await call.apply(holder, [...given])) };
  } catch (fault) {
    if (isPimError(fault)) return { fault: plain(fault) as Fault };
    throw fault;
  }
}

/** Bytes that differ from block to block, without holding them all as one array. */
function contentOf(size: number, seed: number): Blob {
  const blocks: Uint32Array<ArrayBuffer>[] = [];
  let state = seed;
  for (let at = 0; at < size; at += 1_048_576) {
    const block = new Uint32Array(262_144);
    for (let i = 0; i < block.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      block[i] = state;
    }
    blocks.push(block);
  }
  return new Blob(blocks).slice(0, size);
}

globalThis.pimPage = {
  connections,
  candidates: 0,
  errors: [],
  open({ clockOffsetMs = 0, hasIndexedDb = true, speed = 1, ...options }) {
    if (!hasIndexedDb) denyStorage();
    const platform = browserPlatform();
    platform.now = () => Date.now() + clockOffsetMs;
    platform.monotonic = () => performance.now() * speed;
    platform.setTimer = (run, ms) => setTimeout(run, ms / speed);
    pim = new Pim({
      ...options,
      platform,
      logger: (level, text) => {
        if (level === 'error') globalThis.pimPage.errors.push(text);
      },
    });
    pim.on('*', ({ type, event }) => {
      waiting.push({ type, event: plain(event) });
      wake();
    });
  },
  async ask(name, given) {
    const answer = await answerTo(name, given);
    return { answer, batch: take() };
  },
  async next() {
    while (waiting.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return take();
  },
  address: () => opened().address,
  async become(words) {
    const { identity } = opened();
    await identity.restore(await identity.readBackup(words));
  },
  async sendFile(to, size, seed) {
    const { id } = await opened().files.send(to, contentOf(size, seed), { name: 'content.bin' });
    return id;
  },
  async provideFile(to, id, size, seed) {
    await opened().files.provide(to, id, contentOf(size, seed));
  },
  async hashOfFile(to, id) {
    const file = await opened().files.read(to, id);
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  },
  leads: () => opened().leads,
};
