/**
 * The calls of a following tab that have no answer yet. Each is asked again of the next leader, under
 * the same id: what writes a message is named by it, so that it is written once, however often asked.
 */

import type { Access, PublicPim } from '../access.js';
import { toHex } from '../base/bytes.js';
import type { Timer } from '../base/platform.js';
import { pack, signalsOf, unpack } from './cloned.js';
import { unanswered } from './faults.js';
import { methodOf } from './reach.js';
import type { Question, Saying } from './wire.js';

/** Without an answer at the same time; further ones are refused. */
const MAX_CALLS = 1_000;
/** Milliseconds for an answer, from a leader that is there. */
const CALL_LIMIT_MS = 120_000;

/** Where a call that writes takes its options; its `once` is the id of the call. */
const WRITES: Readonly<Record<string, number>> = {
  'conversations.send': 2,
  'conversations.reply': 3,
  'conversations.sendFile': 2,
  'files.send': 2,
};

type Answer = Extract<Saying, { kind: 'answer' | 'fault' }>;

interface Call {
  readonly id: string;
  readonly path: string;
  readonly args: readonly unknown[];
  resolve(value: unknown): void;
  reject(fault: unknown): void;
  readonly timer: Timer;
}

export class Calls {
  readonly #access: Access;
  readonly #ask: (question: Question) => void;
  readonly #from: string;
  readonly #open = new Map<string, Call>();

  constructor(access: Access, ask: (question: Question) => void, from: string) {
    this.#access = access;
    this.#ask = ask;
    this.#from = from;
  }

  ask(path: string, given: readonly unknown[]): Promise<unknown> {
    const { platform } = this.#access.options;
    const id = toHex(platform.random(8));
    const args = named(path, given, id);
    return new Promise((resolve, reject) => {
      if (this.#open.size >= MAX_CALLS) return reject(unanswered('too-many'));
      const giveUp = () => {
        this.#open.delete(id);
        reject(unanswered('time'));
      };
      const timer = platform.setTimer(giveUp, CALL_LIMIT_MS);
      const call: Call = { id, path, args, resolve, reject, timer };
      this.#open.set(id, call);
      this.#send(call);
      for (const signal of signalsOf(args)) {
        const abort = () =>
          this.#open.has(id) && this.#ask({ kind: 'abort', from: this.#from, id });
        signal.addEventListener('abort', abort, { once: true });
      }
    });
  }

  answer({ kind, id, value }: Answer): void {
    const call = this.#take(id);
    if (kind === 'answer') call?.resolve(unpack(value));
    else call?.reject(unpack(value));
  }

  /** Another leader is there: what is still open is asked of it. */
  again(): void {
    for (const call of this.#open.values()) this.#send(call);
  }

  /** This tab leads now, and does itself what it has asked for. */
  perform(pim: PublicPim): void {
    for (const { id, path, args } of [...this.#open.values()]) {
      const call = this.#take(id);
      const work = async () => methodOf(pim, path)?.(...args);
      work().then(call?.resolve, call?.reject);
    }
  }

  /** These were done, although nobody said so. @returns what tells those who wait for them */
  done(path: string): () => void {
    const calls = [...this.#open.values()].filter((call) => call.path === path);
    for (const { id } of calls) this.#take(id);
    return () => {
      for (const call of calls) call.resolve(undefined);
    };
  }

  end(fault: unknown): void {
    for (const { id } of this.#open.values()) this.#take(id)?.reject(fault);
  }

  #take(id: string): Call | null {
    const call = this.#open.get(id);
    if (call === undefined) return null;
    this.#open.delete(id);
    this.#access.options.platform.clearTimer(call.timer);
    return call;
  }

  #send({ id, path, args }: Call): void {
    try {
      const packed = args.map(pack);
      this.#ask({ kind: 'call', from: this.#from, id, path, args: packed });
    } catch (cause) {
      // What no tab can be given: a function, a stream.
      const name = cause instanceof Error ? cause.name : 'unknown';
      this.#take(id)?.reject(unanswered(name, cause));
    }
  }
}

function named(path: string, given: readonly unknown[], once: string): readonly unknown[] {
  const at = WRITES[path];
  if (at === undefined) return given;
  const args = Array.from({ length: Math.max(at + 1, given.length) }, (_, i) => given[i]);
  args[at] = { once, ...(args[at] as object | undefined) };
  return args;
}
