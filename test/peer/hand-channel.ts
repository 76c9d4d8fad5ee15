/** Data channels whose other end is the test, and pairs of them joined by a line it can cut. */

import type { Bytes } from '../../sdk/base/bytes.js';
import { Channel } from '../../sdk/peer/channel.js';
import { type HandPlatform, settle } from '../transport/hand-platform.js';

export class HandDataChannel {
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  readonly sent: Bytes[] = [];
  closes = 0;
  /** A browser that has no room for more throws. */
  throwsOnSend = false;
  /** Called with each message, where the other end is joined. */
  onSent: (bytes: Bytes) => void = () => undefined;

  send(bytes: Bytes): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    if (this.throwsOnSend) throw new DOMException('full', 'OperationError');
    const copy = bytes.slice() as Bytes;
    this.sent.push(copy);
    this.onSent(copy);
  }

  close(): void {
    this.closes++;
    this.readyState = 'closed';
  }

  open(): void {
    this.readyState = 'open';
    this.onopen?.();
  }

  deliver(bytes: Uint8Array): void {
    this.deliverData(bytes.slice().buffer);
  }

  deliverData(data: unknown): void {
    if (this.readyState === 'open') this.onmessage?.({ data });
  }

  /** The other end closed, or the transport did. */
  drop(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.onclose?.();
  }
}

export function channelOn(raw: HandDataChannel, platform: HandPlatform): Channel {
  return new Channel(raw as unknown as RTCDataChannel, platform);
}

/** Two open channels, what one sends arrives at the other in order, a message at a time. */
export class Line {
  readonly raw: readonly [HandDataChannel, HandDataChannel];
  readonly ends: readonly [Channel, Channel];
  readonly #under: readonly [Bytes[], Bytes[]] = [[], []];

  constructor(platforms: readonly [HandPlatform, HandPlatform]) {
    this.raw = [new HandDataChannel(), new HandDataChannel()];
    this.ends = [channelOn(this.raw[0], platforms[0]), channelOn(this.raw[1], platforms[1])];
    for (const i of [0, 1] as const) {
      this.raw[i].open();
      this.raw[i].onSent = (bytes) => this.#under[i].push(bytes);
    }
  }

  /** Messages under way from an end. */
  under(end: 0 | 1): number {
    return this.#under[end].length;
  }

  /** Delivers up to `count` messages that `end` has sent; what follows from them has happened then. */
  async carry(end: 0 | 1, count = Number.POSITIVE_INFINITY): Promise<number> {
    let carried = 0;
    for (; carried < count; carried++) {
      const bytes = this.#under[end].shift();
      if (bytes === undefined) break;
      this.raw[end === 0 ? 1 : 0].deliver(bytes);
    }
    await settle();
    return carried;
  }

  /** Carries everything both ways until nobody has anything to say. */
  async drain(): Promise<void> {
    await settle();
    while ((await this.carry(0)) + (await this.carry(1)) > 0);
  }

  /** Gone at both ends, with everything that was under way. */
  async cut(): Promise<void> {
    this.#under[0].length = 0;
    this.#under[1].length = 0;
    for (const raw of this.raw) raw.drop();
    await settle();
  }
}
