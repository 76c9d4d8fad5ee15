/**
 * The tab in which the chat runs: does what the others ask, and tells them everything it tells its own
 * program, in the same order. Fetched when another tab speaks for the first time.
 */

import type { Access } from '../access.js';
import { toHex } from '../base/bytes.js';
import { isPimError } from '../base/errors.js';
import type { TabChannel } from '../base/platform.js';
import { forget, openOf } from '../chat/locked.js';
import type { IdentityArea } from '../identity-area.js';
import { isAborted, pack, unpack } from './cloned.js';
import { endWrites } from './early-commit.js';
import { erased, unanswered } from './faults.js';
import { missed } from './missed.js';
import { methodOf } from './reach.js';
import { heardShut } from './shut.js';
import { type Mark, markOf, type Snapshot, snapshotOf, type Told } from './snapshot.js';
import { parse, type Question, type Saying, written } from './wire.js';

/** Calls of all other tabs that may be under way; what is asked beyond is refused. */
export const MAX_CALLS = 1_000;

type Join = Extract<Question, { kind: 'join' }>;
type Call = Extract<Question, { kind: 'call' }>;

/** One for each channel that a leading tab listens on: as long as it leads. */
const leaders = new WeakMap<TabChannel, Leader>();
/** Those that tell themselves what was missed, which every other tab finds out for itself. */
const quiet = new WeakSet<Access>();

/** Somebody said something. */
export function hear(access: Access, channel: TabChannel, data: unknown): void {
  const leader = leaders.get(channel) ?? new Leader(access, channel);
  leaders.set(channel, leader);
  leader.hear(data);
}

/** Tells these here and in no other tab. */
export function tellHere(access: Access, told: readonly Told[]): void {
  quiet.add(access);
  for (const { type, event } of told) access.emit(type, event as never);
  quiet.delete(access);
}

class Leader {
  readonly #access: Access;
  readonly #channel: TabChannel;
  readonly #term: string;
  /** What `identity` does without other tabs. */
  readonly #own: IdentityArea;
  readonly #undo: (() => void)[] = [];
  readonly #running = new Map<string, AbortController>();
  #seq = 0;
  #news: Told[] = [];
  #beside = '';

  constructor(access: Access, channel: TabChannel) {
    this.#access = access;
    this.#channel = channel;
    this.#term = toHex(access.options.platform.random(8));
    this.#undo.push(access.pim.on('*', (told) => this.#note(told)));
    this.#run(endWrites(access));
    // Others are told before the lock is let go: nobody is to begin anew as somebody else.
    const { identity } = access.pim;
    this.#own = Object.getPrototypeOf(identity) as IdentityArea;
    const wipe = () => this.#wipe();
    Object.defineProperty(identity, 'wipe', { value: wipe, configurable: true });
    this.#undo.push(() => {
      if (Reflect.get(identity, 'wipe') === wipe) Reflect.deleteProperty(identity, 'wipe');
    });
  }

  hear(data: unknown): void {
    const question = parse(data);
    switch (question?.kind) {
      case 'join':
        return this.#run(this.#join(question));
      case 'call':
        return this.#run(this.#call(question));
      case 'abort':
        return this.#running.get(question.from + question.id)?.abort();
      case 'ping':
        return this.#alive();
      case 'shut':
        return this.#run(heardShut(this.#access, question.by));
      case undefined:
        return this.#access.options.logger('debug', 'another tab said what means nothing');
      default:
        return;
    }
  }

  async #join({ from, id, address, marks }: Join): Promise<void> {
    if (!this.#isRunning()) return this.#alive();
    this.#flush();
    const seq = this.#seq;
    const snapshot = snapshotOf(this.#access);
    // Whoever was somebody else until now has missed nothing of this one.
    const lacking = address === snapshot.address ? await missed(this.#access, marks) : [];
    this.#say({
      kind: 'welcome',
      to: from,
      id,
      term: this.#term,
      seq,
      snapshot: pack(snapshot) as Snapshot,
      missed: pack(lacking) as Told[],
      opened: openOf(this.#access.options.platform),
    });
  }

  async #call({ from, id, path, args }: Call): Promise<void> {
    const key = from + id;
    // Asked again where an answer is on its way; or it leads, but does not run yet.
    if (this.#running.has(key)) return;
    if (!this.#isRunning()) return this.#alive();
    const controller = new AbortController();
    if (isAborted(args)) controller.abort();
    const isRoom = this.#running.size < MAX_CALLS;
    if (isRoom) this.#running.set(key, controller);
    try {
      const method = methodOf(this.#access.pim, path);
      if (!isRoom) throw unanswered('too-many');
      if (method === null) throw unanswered('unknown');
      const value = await method(...(unpack(args, controller.signal) as unknown[]));
      if (path === 'identity.wipe') this.#access.emit('error', erased());
      this.#say({ kind: 'answer', to: from, id, term: this.#term, value: pack(value) });
    } catch (fault) {
      // A leader that was stopped, or robbed, gives no answer: the next one does.
      if (!this.#isRunning()) return;
      const value = pack(isPimError(fault) ? fault : unanswered(nameOf(fault), fault));
      this.#say({ kind: 'fault', to: from, id, term: this.#term, value });
    } finally {
      this.#running.delete(key);
    }
  }

  async #wipe(): Promise<void> {
    // Its lead came to nothing: the identity is locked.
    if (!this.#isRunning()) return this.#own.wipe();
    const { chat, storage } = this.#access.running();
    forget(this.#access.options.platform);
    await chat.stop();
    await storage.wipe();
    this.#say({ kind: 'erased' });
    await this.#access.stop();
  }

  /** Everything of one turn goes in one message: all of it arrives, or nothing. */
  #note(told: Told): void {
    if (told.type === 'ready' || quiet.has(this.#access)) return;
    if (this.#news.push(told) === 1) this.#run(Promise.resolve().then(() => this.#flush()));
  }

  #flush(): void {
    const events = this.#news;
    const beside = this.#besideNow();
    if (events.length === 0 && beside === null) return;
    this.#news = [];
    const marks = this.#marksOf(events);
    this.#seq++;
    this.#say({
      kind: 'news',
      term: this.#term,
      seq: this.#seq,
      events: pack(events) as Told[],
      marks,
      beside: beside ?? {},
    });
  }

  #marksOf(events: readonly Told[]): Record<string, Mark> {
    if (!this.#isRunning()) return {};
    const { conversations } = this.#access.running().chat;
    const names = events.map(({ type, event }) => {
      if (type === 'conversation') return event.id;
      return 'conversation' in event ? event.conversation : '';
    });
    const found = [...new Set(names)].map((name) => conversations.get(name));
    return Object.fromEntries(found.flatMap((each) => (each ? [[each.name, markOf(each)]] : [])));
  }

  /** What no event tells of, where it changed. */
  #besideNow(): Pick<Snapshot, 'name' | 'requests' | 'isPersistent' | 'privacy'> | null {
    if (!this.#isRunning()) return null;
    const { chat, view, settings, storage } = this.#access.running();
    const requests = chat.people.waiting.map((record) => view.request(record));
    const { name, privacy } = settings;
    const { isPersistent } = storage;
    const beside = { name, isPersistent, privacy: { ...privacy }, requests };
    const text = JSON.stringify(beside);
    if (text === this.#beside) return null;
    this.#beside = text;
    return beside;
  }

  #alive(): void {
    this.#flush();
    this.#say({ kind: 'alive', term: this.#term, runs: this.#isRunning() });
  }

  #isRunning(): boolean {
    try {
      this.#access.running();
      return true;
    } catch {
      return false;
    }
  }

  #say(saying: Saying): void {
    try {
      this.#channel.postMessage(written(saying));
    } catch (fault) {
      // What cannot be cloned is the call's fault; a channel that was closed ends the term.
      if (nameOf(fault) === 'DataCloneError') throw fault;
      for (const undo of this.#undo.splice(0)) undo();
    }
  }

  /** Work nobody waits for here: whoever asked asks again. */
  #run(work: Promise<void>): void {
    work.catch((fault: unknown) => {
      this.#access.options.logger('warn', `another tab was not answered: ${String(fault)}`);
    });
  }
}

function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.name : 'unknown';
}
