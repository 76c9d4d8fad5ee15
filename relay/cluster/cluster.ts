/**
 * Several relay processes as one: each listens on the bus for the keys that are connected to it, and
 * publishes what it takes for a key, which may be connected anywhere. What travels is the recipient,
 * as a subject, and the sealed envelope as the RECV that its sockets get; nothing of the sender.
 */

import { hash } from 'node:crypto';
import { MAX_SEALED_BYTES } from '../../sdk/protocol/limits.js';
import { RELAY_FRAME } from '../../sdk/protocol/relay-frames.js';
import type { CounterName, Counters } from '../counters.js';
import type { RelayLimits } from '../limits.js';
import { TokenBucket } from '../token-bucket.js';
import type { Bus, Published } from './bus.js';

/** RECV: type(1) ‖ length(2) ‖ sealed. */
const RECV_HEADER_BYTES = 3;

const OUTCOMES = {
  published: 'busPublished',
  away: 'busAway',
  behind: 'busBehind',
} as const satisfies Record<Published, CounterName>;

/** A recipient that is not connected here. */
interface Elsewhere {
  readonly bucket: TokenBucket;
  readonly subject: string;
}

/** Takes what came from another relay to the sockets here. */
export type Arrive = (key: string, frame: Uint8Array) => void;

export class Cluster {
  readonly #prefix: string;
  readonly #limits: RelayLimits;
  readonly #counters: Counters;
  /** Keys that are connected here, and their subjects. */
  readonly #here = new Map<string, string>();
  /** Keys that are not, to whom something was published lately; the oldest gives way. */
  readonly #elsewhere = new Map<string, Elsewhere>();
  #bus: Bus | null = null;
  #arrive: Arrive = () => undefined;

  constructor(prefix: string, limits: RelayLimits, counters: Counters) {
    this.#prefix = prefix;
    this.#limits = limits;
    this.#counters = counters;
  }

  get isUp(): boolean {
    return this.#bus?.isUp ?? false;
  }

  /** Listens for the keys that are here already, and for those to come. */
  open(bus: Bus, arrive: Arrive): void {
    this.#bus = bus;
    this.#arrive = arrive;
    for (const [key, subject] of this.#here) this.#listen(key, subject);
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#bus?.close();
    this.#bus = null;
  }

  /** The first socket of a key came. */
  entered(key: string): void {
    const subject = this.#subject(key);
    this.#here.set(key, subject);
    this.#listen(key, subject);
  }

  /** The last socket of a key went. */
  left(key: string): void {
    this.#bus?.unsubscribe(this.#here.get(key) ?? '');
    this.#here.delete(key);
  }

  /**
   * Hands a RECV frame to the other relays. A key that is here had its rate counted where it was
   * delivered; another one is counted here, so that no node fills the bus for one recipient.
   */
  publish(key: string, frame: Uint8Array, now: number): void {
    const subject = this.#here.get(key) ?? this.#subjectWithinRate(key, now);
    if (subject === null) this.#counters.add('busLimited');
    else this.#counters.add(OUTCOMES[this.#bus?.publish(subject, frame) ?? 'away']);
  }

  #listen(key: string, subject: string): void {
    this.#bus?.subscribe(subject, (message) => this.#take(key, message));
  }

  /** Whoever reaches the bus may have written it: all that is not exactly a RECV is dropped. */
  #take(key: string, message: Uint8Array): void {
    if (!isReceive(message)) {
      this.#counters.add('busMalformed');
      return;
    }
    this.#counters.add('busReceived');
    this.#arrive(key, message);
  }

  #subjectWithinRate(key: string, now: number): string | null {
    const { busRecipients, deliveriesPerS, deliveryBurst } = this.#limits;
    let entry = this.#elsewhere.get(key);
    if (entry === undefined) {
      if (this.#elsewhere.size >= busRecipients) {
        const [oldest] = this.#elsewhere.keys();
        this.#elsewhere.delete(oldest as string);
      }
      const bucket = new TokenBucket(deliveriesPerS, deliveryBurst, now);
      entry = { bucket, subject: this.#subject(key) };
      this.#elsewhere.set(key, entry);
    }
    return entry.bucket.take(1, now) ? entry.subject : null;
  }

  /** One-way, so that whoever watches the bus reads no addresses there. */
  #subject(key: string): string {
    return `${this.#prefix}.${hash('sha256', Buffer.from(key, 'latin1'), 'base64url')}`;
  }
}

function isReceive(message: Uint8Array): boolean {
  const length = message.length - RECV_HEADER_BYTES;
  const isSized = length >= 1 && length <= MAX_SEALED_BYTES;
  if (!isSized || message[0] !== RELAY_FRAME.receive) return false;
  return (message[1] as number) * 256 + (message[2] as number) === length;
}
