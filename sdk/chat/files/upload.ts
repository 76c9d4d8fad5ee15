/**
 * One file going out on a channel of its own: the hashes of its pieces, then the pieces its reader
 * lacks, never more than a window beyond what is stored over there.
 */

import type { Bytes } from '../../base/bytes.js';
import { isPimError, type PimError } from '../../base/errors.js';
import type { Platform, Timer } from '../../base/platform.js';
import { channelClosed, notOurs } from '../../peer/faults.js';
import { decodeStored } from '../../protocol/file-frames.js';
import { pieceCount } from '../../protocol/file-pieces.js';
import {
  FILE_HIGH_WATER_BYTES,
  FILE_MESSAGE_BYTES,
  FILE_PIECE_BYTES,
  FILE_STALL_MS,
  FILE_TALK_MESSAGE_BYTES,
  FILE_TALK_PIECES,
  FILE_WINDOW_PIECES,
} from '../../protocol/limits.js';
import { unreadable } from './faults.js';
import { type FileSource, readPieces } from './file-source.js';
import type { RightOfWay } from './right-of-way.js';

/** Pieces read from the file in one go, while those before are sent. */
const READ_PIECES = 4;

export interface UploadHost {
  readonly platform: Platform;
  readonly way: RightOfWay;
  /** The pieces before `count` are stored over there. */
  onStored(count: number): void;
  /** Once: the channel has ended, or this cannot go on. */
  onEnd(fault: PimError): void;
}

export class Upload {
  readonly #channel: RTCDataChannel;
  readonly #source: FileSource;
  readonly #host: UploadHost;
  readonly #count: number;
  /** The pieces before it were sent, or begun. */
  #at: number;
  #stored: number;
  #hasEnded = false;
  #wake: () => void = () => undefined;
  #stall: Timer | null = null;

  /** @param from the first piece its reader lacks */
  constructor(channel: RTCDataChannel, source: FileSource, from: number, host: UploadHost) {
    this.#channel = channel;
    this.#source = source;
    this.#host = host;
    this.#count = pieceCount(source.blob.size);
    this.#at = from;
    this.#stored = from;
    channel.binaryType = 'arraybuffer';
    channel.onbufferedamountlow = () => this.#moved();
    channel.onopen = () => this.#moved();
    channel.onclose = () => this.end(channelClosed());
    channel.onmessage = (event: MessageEvent<unknown>) => this.#take(event.data);
    void this.#run();
  }

  /** Closes the channel, and tells `onEnd` once. */
  end(fault: PimError): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#stall !== null) this.#host.platform.clearTimer(this.#stall);
    this.#wake();
    this.#channel.close();
    this.#host.onEnd(fault);
  }

  async #run(): Promise<void> {
    try {
      await this.#send(this.#source.list, Number.NEGATIVE_INFINITY);
      let next = this.#read(this.#at);
      for (let first = this.#at; first < this.#count && !this.#hasEnded; first += READ_PIECES) {
        const bytes = await next;
        // Read on while this is sent.
        next = this.#read(first + READ_PIECES);
        next.catch(() => undefined);
        await this.#send(bytes, first);
      }
    } catch (fault) {
      this.end(isPimError(fault) ? fault : unreadable(fault));
    }
  }

  #read(first: number): Promise<Bytes> {
    return readPieces(this.#source.blob, first, READ_PIECES);
  }

  /** Pieces from number `first` on; no message goes over the end of one. */
  async #send(bytes: Bytes, first: number): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const piece = first + Math.floor(at / FILE_PIECE_BYTES);
      await this.#host.way.clear();
      await this.#until(() => this.#mayGo(piece));
      if (this.#hasEnded) return;
      this.#at = Math.max(this.#at, piece + 1);
      const most = this.#host.way.isTalking ? FILE_TALK_MESSAGE_BYTES : FILE_MESSAGE_BYTES;
      const end = at + Math.min(most, FILE_PIECE_BYTES - (at % FILE_PIECE_BYTES));
      this.#channel.send(bytes.subarray(at, end) as Bytes);
      at = end;
    }
  }

  #mayGo(piece: number): boolean {
    const { isTalking } = this.#host.way;
    const isWanted = piece < this.#stored + (isTalking ? FILE_TALK_PIECES : FILE_WINDOW_PIECES);
    // A word goes after what waits in here, message by message: on a slow line that is what it waits for.
    const most = isTalking ? 2 * FILE_TALK_MESSAGE_BYTES : FILE_HIGH_WATER_BYTES;
    this.#channel.bufferedAmountLowThreshold = most / 2;
    const { bufferedAmount, readyState } = this.#channel;
    return isWanted && readyState === 'open' && bufferedAmount < most;
  }

  /** Waits for the other end; one that does not stir ends it. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#hasEnded) {
      this.#watch();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #watch(): void {
    const { platform } = this.#host;
    if (this.#stall !== null) platform.clearTimer(this.#stall);
    this.#stall = platform.setTimer(() => this.end(channelClosed()), FILE_STALL_MS);
  }

  #moved(): void {
    if (this.#stall !== null) this.#watch();
    this.#wake();
  }

  #take(data: unknown): void {
    if (this.#hasEnded) return;
    try {
      if (!(data instanceof ArrayBuffer)) throw notOurs('a word on a file channel');
      const stored = decodeStored(new Uint8Array(data));
      if (stored < this.#stored || stored > this.#at) throw notOurs('pieces it cannot have');
      this.#stored = stored;
    } catch (cause) {
      return this.end(notOurs('a malformed frame of a file', cause));
    }
    this.#host.onStored(this.#stored);
    this.#moved();
  }
}
