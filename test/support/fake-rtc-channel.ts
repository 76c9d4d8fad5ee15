/** The data channel of fake-rtc.ts: ordered, reliable, never in the caller's own turn. */

import type { Later } from './jitter.js';

/** What a channel knows of the connection beneath it. */
export interface Link {
  /** Whether packets arrive now. Where they do not, they wait, as SCTP would send them again. */
  isOpen(): boolean;
  other(): FakeDataChannel | null;
}

/** Bytes; W3C webrtc-pc §6.2 lets a browser throw beyond what it holds, Chromium does at 16 MiB. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

export class FakeDataChannel {
  readonly label: string;
  readonly id: number;
  binaryType = 'blob';
  bufferedAmountLowThreshold = 0;
  bufferedAmount = 0;
  readyState: RTCDataChannelState = 'connecting';
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onbufferedamountlow: ((event: unknown) => void) | null = null;
  readonly #closers: (() => void)[] = [];
  readonly #later: Later;
  readonly #link: Link;
  readonly #waiting: (Uint8Array | string)[] = [];
  #isFlushing = false;
  /** What comes before the page has heard that the channel is open; null from then on. */
  #early: (() => void)[] | null = [];

  constructor(label: string, id: number, later: Later, link: Link) {
    this.label = label;
    this.id = id;
    this.#later = later;
    this.#link = link;
  }

  addEventListener(type: string, listener: () => void): void {
    if (type === 'close') this.#closers.push(listener);
  }

  send(data: Uint8Array | string): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    if (this.bufferedAmount + data.length > MAX_BUFFERED_BYTES) {
      throw new DOMException('full', 'OperationError');
    }
    this.bufferedAmount += data.length;
    this.#waiting.push(typeof data === 'string' ? data : data.slice());
    this.flush();
  }

  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    this.readyState = 'closing';
    this.#finishLater();
  }

  open(): void {
    if (this.readyState !== 'connecting') return;
    this.readyState = 'open';
    this.#later(() => {
      const early = this.#early ?? [];
      this.#early = null;
      if (this.readyState === 'open') this.onopen?.({});
      for (const run of early) run();
    });
  }

  /** Passes on what waits, one message a turn. */
  flush(): void {
    if (this.#isFlushing || this.#waiting.length === 0) return;
    this.#isFlushing = true;
    this.#later(() => {
      this.#isFlushing = false;
      if (!this.#link.isOpen()) return;
      this.#passOne(this.#link.other());
      this.flush();
    });
  }

  /** Its connection was closed here: what was sent still arrives, then the other end is told. */
  hangUp(wasUp: boolean): void {
    const other = this.#link.other();
    this.readyState = 'closed';
    if (!wasUp || other === null) return;
    const last = this.#waiting.splice(0);
    this.#later(() => {
      for (const data of last) other.#receive(data);
      other.#inOrder(() => other.#closed());
    });
  }

  #passOne(other: FakeDataChannel | null): void {
    const data = this.#waiting.shift();
    if (data === undefined) return;
    const before = this.bufferedAmount;
    this.bufferedAmount -= data.length;
    const isLow = this.bufferedAmount <= this.bufferedAmountLowThreshold;
    if (isLow && before > this.bufferedAmountLowThreshold) this.onbufferedamountlow?.({});
    if (other !== null) other.#receive(data);
  }

  #receive(data: Uint8Array | string): void {
    this.#inOrder(() => {
      if (this.readyState !== 'open') return;
      this.onmessage?.({ data: typeof data === 'string' ? data : data.slice().buffer });
    });
  }

  #inOrder(run: () => void): void {
    if (this.#early === null || this.readyState !== 'open') run();
    else this.#early.push(run);
  }

  /** Closing waits for what was sent before it. */
  #finishLater(): void {
    this.#later(() => {
      if (this.readyState !== 'closing') return;
      if (this.#waiting.length > 0 && this.#link.isOpen()) return this.#finishLater();
      const other = this.#link.isOpen() ? this.#link.other() : null;
      this.#closed();
      if (other !== null) other.#inOrder(() => other.close());
    });
  }

  #closed(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.onclose?.({});
    for (const closer of this.#closers) closer();
  }
}
