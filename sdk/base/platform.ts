/**
 * What pim needs of the machine it runs on. The SDK reaches clock, timers, random numbers, sockets,
 * WebRTC and storage through this one argument and never as globals, so that a test can be an evil
 * relay, a broken disk or a clock ten years off without patching anything.
 * Implementations: sdk/browser.ts, sdk/node/platform.ts, and the tests' own.
 */

import type { Bytes } from './bytes.js';

/** A WebSocket as far as pim uses one: binary frames both ways. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Bytes): void;
  close(code?: number, reason?: string): void;
}

export type Timer = { readonly brand: 'timer' } | number | object;

/**
 * What may wake connections up: `online`: the network changed, or this page slept; `visible`: somebody
 * looks. See the W3C names in the browser's implementation.
 */
export type Wake = 'online' | 'visible' | 'leaving';

/** A name held by one page at a time. */
export interface HeldLock {
  release(): void;
  /** Settles when another page has taken the name away by force. */
  readonly lost: Promise<void>;
}

/** What a host tells of itself. Null: it does not say. */
export interface HostFacts {
  /** The program and its version, as it calls itself. */
  readonly name: string;
  readonly isOnline: boolean | null;
  /** Whether it has promised not to erase what is stored (WHATWG Storage §4). */
  readonly isPersisted: boolean | null;
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  /** Days of use without a visit after which it erases what a page keeps; null: never by itself. */
  readonly erasesAfterDays: number | null;
  /** Whether a server answers a request at all; never rejects. */
  reach(url: string, signal: AbortSignal): Promise<boolean>;
}

/** A W3C BroadcastChannel, as far as pim uses one. */
export interface TabChannel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface Platform {
  /** Milliseconds since 1970, as this machine believes. May jump. */
  now(): number;
  /** Milliseconds that only ever grow, from an arbitrary start. */
  monotonic(): number;
  setTimer(run: () => void, ms: number): Timer;
  clearTimer(timer: Timer): void;
  /** Cryptographically strong random bytes. @throws platform/unsupported where there are none */
  random(length: number): Bytes;
  /** Web Crypto, or null where the page has none (insecure pages). */
  readonly subtle: SubtleCrypto | null;
  /** Opens a socket; failures arrive as its close event. */
  openSocket(url: string): SocketLike;
  /** Makes a WebRTC connection, or null where the platform has no WebRTC. */
  readonly openPeerConnection: ((config: RTCConfiguration) => RTCPeerConnection) | null;
  readonly indexedDB: IDBFactory | null;
  /** False on pages a network attacker could rewrite (W3C Secure Contexts). */
  readonly isSecure: boolean;
  /** Where this code runs, for the person to read in errors: an origin, or `node`. */
  readonly origin: string;
  /**
   * Takes `name` for this page alone. Null while another page holds it and `force` is not set; with
   * `signal` it waits for its turn, and null is given when that aborts.
   * A platform without such locks grants it always.
   */
  holdLock(name: string, force: boolean, signal?: AbortSignal): Promise<HeldLock | null>;
  /** What pages of this origin hear each other on, by a name; null or missing where they cannot. */
  openChannel?(name: string): TabChannel | null;
  /** Asks the browser not to evict what is stored; true where it agreed. */
  persist(): Promise<boolean>;
  /** What the host knows of itself, for `diagnose`; a host may know nothing. */
  facts?(): Promise<HostFacts>;
  /** Calls back on wake-ups; returns the undo. */
  onWake(handler: (wake: Wake) => void): () => void;
}

/** Diagnostic lines, without keys, texts, addresses or descriptions in them. */
export type Logger = (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void;
