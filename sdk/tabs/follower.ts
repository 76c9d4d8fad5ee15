/**
 * A tab that goes along with the one in which the chat runs: asks it for everything, hears what it
 * tells, and takes its place when it is gone. Its lock waits behind the leader's, so a leader that is
 * closed or crashes is followed at once; one that is merely silent has its lock taken away.
 */

import type { Access } from '../access.js';
import { toHex } from '../base/bytes.js';
import type { HeldLock, TabChannel } from '../base/platform.js';
import { hasIdentity } from '../chat/at-home.js';
import { databaseName } from '../running.js';
import { atOnce } from './at-once.js';
import { Calls } from './calls.js';
import { unpack } from './cloned.js';
import { erased, stopped } from './faults.js';
import { tellHere } from './leader.js';
import { missed } from './missed.js';
import { Pulse } from './pulse.js';
import { standIn } from './reach.js';
import { claim } from './seize.js';
import { heardShut, holdOpen } from './shut.js';
import { after, between, type Snapshot, snapshotOf, type Told } from './snapshot.js';
import { parse, type Question, type Saying, written } from './wire.js';

/** News kept that came before the welcome they follow; beyond, it is asked for again. */
const MAX_EARLY = 1_000;
/** Leaders before the present one that are known by name. */
const MAX_FORMER = 100;

type Welcome = Extract<Saying, { kind: 'welcome' }>;
type News = Extract<Saying, { kind: 'news' }>;

export class Follower {
  readonly #access: Access;
  readonly #channel: TabChannel;
  readonly #me: string;
  readonly #calls: Calls;
  readonly #pulse: Pulse;
  readonly #waiting = new AbortController();
  readonly #joined: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (fault: unknown) => void = () => undefined;
  #known: Snapshot | null;
  #undo: () => void = () => undefined;
  /** The leader whose news are taken, and the number of the last one; null before its welcome. */
  #term: string | null = null;
  /** The leader that let this tab in last. */
  #latest: string | null = null;
  /** Those before it. What one of them says that wakes after a long sleep is out of date. */
  #former: readonly string[] = [];
  /** What asks to be let in, as it was first said; null where it need not. */
  #joining: Extract<Question, { kind: 'join' }> | null = null;
  #seq = 0;
  #early: News[] = [];
  /** Messages the welcome told of, which the news may tell of once more. */
  #told: ReadonlySet<string> = new Set();
  #promoting: Promise<void> | null = null;
  #isEnded = false;

  /** @param known what this tab knows, where it led until now */
  constructor(access: Access, channel: TabChannel, known: Snapshot | null = null) {
    this.#access = access;
    this.#channel = channel;
    this.#known = known;
    this.#joined = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#joined.catch(() => undefined);
    this.#me = toHex(access.options.platform.random(8));
    this.#pulse = new Pulse(
      access.options.platform,
      () => this.#say(),
      () => void this.#seize().catch(() => undefined),
    );
    this.#calls = new Calls(access, (question) => this.#ask(question), this.#me);
    if (known !== null) this.#standIn();
  }

  /** Resolves when this tab goes along, or leads. @throws what a start throws, where it came to lead */
  join(): Promise<void> {
    const { platform } = this.#access.options;
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    const turn = platform.holdLock(this.#name, false, this.#waiting.signal);
    turn.then((lock) => lock && this.#promote(lock)).catch(() => undefined);
    this.#say();
    this.#pulse.start();
    return this.#joined;
  }

  /** Goes along no longer. */
  async end(): Promise<void> {
    this.#leave();
    this.#isEnded = true;
    this.#undo();
    this.#calls.end(stopped());
    this.#reject(stopped());
    await this.#promoting;
  }

  get #name(): string {
    return databaseName(this.#access.options.profile);
  }

  #hear(data: unknown): void {
    const saying = parse(data);
    if (saying === null)
      return this.#access.options.logger('debug', 'a tab said what means nothing');
    if ('from' in saying) return; // another one that asks
    if ('term' in saying && this.#former.includes(saying.term ?? '')) return;
    this.#pulse.heard();
    switch (saying.kind) {
      case 'welcome':
        if (saying.to === this.#me && saying.id === this.#joining?.id) this.#welcome(saying);
        return;
      case 'news':
        return this.#news(saying);
      case 'answer':
      case 'fault':
        if (saying.to === this.#me) this.#calls.answer(saying);
        return;
      case 'alive':
        if (saying.runs && saying.term !== this.#term && this.#term !== null) this.#rejoin();
        return;
      case 'lead':
        return this.#rejoin();
      case 'erased':
        return this.#erased();
      case 'shut':
        return this.#shut(saying);
    }
  }

  #shut({ by }: Extract<Saying, { kind: 'shut' }>): void {
    heardShut(this.#access, by).catch(() => undefined);
  }

  #welcome({ term, seq, snapshot, missed, opened }: Welcome): void {
    if (opened) holdOpen(this.#access, opened);
    const before = this.#known;
    const now = unpack(snapshot) as Snapshot;
    const told = unpack(missed) as readonly Told[];
    this.#known = now;
    this.#pulse.known();
    this.#term = term;
    this.#follow(term);
    this.#joining = null;
    this.#seq = seq;
    this.#told = new Set();
    if (before?.address !== now.address) this.#begin(before === null);
    else for (const each of [...between(before, now), ...told]) this.#emit(each);
    this.#told = new Set(told.flatMap(({ type, event }) => (type === 'message' ? event.id : [])));
    for (const news of this.#early.splice(0)) this.#news(news);
    this.#calls.again();
    this.#resolve();
  }

  #follow(term: string): void {
    const former = this.#latest;
    this.#latest = term;
    if (former !== null && former !== term)
      this.#former = [...this.#former, former].slice(-MAX_FORMER);
  }

  /** Somebody is there: the first time, or another person since the store was replaced. */
  #begin(isFirst: boolean): void {
    const { access, known } = { access: this.#access, known: this.#known as Snapshot };
    if (isFirst) {
      this.#standIn();
      access.take(() => this.end());
    }
    const { address, isPersistent } = known;
    access.emit('ready', { address, isNew: false, isPersistent });
    const { name, relays } = access.options;
    if (name !== '' && known.name === '') this.#wish('identity.setName', name);
    const missing = relays.filter((url) => known.relays.every((each) => each.url !== url));
    for (const url of missing) this.#wish('relays.add', url);
  }

  /** Asks for what nobody here waits for. */
  #wish(path: string, arg: string): void {
    this.#calls.ask(path, [arg]).catch((fault) => {
      this.#access.options.logger('info', `${path} was refused: ${String(fault)}`);
    });
  }

  #news(news: News): void {
    if (news.term !== this.#term) {
      if (this.#early.length < MAX_EARLY) this.#early.push(news);
      return;
    }
    if (news.seq <= this.#seq || this.#known === null) return;
    if (news.seq > this.#seq + 1) return this.#rejoin(); // some were lost: a welcome has them
    this.#seq = news.seq;
    const events = unpack(news.events) as readonly Told[];
    const marks = { ...this.#known.marks, ...(unpack(news.marks) as Snapshot['marks']) };
    this.#known = {
      ...events.reduce(after, this.#known),
      ...(unpack(news.beside) as object),
      marks,
    };
    for (const each of events) this.#emit(each);
  }

  #emit({ type, event }: Told): void {
    if (type === 'message' && this.#told.has(event.id)) return;
    this.#access.emit(type, event as never);
  }

  #standIn(): void {
    const known = () => this.#known as Snapshot;
    const ask = (path: string, args: readonly unknown[]) => this.#calls.ask(path, args);
    const here = atOnce(known, ask);
    this.#undo = standIn(
      this.#access.pim,
      () => known().address,
      (path) => here[path] ?? ((...args) => ask(path, args)),
    );
  }

  /** One of those who find the leader silent takes the lock from it. */
  async #seize(): Promise<void> {
    const { platform } = this.#access.options;
    const gate = await platform.holdLock(`${this.#name}/seize`, false);
    if (gate === null) return;
    try {
      const lock = await platform.holdLock(this.#name, true);
      if (lock !== null) await this.#promote(lock, true);
    } finally {
      gate.release();
    }
  }

  #promote(lock: HeldLock, isSeized = false): Promise<void> {
    if (this.#promoting !== null || this.#isEnded) lock.release();
    else this.#promoting = this.#lead(lock, isSeized);
    return this.#promoting ?? Promise.resolve();
  }

  async #lead(lock: HeldLock, isSeized: boolean): Promise<void> {
    const [access, before] = [this.#access, this.#known];
    let isErased = before?.isPersistent === true && (await isGone(access, this.#name));
    // The lock may be faster than the word that the key is closed.
    this.#channel.onmessage = ({ data }) => {
      const saying = parse(data);
      if (saying?.kind === 'shut') this.#shut(saying);
    };
    this.#pulse.stop();
    this.#waiting.abort();
    if (isErased) {
      lock.release();
      return this.#erased();
    }
    try {
      await access.lead(lock, async (storage) => {
        if (this.#isEnded) throw stopped();
        // An identity that was erased is not made anew by those who had it.
        isErased = before !== null && !(await hasIdentity(storage));
        if (isErased) throw stopped();
        if (isSeized) await claim(storage, access.options.platform);
      });
    } catch (fault) {
      // The lock may be faster than the word of it.
      return isErased ? this.#erased() : this.#failed(fault);
    }
    if (this.#isEnded) return void (await access.take(null)?.());
    this.#undo();
    const now = snapshotOf(access);
    const lacking = before === null ? [] : await missed(access, before.marks).catch(() => []);
    if (before !== null) tellHere(access, [...between(before, now), ...lacking]);
    this.#ask({ kind: 'lead' });
    this.#leave();
    this.#resolve();
    this.#calls.perform(access.pim);
  }

  /** It came to be this tab's turn, and it cannot. */
  async #failed(fault: unknown): Promise<void> {
    const wasJoined = this.#known !== null;
    this.#leave();
    this.#reject(fault);
    this.#calls.end(stopped());
    if (!wasJoined || this.#isEnded) return;
    this.#promoting = null;
    await this.#access.stop();
    this.#access.emit('error', fault as never);
  }

  #erased(): void {
    const tell = this.#calls.done('identity.wipe');
    this.#waiting.abort();
    void this.#access.stop().then(() => {
      tell();
      this.#access.emit('error', erased());
    });
  }

  #leave(): void {
    this.#pulse.stop();
    this.#waiting.abort();
    this.#channel.onmessage = null;
    this.#channel.close();
  }

  /** With all that is known here now. */
  #rejoin(): void {
    this.#term = null;
    this.#joining = null;
    this.#say();
  }

  /** Let me in; or where I am: are you there? */
  #say(): void {
    const from = this.#me;
    if (this.#term !== null) return this.#ask({ kind: 'ping', from });
    const { address = null, marks = {} } = this.#known ?? {};
    const id = toHex(this.#access.options.platform.random(8));
    this.#joining ??= { kind: 'join', from, id, address, marks };
    this.#ask(this.#joining);
  }

  #ask(message: Question | Extract<Saying, { kind: 'lead' }>): void {
    this.#channel.postMessage(written(message));
  }
}

/** Whether the database is not there any longer. To open it would make it anew. */
async function isGone({ options }: Access, name: string): Promise<boolean> {
  const databases = await options.platform.indexedDB?.databases?.().catch(() => undefined);
  return databases?.every((each) => each.name !== name) ?? false;
}
