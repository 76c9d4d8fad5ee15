/**
 * A machine for tests as a Platform: real Web Crypto and real sockets, a clock that can be hurried,
 * a disk that outlives a "page", and WebRTC among the people of one process (fake-rtc.ts).
 */

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { WebSocket } from 'ws';
import type { Bytes } from '../../sdk/base/bytes.js';
import type {
  HeldLock,
  Platform,
  SocketLike,
  TabChannel,
  Timer,
  Wake,
} from '../../sdk/base/platform.js';
import type { FakeNetwork, FakePeerConnection } from './fake-rtc.js';
import { delaysOf, isJittery, type Later, laneOf } from './jitter.js';
import { PacedSocket } from './paced-socket.js';
import { type SignalKinds, watchSeals } from './signal-kinds.js';
import { type Tab, TabStrip } from './tabs.js';
import type { TestClock } from './test-clock.js';

/** What a person's browser profile keeps: databases, and what all pages that use it share. */
export class Disk {
  readonly factory: IDBFactory = new IDBFactory();
  /** Every write fails as if the quota were used up. */
  isFull = false;
  /** Told of every write before it begins and after it is done: the place for a page to die. */
  onWrite: (when: 'before' | 'after') => void = () => undefined;
  readonly tabs = new TabStrip();
}

export interface MachineOptions {
  readonly clock: TestClock;
  readonly network: FakeNetwork;
  /** Whose machine it is; the network breaks things by this name. */
  readonly owner: string;
  readonly disk?: Disk;
  /** Milliseconds this machine believes to be ahead of the others. */
  readonly clockOffsetMs?: number;
  readonly isSecure?: boolean;
  /** Learns what kind of signal each envelope of this machine holds. */
  readonly kinds?: SignalKinds;
  /** A browser that keeps nothing (private window, blocked cookies). */
  readonly hasIndexedDb?: boolean;
}

export class TestMachine implements Platform {
  readonly subtle: SubtleCrypto;
  /** Key agreements computed here: one for each envelope that was opened or sealed. */
  agreements = 0;
  readonly isSecure: boolean;
  readonly origin = 'node';
  readonly indexedDB: IDBFactory | null;
  /** Every socket and connection that was ever opened here. */
  readonly sockets: (SocketLike & { terminate(): void })[] = [];
  readonly connections: FakePeerConnection[] = [];
  readonly dialled: string[] = [];
  readonly #options: MachineOptions;
  readonly #disk: Disk;
  readonly #wakes = new Set<(wake: Wake) => void>();
  readonly #timers = new Set<Timer>();
  readonly #databases: IDBDatabase[] = [];
  readonly #tab: Tab;
  readonly #lane: (what: string) => Later;
  readonly #writeDelay: () => number;
  readonly #sumDelay: () => number;
  #isGone = false;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#disk = options.disk ?? new Disk();
    const who = options.owner.split('/', 1)[0] ?? '';
    const { work } = options.clock;
    this.#lane = (what) => laneOf(work, who, what);
    this.#writeDelay = delaysOf(who, 'disk');
    this.#sumDelay = delaysOf(who, 'sums');
    this.#tab = this.#disk.tabs.open(this.#lane('tabs'));
    const { kinds } = options;
    const subtle = this.#watchedSubtle();
    this.subtle =
      kinds === undefined ? subtle : watchSeals(subtle, (name, kind) => kinds.note(name, kind));
    this.isSecure = options.isSecure ?? true;
    this.indexedDB = options.hasIndexedDb === false ? null : this.#watchedFactory();
  }

  now(): number {
    return Date.now() + (this.#options.clockOffsetMs ?? 0);
  }

  monotonic(): number {
    return this.#options.clock.monotonic();
  }

  setTimer(run: () => void, ms: number): Timer {
    if (this.#isGone) return {};
    const timer = this.#options.clock.setTimer(() => {
      this.#timers.delete(timer);
      this.#tab.whenThawed(run);
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: Timer): void {
    this.#timers.delete(timer);
    this.#options.clock.clearTimer(timer);
  }

  random(length: number): Bytes {
    return crypto.getRandomValues(new Uint8Array(length));
  }

  openSocket(url: string): SocketLike {
    if (this.#isGone) throw new Error('this machine is off');
    this.dialled.push(url);
    const raw = new WebSocket(url, { perMessageDeflate: false });
    // Without a listener `ws` throws where its user has gone already.
    raw.on('error', () => undefined);
    const socket = isJittery
      ? new PacedSocket(raw, (way) => this.#lane(`socket ${way}`))
      : (raw as unknown as SocketLike & { terminate(): void });
    this.sockets.push(socket);
    return socket;
  }

  readonly openPeerConnection = (config: RTCConfiguration): RTCPeerConnection => {
    if (this.#isGone) throw new Error('this machine is off');
    const connection = this.#options.network.open(this.#options.owner, config);
    this.connections.push(connection);
    return connection as unknown as RTCPeerConnection;
  };

  holdLock(name: string, force: boolean, signal?: AbortSignal): Promise<HeldLock | null> {
    return this.#tab.holdLock(name, force, signal);
  }

  openChannel(name: string): TabChannel {
    return this.#tab.openChannel(name);
  }

  async persist(): Promise<boolean> {
    return true;
  }

  onWake(handler: (wake: Wake) => void): () => void {
    this.#wakes.add(handler);
    return () => void this.#wakes.delete(handler);
  }

  /** Timers of this machine that still wait. */
  get timersWaiting(): number {
    return this.#timers.size;
  }

  wake(wake: Wake): void {
    for (const handler of this.#wakes) handler(wake);
  }

  /** No timer runs here and no other tab is heard, until `thaw`: then all of it at once. */
  freeze(): void {
    this.#tab.freeze();
  }

  thaw(): void {
    this.#tab.thaw();
  }

  /** The page is gone without a word: no timer, socket, connection, lock or database is left. */
  vanish(): void {
    this.#isGone = true;
    for (const timer of this.#timers) this.#options.clock.clearTimer(timer);
    for (const socket of this.sockets) socket.terminate();
    for (const connection of this.connections) connection.close();
    for (const database of this.#databases) database.close();
    this.#tab.close();
  }

  #watchedSubtle(): SubtleCrypto {
    return new Proxy(crypto.subtle, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          // Keys are derived by the same call: only X25519 is an agreement.
          const isDeriving = name === 'deriveBits' && (given[0] as Algorithm).name === 'X25519';
          if (isDeriving) this.agreements++;
          return this.#options.clock.work.during(this.#computed(value.apply(target, given)));
        };
      },
    });
  }

  async #computed<Result>(result: Promise<Result>): Promise<Result> {
    try {
      return await result;
    } finally {
      const delay = this.#sumDelay() / 4;
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  /** The disk's factory; databases opened here are known, and can be full. */
  #watchedFactory(): IDBFactory {
    const { factory } = this.#disk;
    const open = (...given: Parameters<IDBFactory['open']>) => {
      if (this.#isGone) throw new DOMException('the page is gone', 'InvalidStateError');
      const request = factory.open(...given);
      request.addEventListener('success', () => this.#opened(request.result));
      return request;
    };
    return new Proxy(factory, {
      get: (target, name) => {
        if (name === 'open') return open;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  #opened(database: IDBDatabase): void {
    this.#databases.push(database);
    const begin = database.transaction.bind(database);
    database.transaction = (...given: Parameters<IDBDatabase['transaction']>) => {
      if (given[1] !== 'readwrite') return this.#underWay(begin(...given));
      this.#disk.onWrite('before');
      const transaction = this.#underWay(begin(...given));
      transaction.addEventListener('complete', () => this.#disk.onWrite('after'));
      if (this.#disk.isFull) {
        const inner = transaction as unknown as { _abort(name: string): void };
        queueMicrotask(() => inner._abort('QuotaExceededError'));
      }
      return transaction;
    };
  }
  /** Time waits for a transaction to end; it may take a while until it begins, those after it wait too. */
  #underWay(transaction: IDBTransaction): IDBTransaction {
    const end = this.#options.clock.work.begin();
    for (const type of ['complete', 'abort']) transaction.addEventListener(type, end);
    const delay = this.#writeDelay();
    if (delay === 0) return transaction;
    const inner = transaction as unknown as { _started: boolean; _start(): void };
    const start = inner._start;
    inner._start = () => {
      inner._started = true;
      inner._start = start;
      setTimeout(() => start.call(transaction), delay);
    };
    return transaction;
  }
}
