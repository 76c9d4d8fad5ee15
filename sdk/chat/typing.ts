/**
 * Who is writing just now: told over open channels only, stored nowhere, forgotten by itself.
 */

import type { Platform, Timer } from '../base/platform.js';
import type { Conversation } from './conversation.js';

/** Milliseconds between two frames while somebody goes on writing. */
const REPEAT_MS = 3_000;
/** Milliseconds after which somebody of whom nothing more was heard writes no longer. */
const FORGET_MS = 6_000;

export class Typing {
  readonly #platform: Platform;
  readonly #tell: (conversation: Conversation, isTyping: boolean) => void;
  readonly #send: (conversation: Conversation, isTyping: boolean) => void;
  readonly #theirs = new Map<Conversation, Timer>();
  /** When I last said so, by monotonic milliseconds. */
  readonly #mine = new Map<Conversation, number>();

  constructor(
    platform: Platform,
    tell: (conversation: Conversation, isTyping: boolean) => void,
    send: (conversation: Conversation, isTyping: boolean) => void,
  ) {
    this.#platform = platform;
    this.#tell = tell;
    this.#send = send;
  }

  /** They say whether they are writing. */
  heard(conversation: Conversation, isTyping: boolean): void {
    const timer = this.#theirs.get(conversation);
    if (timer !== undefined) this.#platform.clearTimer(timer);
    this.#theirs.delete(conversation);
    if (isTyping) {
      const forget = () => this.heard(conversation, false);
      this.#theirs.set(conversation, this.#platform.setTimer(forget, FORGET_MS));
    }
    if (isTyping !== (timer !== undefined)) this.#tell(conversation, isTyping);
  }

  /** I am writing, or no longer; said at most every few seconds. */
  say(conversation: Conversation, isTyping: boolean): void {
    const now = this.#platform.monotonic();
    const last = this.#mine.get(conversation);
    if (isTyping && last !== undefined && now - last < REPEAT_MS) return;
    if (!isTyping && last === undefined) return;
    if (isTyping) this.#mine.set(conversation, now);
    else this.#mine.delete(conversation);
    this.#send(conversation, isTyping);
  }

  stop(): void {
    for (const conversation of [...this.#theirs.keys()]) this.heard(conversation, false);
  }
}
