/**
 * Asking people who do not know us: the INVITE, which no relay keeps, is repeated with back-off
 * while this page is open, until they accept. At the next visit it begins anew.
 */

import { backoff } from '../base/backoff.js';
import { type Bytes, fromUtf8, toHex, utf8 } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import { sleep } from '../base/time.js';
import type { Signaling } from '../peer/signaling.js';
import { MAX_INVITE_TEXT_BYTES } from '../protocol/limits.js';

/** Milliseconds. Somebody who comes online is reached within a minute; one INVITE is 0.6 kB a relay. */
const REPEAT = { firstMs: 3_000, maxMs: 60_000 };

export interface InviteWords {
  readonly token: Bytes;
  readonly name: string;
  readonly text: string;
}

export class Outreach {
  readonly #platform: Platform;
  readonly #signaling: Signaling;
  readonly #running = new Map<string, AbortController>();

  constructor(platform: Platform, signaling: Signaling) {
    this.#platform = platform;
    this.#signaling = signaling;
  }

  /**
   * Asks now, and again later, until `stop`. Asking somebody twice starts the back-off anew.
   * @param words read at each repetition; null when there is nothing to ask any longer
   */
  start(to: Bytes, words: () => InviteWords | null): void {
    this.stop(to);
    const running = new AbortController();
    this.#running.set(toHex(to), running);
    void this.#repeat(to, words, running.signal);
  }

  stop(to: Bytes): void {
    const name = toHex(to);
    this.#running.get(name)?.abort();
    this.#running.delete(name);
  }

  stopAll(): void {
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
  }

  async #repeat(to: Bytes, words: () => InviteWords | null, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const invite = words();
      if (invite === null) return;
      const text = cut(invite.text, MAX_INVITE_TEXT_BYTES);
      await this.#signaling.signAndSend({ to }, { kind: 'invite', ...invite, text });
      const random = (this.#platform.random(1)[0] as number) / 256;
      await sleep(this.#platform, backoff(REPEAT, attempt, random), signal);
    }
  }
}

/** The longest beginning of `text` that fits, never half a character. */
export function cut(text: string, maxBytes: number): string {
  const bytes = utf8(text);
  if (bytes.length <= maxBytes) return text.toWellFormed();
  let end = maxBytes - 3;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return `${fromUtf8(bytes.subarray(0, end))}…`;
}
