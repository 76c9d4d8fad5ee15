/**
 * An open data channel as a line of byte frames: awaited one by one while it is being confirmed,
 * handed to a reader after. Notices when the other end falls silent by when it was last heard.
 */

import type { Bytes } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import type { Platform, Timer } from '../base/platform.js';
import type { ChannelFrame } from '../protocol/channel-frames.js';
import { decodeChannelFrame, encodeChannelFrame } from '../protocol/channel-frames.js';
import {
  CHANNEL_DEAD_AFTER_MS,
  CHANNEL_HIGH_WATER_BYTES,
  CHANNEL_PING_AFTER_MS,
  CHANNEL_SILENT_AFTER_MS,
  MAX_CHANNEL_FRAME_BYTES,
  MAX_FILE_WORDS,
} from '../protocol/limits.js';
import { channelClosed, notOurs } from './faults.js';

/** Milliseconds a timer may be late before this page, not the other end, was the one that slept. */
const SLEPT_MS = 1_500;
/** Milliseconds without a frame after which one that is written asks for a sign of life. */
const QUIET_MS = 500;
/** Milliseconds without an answer after which our own network is doubted: the relays are asked. */
const DOUBT_AFTER_MS = 500;
/** Bytes kept while C2 is being verified; the other end may be a moment ahead of us. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

export class Channel {
  readonly #channel: RTCDataChannel;
  readonly #platform: Platform;
  readonly #held: Bytes[] = [];
  #heldBytes = 0;
  #waiting: { resolve(frame: Bytes): void; reject(reason: unknown): void } | null = null;
  #reader: ((frame: ChannelFrame) => void) | null = null;
  #timer: Timer | null = null;
  /** When the timer is to run; monotonic milliseconds, like all times here. */
  #dueAt = 0;
  #pingedAt: number | null = null;
  #silentAt: number | null = null;
  #ended: PimError | null = null;
  #onDrained: (() => void)[] = [];
  /** Monotonic milliseconds of the last sign of life. */
  lastHeard: number;
  /** What it runs on, where files open channels of their own. */
  connection: RTCPeerConnection | null = null;
  /** Words about files, until they are taken; `onFileWord` tells of each. */
  readonly fileWords: Bytes[] = [];
  onFileWord: () => void = () => undefined;
  /** Called once, when the channel is closed by either end or given up. */
  onEnd: (reason: PimError, wasGoodbye: boolean) => void = () => undefined;
  /** The other end does not answer any longer, or is heard again. */
  onSilence: (isSilent: boolean) => void = () => undefined;
  /** An answer is late: it may be our own network that is gone. */
  onDoubt: () => void = () => undefined;

  constructor(channel: RTCDataChannel, platform: Platform) {
    this.#channel = channel;
    this.#platform = platform;
    this.lastHeard = platform.monotonic();
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = CHANNEL_HIGH_WATER_BYTES / 2;
    channel.onmessage = (event: MessageEvent<unknown>) => this.#receive(event.data);
    channel.onclose = () => this.end(channelClosed());
    channel.onbufferedamountlow = () => this.#drained();
  }

  /** Whether the other end did not answer lately. What is sent may still arrive. */
  get isSilent(): boolean {
    return this.#silentAt !== null;
  }

  /** Resolves when the channel is open. @throws channel/closed when `signal` aborts first */
  opened(signal: AbortSignal): Promise<void> {
    if (this.#channel.readyState === 'open') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#channel.onopen = () => resolve();
      signal.addEventListener('abort', () => reject(channelClosed()), { once: true });
      if (signal.aborted || this.#ended !== null) reject(channelClosed());
    });
  }

  /** The next frame as bytes, while nobody reads. @throws channel/closed */
  next(signal: AbortSignal): Promise<Bytes> {
    const frame = this.#held.shift();
    if (frame !== undefined) {
      this.#heldBytes -= frame.length;
      return Promise.resolve(frame);
    }
    if (this.#ended !== null || signal.aborted)
      return Promise.reject(this.#ended ?? channelClosed());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      signal.addEventListener('abort', () => this.#waiting?.reject(channelClosed()), {
        once: true,
      });
    });
  }

  /** From now on frames go to `reader`, those that were held first. Starts the keep-alive. */
  read(reader: (frame: ChannelFrame) => void): void {
    this.#reader = reader;
    this.#watchIn(CHANNEL_PING_AFTER_MS);
    for (const frame of this.#held.splice(0)) this.#parse(frame);
    this.#heldBytes = 0;
  }

  /** Asks for a sign of life now, not after a while without any. */
  probe(): void {
    if (this.#reader === null || this.#ended !== null || this.isSilent) return;
    this.#ping();
    this.#watchIn(DOUBT_AFTER_MS);
  }

  /** A sign of life of the other end: a frame, or a file beside it that moves. */
  heard(): void {
    if (this.#ended !== null) return;
    this.lastHeard = this.#platform.monotonic();
    this.#pingedAt = null;
    if (!this.isSilent) return;
    this.#silentAt = null;
    this.onSilence(false);
  }

  sendBytes(bytes: Bytes): boolean {
    if (this.#ended !== null || this.#channel.readyState !== 'open') return false;
    try {
      this.#channel.send(bytes);
      return true;
    } catch {
      return false;
    }
  }

  /** False where the channel is closed; nothing is thrown for the state of a link. */
  send(frame: ChannelFrame): boolean {
    const quietMs = this.#platform.monotonic() - this.lastHeard;
    // Whoever writes wants to know soon; its ACK may take the other end's disk a while.
    if (frame.kind === 'entry' && this.#pingedAt === null && quietMs >= QUIET_MS) this.probe();
    return this.sendBytes(encodeChannelFrame(frame));
  }

  /** Resolves when the browser holds little enough for more to be sent. */
  ready(): Promise<void> {
    if (this.#ended !== null || this.#channel.bufferedAmount <= CHANNEL_HIGH_WATER_BYTES) {
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  /** Closes, and tells `onEnd` once. */
  end(reason: PimError, wasGoodbye = false): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    if (this.#timer !== null) this.#platform.clearTimer(this.#timer);
    this.#waiting?.reject(reason);
    this.#waiting = null;
    this.#drained();
    try {
      this.#channel.close();
    } catch {
      // Already closed by the browser.
    }
    this.onEnd(reason, wasGoodbye);
  }

  #receive(data: unknown): void {
    if (this.#ended !== null) return;
    this.heard();
    if (!(data instanceof ArrayBuffer) || data.byteLength > MAX_CHANNEL_FRAME_BYTES) {
      return this.end(notOurs('a frame that is none'));
    }
    const bytes: Bytes = new Uint8Array(data);
    if (this.#reader !== null) return this.#parse(bytes);
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) return waiting.resolve(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_HELD_BYTES) return this.end(notOurs('too much before its proof'));
    this.#held.push(bytes);
  }

  #parse(bytes: Bytes): void {
    if (this.#ended !== null) return;
    let frame: ChannelFrame;
    try {
      frame = decodeChannelFrame(bytes);
    } catch (cause) {
      return this.end(notOurs('a malformed frame', cause));
    }
    if (frame.kind === 'ping') this.send({ kind: 'pong', token: frame.token });
    else if (frame.kind === 'bye') this.end(channelClosed(), true);
    else if (frame.kind === 'file') this.#hearOfFile(frame.bytes);
    else if (frame.kind !== 'pong') this.#reader?.(frame);
  }

  #hearOfFile(word: Bytes): void {
    if (this.fileWords.push(word) > MAX_FILE_WORDS) this.end(notOurs('too many words'));
    else this.onFileWord();
  }

  #ping(): void {
    this.#pingedAt = this.#platform.monotonic();
    this.send({ kind: 'ping', token: this.#platform.random(8) });
  }

  #watch(): void {
    const now = this.#platform.monotonic();
    // What came while we slept still waits behind this timer: the other end gets another chance.
    if (now - this.#dueAt > SLEPT_MS) {
      this.#pingedAt = null;
      if (this.isSilent) this.#silentAt = now;
    }
    const isUnanswered = this.#pingedAt !== null && now - this.#pingedAt >= CHANNEL_SILENT_AFTER_MS;
    if (isUnanswered && !this.isSilent) {
      this.#silentAt = now;
      this.onSilence(true);
    }
    if (now - (this.#silentAt ?? now) >= CHANNEL_DEAD_AFTER_MS) return this.end(channelClosed());
    const quietMs = now - this.lastHeard;
    const isDue = this.#pingedAt === null && quietMs >= CHANNEL_PING_AFTER_MS;
    if (isDue) this.#ping();
    else if (this.#pingedAt !== null && !this.isSilent) this.onDoubt();
    const restMs = CHANNEL_PING_AFTER_MS - quietMs;
    this.#watchIn(this.#pingedAt === null ? restMs : DOUBT_AFTER_MS);
  }

  #watchIn(ms: number): void {
    if (this.#ended !== null) return;
    if (this.#timer !== null) this.#platform.clearTimer(this.#timer);
    this.#dueAt = this.#platform.monotonic() + ms;
    this.#timer = this.#platform.setTimer(() => this.#watch(), ms);
  }

  #drained(): void {
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }
}
