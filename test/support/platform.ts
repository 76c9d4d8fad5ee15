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
import { type SignalKinds, watchSeals } from './signal-kinds.js';
import { type Tab, TabStrip } from './tabs.js';

/** Real milliseconds of a turn, and how much time passes for the people in it: twenty times more. */
const TURN_MS = 5;
const STEP_MS = 100;

/** Real time, and what was skipped of it. Timers run in order, also while time is hurried. */
export class TestClock {
  #skipped = 0;
  #timers: { at: number; run: () => void }[] = [];
  #alarm: NodeJS.Timeout | undefined;

  readonly monotonic = (): number => performance.now() + this.#skipped;

  readonly setTimer = (run: () => void, ms: number): { at: number; run: () => void } => {
    const timer = { at: this.monotonic() + Math.max(0, ms), run };
    this.#timers.push(timer);
    this.#timers.sort((a, b) => a.at - b.at);
    this.#arm();
    return timer;
  };

  readonly clearTimer = (timer: unknown): void => {
    this.#timers = this.#timers.filter((each) => each !== timer);
    this.#arm();
  };

  /** Timers that still wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass faster than it would; sockets and channels get their turns meanwhile. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.#skipped += Math.min(left, STEP_MS);
      this.#ring();
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
  }

  /** As if the machine had slept: `ms` are gone at once, and all timers are due. */
  jump(ms: number): void {
    this.#skipped += ms;
    this.#ring();
  }

  /** No timer runs any more. */
  stop(): void {
    this.#timers = [];
    this.#arm();
  }

  #ring(): void {
    for (;;) {
      const [next] = this.#timers;
      if (next === undefined || next.at > this.monotonic()) break;
      this.#timers.shift();
      next.run();
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const [next] = this.#timers;
    if (next === undefined) return;
    this.#alarm = setTimeout(() => this.#ring(), Math.max(0, next.at - this.monotonic()));
  }
}

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
  readonly sockets: WebSocket[] = [];
  readonly connections: FakePeerConnection[] = [];
  readonly dialled: string[] = [];
  readonly #options: MachineOptions;
  readonly #disk: Disk;
  readonly #wakes = new Set<(wake: Wake) => void>();
  readonly #timers = new Set<Timer>();
  readonly #databases: IDBDatabase[] = [];
  readonly #tab: Tab;
  #isGone = false;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#disk = options.disk ?? new Disk();
    this.#tab = this.#disk.tabs.open();
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
    const socket = new WebSocket(url, { perMessageDeflate: false });
    // Without a listener `ws` throws where its user has gone already.
    socket.on('error', () => undefined);
    this.sockets.push(socket);
    return socket as unknown as SocketLike;
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
    const deriveBits: SubtleCrypto['deriveBits'] = (algorithm, ...given) => {
      // Keys are derived by the same call: only X25519 is an agreement.
      if ((algorithm as Algorithm).name === 'X25519') this.agreements++;
      return crypto.subtle.deriveBits(algorithm, ...given);
    };
    return new Proxy(crypto.subtle, {
      get: (target, name) => {
        if (name === 'deriveBits') return deriveBits;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
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
      if (given[1] !== 'readwrite') return begin(...given);
      this.#disk.onWrite('before');
      const transaction = begin(...given);
      transaction.addEventListener('complete', () => this.#disk.onWrite('after'));
      if (this.#disk.isFull) {
        const inner = transaction as unknown as { _abort(name: string): void };
        queueMicrotask(() => inner._abort('QuotaExceededError'));
      }
      return transaction;
    };
  }
}
