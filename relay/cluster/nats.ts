/**
 * The door to NATS, loaded by a relay that is part of a cluster. One connection, kept for good: the
 * library dials again when it is lost and subscribes anew, and where it gives up, this file begins
 * again. What waits for a slow server is bounded by asking it now and then how far it is (PING and
 * PONG): the library itself would keep everything.
 */

import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { backoff } from '../../sdk/base/backoff.js';
import type { Clock } from '../clock.js';
import type { RelayConfig } from '../config.js';
import type { Bus, BusEvents, Published } from './bus.js';
import type { NatsConfig } from './options.js';

/** Milliseconds: a server that restarts is back at once; one that is gone is asked every two seconds. */
const RETRY = { firstMs: 250, maxMs: 2_000 };
const CONNECT_TIMEOUT_MS = 5_000;
/** Milliseconds for a goodbye. */
const CLOSE_WITHIN_MS = 1_000;
/** Milliseconds between questions whether the server is there; two without answer end the connection. */
const PING_EVERY_MS = 10_000;
/** Part of the bound after which the server is asked how far it is. */
const ASK_AFTER = 1 / 8;
/** Bytes of a message beside its payload: PUB, subject, length. */
const HEADER_BYTES = 100;

type Take = (message: Uint8Array) => void;

interface Listener {
  readonly take: Take;
  /** Ends its subscription at the connection there is now. */
  stop: () => void;
}

/** The bus of a relay that has one configured; what becomes of it is in the log. */
export function natsBus({ clock, limits, log, nats }: RelayConfig): Bus {
  if (nats === null) throw new TypeError('no NATS is configured');
  return new NatsBus(nats, limits.busBehindBytes, clock, {
    up: () => log('info', 'bus-up'),
    away: (why) => log('warn', 'bus-away', { why }),
  });
}

class NatsBus implements Bus {
  readonly #config: NatsConfig;
  readonly #maxWaiting: number;
  readonly #clock: Pick<Clock, 'setTimer' | 'clearTimer'>;
  readonly #events: BusEvents;
  readonly #takes = new Map<string, Listener>();
  #connection: NatsConnection | null = null;
  /** Null until it was told. */
  #told: boolean | null = null;
  #isClosing = false;
  #wake: () => void = () => undefined;
  /** Bytes published that the server has not confirmed. */
  #waiting = 0;
  #isAsking = false;

  /** @param maxWaiting bytes the server may be behind before the newest are dropped */
  constructor(
    config: NatsConfig,
    maxWaiting: number,
    clock: Pick<Clock, 'setTimer' | 'clearTimer'>,
    events: BusEvents,
  ) {
    this.#config = config;
    this.#maxWaiting = maxWaiting;
    this.#clock = clock;
    this.#events = events;
    void this.#run();
  }

  get isUp(): boolean {
    return this.#connection !== null && this.#told === true;
  }

  subscribe(subject: string, take: Take): void {
    const entry: Listener = { take, stop: () => undefined };
    this.#takes.set(subject, entry);
    if (this.#connection !== null) this.#listen(this.#connection, subject, entry);
  }

  unsubscribe(subject: string): void {
    this.#takes.get(subject)?.stop();
    this.#takes.delete(subject);
  }

  publish(subject: string, message: Uint8Array): Published {
    if (this.#connection === null || !this.isUp) return 'away';
    const bytes = message.length + HEADER_BYTES;
    if (this.#waiting + bytes > this.#maxWaiting) return 'behind';
    try {
      this.#connection.publish(subject, message);
    } catch {
      return 'away'; // closed a moment ago
    }
    this.#waiting += bytes;
    if (!this.#isAsking && this.#waiting >= this.#maxWaiting * ASK_AFTER) void this.#ask();
    return 'published';
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake();
    if (this.#connection === null) return; // one that is just being made is closed when it is there
    const closed = this.#connection.close().catch(() => undefined);
    // The library waits for a server that may have stopped reading.
    await Promise.race([closed, this.#sleep(CLOSE_WITHIN_MS)]);
    this.#wake();
  }

  /** A PONG comes behind everything that was published before its PING. */
  async #ask(): Promise<void> {
    this.#isAsking = true;
    const asked = this.#waiting;
    // Lost on the way, it is gone with all that waited.
    const isThere = await this.#connection?.flush().then(
      () => true,
      () => false,
    );
    this.#isAsking = false;
    this.#waiting = isThere ? Math.max(0, this.#waiting - asked) : 0;
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#isClosing; attempt++) {
      const ended = await this.#live(() => {
        attempt = 0;
      });
      if (this.#isClosing) return;
      this.#tell(false, ended);
      await this.#sleep(backoff(RETRY, attempt, Math.random()));
    }
  }

  /** One connection, from its beginning to its end. @returns why it ended */
  async #live(onUp: () => void): Promise<string> {
    try {
      const connection = await connect(this.#options());
      this.#connection = connection;
      if (this.#isClosing) await connection.close();
      for (const [subject, entry] of this.#takes) this.#listen(connection, subject, entry);
      onUp();
      this.#tell(true);
      void this.#watch(connection);
      return nameOf(await connection.closed());
    } catch (fault) {
      return nameOf(fault);
    } finally {
      this.#connection = null;
      this.#waiting = 0;
      for (const entry of this.#takes.values()) entry.stop = () => undefined;
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (this.#connection !== connection) return;
      if (status.type === 'disconnect') this.#tell(false, 'disconnected');
      if (status.type === 'reconnect') this.#tell(true);
    }
  }

  #listen(connection: NatsConnection, subject: string, entry: Listener) {
    const subscription = connection.subscribe(subject, {
      // What a handler throws would end the library's reader for good, so none of ours throws.
      callback: (fault, message) => {
        if (fault === null) entry.take(message.data);
      },
    });
    entry.stop = () => subscription.unsubscribe();
  }

  #tell(isUp: boolean, why = ''): void {
    if (this.#told === isUp || this.#isClosing) return;
    this.#told = isUp;
    if (isUp) this.#events.up();
    else this.#events.away(why);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(resolve, ms);
      this.#wake = () => {
        this.#clock.clearTimer(timer);
        resolve();
      };
    });
  }

  #options(): Parameters<typeof connect>[0] {
    const { creds, password, servers, tls, token, user } = this.#config;
    return {
      servers: [...servers],
      noEcho: true,
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler: () => backoff(RETRY, 2, Math.random()),
      pingInterval: PING_EVERY_MS,
      noAsyncTraces: true,
      ...(user === undefined ? {} : { user, pass: password }),
      ...(token === undefined ? {} : { token }),
      ...(creds === undefined
        ? {}
        : { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) }),
      ...(tls === undefined ? {} : { tls }),
    };
  }
}

/** The kind of a fault: its text may hold what an operator would not log. */
function nameOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'closed';
  const { code } = fault as NodeJS.ErrnoException;
  return code === undefined ? fault.name : `${fault.name} ${code}`;
}
