/**
 * One file coming in on a channel of its own. Every piece is checked against the hashes, and those
 * against the root the message named, before anything is stored; only what is stored is asked on from.
 */

import { type Bytes, concat, equal } from '../../base/bytes.js';
import { isPimError, type PimError } from '../../base/errors.js';
import type { Platform, Timer } from '../../base/platform.js';
import { Queue } from '../../base/queue.js';
import type { Suite } from '../../crypto/suite.js';
import { channelClosed, notOurs } from '../../peer/faults.js';
import type { FileFacts } from '../../protocol/entry.js';
import { encodeStored } from '../../protocol/file-frames.js';
import {
  hashAt,
  listLength,
  pieceCount,
  pieceStart,
  rootInput,
} from '../../protocol/file-pieces.js';
import {
  FILE_MESSAGE_BYTES,
  FILE_QUIET_MS,
  FILE_SEGMENT_PIECES,
  FILE_STALL_MS,
  FILE_WINDOW_PIECES,
} from '../../protocol/limits.js';
import { altered } from './faults.js';
import type { RightOfWay } from './right-of-way.js';

export interface DownloadHost {
  readonly platform: Platform;
  readonly suite: Suite;
  readonly way: RightOfWay;
  /** Keeps the pieces from number `first` on; they count as stored when it resolves. */
  store(first: number, count: number, bytes: Blob): Promise<void>;
  /** Something arrived and was checked. */
  onBytes(): void;
  /** Once, when nothing more is written: null where the file is whole. */
  onEnd(fault: PimError | null): void;
}

export class Download {
  readonly #channel: RTCDataChannel;
  readonly #facts: FileFacts;
  readonly #host: DownloadHost;
  readonly #count: number;
  readonly #checks = new Queue();
  #list: Bytes;
  /** Messages of the list, then of one piece, that are not whole yet. */
  #parts: Bytes[] = [];
  #partsLength = 0;
  #hasList = false;
  /** The piece that is arriving. */
  #at: number;
  #checked: Bytes[] = [];
  #stored: number;
  #isOver = false;
  #stall: Timer | null = null;
  #soon: Timer | null = null;

  /** @param from the pieces before it are stored */
  constructor(channel: RTCDataChannel, facts: FileFacts, from: number, host: DownloadHost) {
    this.#channel = channel;
    this.#facts = facts;
    this.#host = host;
    this.#count = pieceCount(facts.size);
    this.#list = new Uint8Array(0);
    this.#at = from;
    this.#stored = from;
    channel.binaryType = 'arraybuffer';
    channel.onclose = () => this.end(channelClosed());
    channel.onmessage = (event: MessageEvent<unknown>) => this.#take(event.data);
    this.#watch();
  }

  /** Bytes that are here and checked. */
  get bytes(): number {
    return pieceStart(this.#facts.size, this.#stored + this.#checked.length);
  }

  /** Closes the channel and keeps what was checked, then tells `onEnd`, once. */
  end(fault: PimError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of [this.#stall, this.#soon]) {
      if (timer !== null) this.#host.platform.clearTimer(timer);
    }
    this.#channel.close();
    void this.#checks
      .run(() => this.#flush())
      .then(
        () => this.#host.onEnd(fault),
        (cause: unknown) =>
          this.#host.onEnd(isPimError(cause) ? cause : (fault ?? channelClosed())),
      );
  }

  #take(data: unknown): void {
    if (this.#isOver) return;
    if (!(data instanceof ArrayBuffer) || data.byteLength > FILE_MESSAGE_BYTES) {
      return this.end(notOurs('a message that is none of a file'));
    }
    this.#watch();
    this.#parts.push(new Uint8Array(data));
    this.#partsLength += data.byteLength;
    const wanted = this.#hasList ? this.#pieceLength(this.#at) : listLength(this.#facts.size);
    const isAhead = this.#hasList && this.#at >= this.#stored + FILE_WINDOW_PIECES;
    if (this.#partsLength > wanted || isAhead || data.byteLength === 0) {
      return this.end(notOurs('more of a file than was asked for'));
    }
    if (this.#partsLength < wanted) return;
    const whole = concat(...this.#parts.splice(0));
    this.#partsLength = 0;
    if (this.#hasList) this.#inTurn(() => this.#checkPiece(whole));
    else this.#inTurn(() => this.#checkList(whole));
    if (this.#hasList) this.#at++;
    this.#hasList = true;
  }

  #pieceLength(index: number): number {
    const { size } = this.#facts;
    return pieceStart(size, index + 1) - pieceStart(size, index);
  }

  #inTurn(check: () => Promise<void>): void {
    const work = async () => {
      if (!this.#isOver) await check();
    };
    this.#checks.run(work).catch((fault: unknown) => {
      // What was not stored is not here.
      this.#checked = [];
      this.end(isPimError(fault) ? fault : channelClosed(fault));
    });
  }

  async #checkList(list: Bytes): Promise<void> {
    const { root, size } = this.#facts;
    const hash = await this.#host.suite.sha256(rootInput(size, list));
    if (!equal(hash, root)) throw altered();
    this.#list = list;
  }

  async #checkPiece(piece: Bytes): Promise<void> {
    const index = this.#stored + this.#checked.length;
    const hash = await this.#host.suite.sha256(piece);
    if (!equal(hash, hashAt(this.#list, index))) throw altered();
    this.#checked.push(piece);
    this.#host.onBytes();
    const isLast = index + 1 === this.#count;
    const isFull = this.#host.way.isTalking || this.#checked.length >= FILE_SEGMENT_PIECES;
    if (!isLast && !isFull) return this.#keepSoon();
    await this.#keep();
    if (isLast) this.end(null);
  }

  /** Stores what was checked, once words let it, and says so. */
  async #keep(): Promise<void> {
    if (this.#checked.length === 0) return;
    await this.#host.way.clear();
    if (this.#isOver) return;
    await this.#flush();
    if (this.#channel.readyState === 'open') this.#channel.send(encodeStored(this.#stored));
  }

  /** Its author may wait for that before it sends more. */
  #keepSoon(): void {
    const { platform } = this.#host;
    if (this.#soon !== null) platform.clearTimer(this.#soon);
    this.#soon = platform.setTimer(() => this.#inTurn(() => this.#keep()), FILE_QUIET_MS);
  }

  async #flush(): Promise<void> {
    const { length } = this.#checked;
    if (length === 0) return;
    await this.#host.store(this.#stored, length, new Blob(this.#checked));
    this.#stored += length;
    this.#checked = [];
  }

  #watch(): void {
    const { platform } = this.#host;
    if (this.#stall !== null) platform.clearTimer(this.#stall);
    this.#stall = platform.setTimer(() => this.end(channelClosed()), FILE_STALL_MS);
  }
}
