/**
 * A machine that does nothing by itself: its clock stands until a test moves it, its sockets are
 * opened, fed and dropped by hand. With NodeSuite, whose cryptography waits for no thread, a turn of
 * the event loop ends everything that is under way, so tests need no waiting and no guessing.
 */

import { randomBytes } from 'node:crypto';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { HeldLock, Platform, SocketLike, Timer, Wake } from '../../sdk/base/platform.js';
import { type Identity, makeIdentity } from '../../sdk/crypto/identity.js';
import {
  decodeRelayFrame,
  encodeRelayFrame,
  type RelayFrame,
} from '../../sdk/protocol/relay-frames.js';
import { NodeSuite } from '../crypto/node-suite.js';

type Outgoing = Parameters<typeof encodeRelayFrame>[0];

export class HandPlatform implements Platform {
  readonly subtle = null;
  readonly indexedDB: IDBFactory | null = null;
  readonly isSecure: boolean = true;
  readonly origin = 'node';
  openPeerConnection: ((config: RTCConfiguration) => RTCPeerConnection) | null = null;
  readonly sockets: HandSocket[] = [];
  /** Called with each socket that is dialled. */
  onSocket: (socket: HandSocket) => void = () => undefined;
  /** What a single random byte is: the jitter of back-offs, 0 for the shortest wait. */
  jitter = 0;
  /** Milliseconds since 1970 minus monotonic ones. */
  wallOffset = 1_750_000_000_000;
  /** A socket cannot even be made: a blocked scheme or port. */
  refusesSockets = false;
  readonly #wakes = new Set<(wake: Wake) => void>();
  #time = 5_000;
  #timers: { readonly at: number; run(): void }[] = [];

  now = (): number => this.#time + this.wallOffset;
  monotonic = (): number => this.#time;

  setTimer = (run: () => void, ms: number): Timer => {
    const timer = { at: this.#time + Math.max(0, ms), run };
    this.#timers.push(timer);
    return timer;
  };

  clearTimer = (timer: Timer): void => {
    this.#timers = this.#timers.filter((each) => each !== timer);
  };

  random = (length: number): Bytes =>
    length === 1 ? Uint8Array.of(this.jitter) : Uint8Array.from(randomBytes(length));

  openSocket = (url: string): SocketLike => {
    if (this.refusesSockets) throw new DOMException('blocked', 'SecurityError');
    const socket = new HandSocket(url);
    this.sockets.push(socket);
    this.onSocket(socket);
    return socket;
  };

  holdLock = async (): Promise<HeldLock | null> => ({
    release: () => undefined,
    lost: new Promise(() => undefined),
  });
  persist = async (): Promise<boolean> => true;
  onWake = (handler: (wake: Wake) => void): (() => void) => {
    this.#wakes.add(handler);
    return () => void this.#wakes.delete(handler);
  };

  wake(wake: Wake): void {
    for (const handler of this.#wakes) handler(wake);
  }

  get waking(): number {
    return this.#wakes.size;
  }

  /** Timers that still wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Milliseconds until the next timer rings; null where none waits. */
  get nextIn(): number | null {
    const next = Math.min(...this.#timers.map(({ at }) => at));
    return Number.isFinite(next) ? next - this.#time : null;
  }

  /** Lets `ms` pass, timer by timer, each with all that follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settle();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.clearTimer(next);
      this.#time = Math.max(this.#time, next.at);
      next.run();
      await settle();
    }
    this.#time = end;
    await settle();
  }

  /** The newest socket. */
  get socket(): HandSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }
}

/** Lets everything end that waits for nothing but its turn. */
export async function settle(turns = 2): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A WebSocket whose other end is the test. */
export class HandSocket implements SocketLike {
  readonly url: string;
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: RelayFrame[] = [];
  /** Called with each frame the client sends. */
  onSent: (frame: RelayFrame) => void = () => undefined;
  /** How often `close` was called, and with what. */
  readonly closed: (number | undefined)[] = [];

  constructor(url: string) {
    this.url = url;
  }

  send(data: Bytes): void {
    if (this.readyState !== 1) throw new DOMException('not open', 'InvalidStateError');
    const frame = decodeRelayFrame(data.slice());
    this.sent.push(frame);
    this.onSent(frame);
  }

  close(code?: number): void {
    this.closed.push(code);
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.({} as never);
  }

  /** The relay says something. */
  deliver(frame: Outgoing): void {
    this.deliverData(encodeRelayFrame(frame).buffer);
  }

  deliverData(data: unknown): void {
    if (this.readyState === 1) this.onmessage?.({ data });
  }

  /** The connection is gone. */
  drop(code = 1006): void {
    this.readyState = 3;
    this.onerror?.({} as never);
    this.onclose?.({ code, reason: '' });
  }

  of<Kind extends RelayFrame['kind']>(kind: Kind): Extract<RelayFrame, { kind: Kind }>[] {
    return this.sent.filter(
      (frame): frame is Extract<RelayFrame, { kind: Kind }> => frame.kind === kind,
    );
  }

  /** Everything a relay says to let somebody in. */
  async welcome(): Promise<void> {
    this.open();
    await settle();
    this.deliver(challenge());
    await settle();
    this.deliver({ kind: 'ok', framesPerSecond: 20, burst: 400 });
    await settle();
  }
}

export function challenge(): Extract<RelayFrame, { kind: 'challenge' }> {
  const nonce = Uint8Array.from(randomBytes(32));
  return { kind: 'challenge', nonce, serverTime: 1_700_000_000_000, maxFrame: 8704 };
}

export const suite = new NodeSuite();

/** Somebody, by a seed of one repeated byte; made anew where none is given. */
export async function somebody(platform: Platform, seed?: number): Promise<Identity> {
  const bytes = seed === undefined ? platform.random(32) : new Uint8Array(32).fill(seed);
  return makeIdentity(suite, platform, bytes);
}
