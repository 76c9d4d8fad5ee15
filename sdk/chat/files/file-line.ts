/**
 * The way files go to one device of a contact: words on its confirmed channel, in their order, and
 * channels beside it, one for each file that runs.
 */

import type { Bytes } from '../../base/bytes.js';
import type { Channel } from '../../peer/channel.js';
import { notOurs } from '../../peer/faults.js';
import { encodeFileWord, type FileWord } from '../../protocol/file-frames.js';
import { FILE_CHANNELS } from '../../protocol/limits.js';
import type { RightOfWay } from './right-of-way.js';

export class FileLine {
  readonly channel: Channel;
  /** The id of the conversation it belongs to. */
  readonly talk: string;
  /** What a run on it gives way to. */
  readonly way: () => RightOfWay;
  readonly #parity: 0 | 1;
  readonly #used = new Set<number>();
  #next: number;
  /** Whether somebody takes its words already. */
  isHearing = false;

  /** @param isLow whether my key is the lower one: then my channels have even numbers */
  constructor(channel: Channel, talk: string, isLow: boolean, way: () => RightOfWay) {
    this.channel = channel;
    this.talk = talk;
    this.way = way;
    this.#parity = isLow ? 0 : 1;
    this.#next = FILE_CHANNELS[0] + this.#parity;
  }

  say(said: FileWord): void {
    this.channel.send({ kind: 'file', bytes: encodeFileWord(said) });
  }

  /** A channel for a file I fetch; null where the browser opens none. */
  openMine(): { readonly number: number; readonly channel: RTCDataChannel } | null {
    const [first, last] = FILE_CHANNELS;
    for (let tries = first; tries <= last; tries += 2) {
      const number = this.#next;
      this.#next = number + 2 > last ? first + this.#parity : number + 2;
      const channel = this.#used.has(number) ? null : this.#open(number);
      if (channel !== null) return { number, channel };
    }
    return null;
  }

  /** The channel the other end has opened for a file it fetches; null where it cannot be had now. */
  openTheirs(number: number): RTCDataChannel | null {
    if (number % 2 === this.#parity) throw notOurs('a file channel of mine');
    return this.#used.has(number) ? null : this.#open(number);
  }

  /** The next word that waits. */
  next(): Bytes | undefined {
    return this.channel.fileWords.shift();
  }

  refuse(reason: string, cause?: unknown): void {
    this.channel.end(notOurs(reason, cause));
  }

  /** A number is free again once both ends have closed its channel (RFC 8831 §6.7). */
  #open(number: number): RTCDataChannel | null {
    try {
      const options = { negotiated: true, id: number, ordered: true };
      const channel = this.channel.connection?.createDataChannel('pim/1 file', options) ?? null;
      if (channel === null) return null;
      this.#used.add(number);
      channel.addEventListener('close', () => this.#used.delete(number), { once: true });
      // On a slow line a ping waits behind what fills it. Bytes that come say as much as its answer would, and
      // so do own ones that go out: without acknowledgements (RFC 9260 §6.1) none do beyond the window.
      const heard = () => this.channel.heard();
      channel.addEventListener('message', heard);
      channel.addEventListener('bufferedamountlow', heard);
      return channel;
    } catch {
      return null;
    }
  }
}
