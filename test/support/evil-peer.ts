/**
 * Somebody who speaks the protocol by hand: honest step by step, and at every step free to do
 * something else. Uses the codecs and nothing of the SDK's own sessions.
 */

import { createPrivateKey, sign as signRaw } from 'node:crypto';
import { type Bytes, compare, concat, equal, fromHex } from '../../sdk/base/bytes.js';
import { open, seal } from '../../sdk/crypto/seal.js';
import type { Keys } from '../../sdk/crypto/suite.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';
import { type Address, decodeAddress, encodeAddress } from '../../sdk/protocol/address.js';
import {
  decodeSignal,
  encodeSignal,
  NO_DEVICE,
  NO_SESSION,
  type ReceivedSignal,
  type Signal,
  type SignalBody,
  type SignalKind,
} from '../../sdk/protocol/signal.js';
import { RelayClient, random } from './relay-client.js';

export const suite = new WebCryptoSuite(crypto.subtle);

export type BodyOf<Kind extends SignalKind> = Extract<SignalBody, { kind: Kind }>;
export type SignalOf<Kind extends SignalKind> = ReceivedSignal & {
  readonly signal: { readonly body: BodyOf<Kind> };
};

/** What a test may change of a signal that would otherwise be right. */
export type Change = Partial<Omit<Signal, 'body'>> & {
  /** Signs in the place of the true sender. */
  readonly signer?: Keys;
};

/** Milliseconds for a signal or frame that must come. */
const LIMIT_MS = 8_000;

/** Things that arrive, taken one by one by what they are. */
export class Inbox<Item> {
  readonly items: Item[] = [];
  readonly #watchers = new Set<() => void>();

  push(item: Item): void {
    this.items.push(item);
    for (const watcher of this.#watchers) watcher();
  }

  /** Takes the first item that matches, now or within the limit. */
  async take<Found extends Item>(
    match: (item: Item) => item is Found,
    what: string,
  ): Promise<Found>;
  async take(match: (item: Item) => boolean, what: string): Promise<Item>;
  async take(match: (item: Item) => boolean, what: string): Promise<Item> {
    const end = performance.now() + LIMIT_MS;
    for (;;) {
      const at = this.items.findIndex(match);
      if (at >= 0) return this.items.splice(at, 1)[0] as Item;
      await this.#news(end - performance.now(), what);
    }
  }

  #news(withinMs: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        then();
      };
      const late = () => reject(new Error(`no ${what} came within ${LIMIT_MS} ms`));
      const timer = setTimeout(() => settle(late), Math.max(0, withinMs));
      // Somebody who waits for nothing in particular must not keep the process.
      timer.unref();
      const watcher = () => settle(resolve);
      this.#watchers.add(watcher);
    });
  }
}

export class EvilPeer {
  readonly keys: Keys;
  readonly device = random(8);
  readonly address: Address;
  readonly inbox = new Inbox<ReceivedSignal>();
  readonly #sign: (bytes: Uint8Array) => Bytes;
  #client: RelayClient | null = null;
  /** Signals are dated in order, as an honest device does it. */
  #time = Date.now();

  private constructor(keys: Keys, sign: (bytes: Uint8Array) => Bytes) {
    this.keys = keys;
    this.#sign = sign;
    this.address = encodeAddress(keys.publicKey);
  }

  /** @param role beside `other`: which of the two keys is the lower one */
  static async make(role: 'low' | 'high' | 'any' = 'any', other?: string): Promise<EvilPeer> {
    const theirs = other === undefined ? null : decodeAddress(other);
    for (;;) {
      const seed = random(32);
      const der = Buffer.concat([fromHex('302e020100300506032b657004220420'), seed]);
      const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const keys = await suite.keysFromSeed(seed);
      const isLow = theirs !== null && compare(keys.publicKey, theirs) < 0;
      if (theirs !== null && role !== 'any' && isLow !== (role === 'low')) continue;
      return new EvilPeer(keys, (bytes) => new Uint8Array(signRaw(null, bytes, secret)));
    }
  }

  get key(): Bytes {
    return this.keys.publicKey;
  }

  get client(): RelayClient {
    if (this.#client === null) throw new Error('not joined');
    return this.#client;
  }

  /** Logs in at a relay and collects the signals that come there. */
  async join(url: string): Promise<this> {
    const key = { publicKey: this.key, sign: this.#sign };
    const client = await RelayClient.login(url, { key, device: this.device });
    this.#client = client;
    void this.#collect(client);
    return this;
  }

  async leave(): Promise<void> {
    await this.#client?.close();
    this.#client = null;
  }

  /** A whole signal. */
  async sign(to: Bytes | string, body: SignalBody, change: Change = {}): Promise<Bytes> {
    const { signer = this.keys, ...fields } = change;
    const signed = encodeSignal({
      from: this.key,
      to: keyOf(to),
      fromDevice: this.device,
      toDevice: NO_DEVICE,
      session: NO_SESSION,
      seq: 0,
      time: ++this.#time,
      ...fields,
      body,
    });
    return concat(signed, await signer.sign('signal', signed));
  }

  async post(to: Bytes | string, whole: Bytes): Promise<void> {
    const key = keyOf(to);
    this.client.sendTo(key, await seal(suite, key, whole));
  }

  async say(to: Bytes | string, body: SignalBody, change: Change = {}): Promise<Bytes> {
    const whole = await this.sign(to, body, change);
    await this.post(to, whole);
    return whole;
  }

  /** The next signal of a kind. */
  next<Kind extends SignalKind>(kind: Kind, from?: Bytes): Promise<SignalOf<Kind>> {
    const isIt = (each: ReceivedSignal): each is SignalOf<Kind> =>
      each.signal.body.kind === kind && (from === undefined || equal(each.signal.from, from));
    return this.inbox.take(isIt, kind);
  }

  /** Everything that was sent before has been forwarded once this resolves. */
  async settle(): Promise<void> {
    const token = random(8);
    this.client.send({ kind: 'ping', token });
    await this.#pongs.take((each) => equal(each, token), 'pong');
  }

  readonly #pongs = new Inbox<Bytes>();

  async #collect(client: RelayClient): Promise<void> {
    for (let frame = await client.any(); frame !== null; frame = await client.any()) {
      if (frame.kind === 'pong') this.#pongs.push(frame.token);
      if (frame.kind !== 'receive') continue;
      try {
        this.inbox.push(decodeSignal(await open(suite, this.keys, frame.sealed)));
      } catch {
        // Not for us, or not whole: nothing an evil peer would mind.
      }
    }
  }
}

export function keyOf(who: Bytes | string): Bytes {
  return typeof who === 'string' ? decodeAddress(who) : who;
}
