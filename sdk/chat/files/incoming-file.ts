/**
 * A file somebody offers me: fetched once I want it, from whichever of their devices has it, on and on
 * over broken connections and reloads until it is whole.
 */

import { isPimError, type PimError } from '../../base/errors.js';
import { channelClosed } from '../../peer/faults.js';
import type { PlainWord } from '../../protocol/file-frames.js';
import { pieceStart } from '../../protocol/file-pieces.js';
import { MAX_MEMORY_FILE_BYTES } from '../../protocol/limits.js';
import { Download } from './download.js';
import { tooLarge } from './faults.js';
import type { FileLine } from './file-line.js';
import type { FileState } from './file-status.js';
import type { FileRecord } from './file-store.js';
import { SharedFile } from './shared-file.js';

/** Runs that bring nothing, after which a device is not asked again by itself. */
const MAX_VAIN = 4;

/** What an author says instead of sending. */
type No = 'paused' | 'cancelled' | 'missing';

export class IncomingFile extends SharedFile {
  readonly mine = false;
  #run: { readonly download: Download; readonly line: FileLine; readonly from: number } | null =
    null;
  /** What their devices said that do not send it now. */
  readonly #noes = new Map<FileLine, No>();
  /** Runs in a row that brought nothing. */
  #vain = 0;

  get isRunning(): boolean {
    return this.#run !== null;
  }

  get isHere(): boolean {
    return this.record.state === 'done';
  }

  get state(): FileState {
    const { state, isPaused } = this.record;
    if (state !== 'wanted') return state;
    if (this.#run !== null) return 'running';
    if (isPaused) return 'paused';
    if (this.fault !== null) return 'failed';
    return this.#no ?? 'waiting';
  }

  /** @throws file/too-large, storage/full, storage/failed */
  override async accept(): Promise<void> {
    const { size } = this.names.facts;
    const isKept = this.host.store.isPersistent;
    if (!isKept && size > MAX_MEMORY_FILE_BYTES) throw tooLarge(size, MAX_MEMORY_FILE_BYTES);
    if (this.record.state === 'done') return;
    this.fault = null;
    this.#noes.clear();
    this.#vain = 0;
    const state = size === 0 ? 'done' : 'wanted';
    await this.change({ state, by: null, isPaused: false });
    if (state === 'done') this.sayAll('done');
    this.next();
  }

  async pause(): Promise<void> {
    if (this.record.state !== 'wanted') return;
    await this.change({ isPaused: true });
    this.sayAll('paused');
    this.#run?.download.end(null);
  }

  override decline(): Promise<void> {
    return this.#refuse('declined');
  }

  resume(): Promise<void> {
    return this.accept();
  }

  cancel(): Promise<void> {
    return this.#refuse('cancelled');
  }

  /** What came of it is thrown away. */
  async #refuse(state: 'declined' | 'cancelled'): Promise<void> {
    if (this.record.state === 'done') return;
    await this.#giveUp(state, 'me');
    this.sayAll(state);
  }

  bytes(): Promise<Blob | null> {
    const { key, facts } = this.names;
    return this.isHere ? this.host.store.read(key, facts.size) : Promise.resolve(null);
  }

  attached(_line: FileLine): void {
    this.next();
  }

  detached(line: FileLine): void {
    this.#noes.delete(line);
    if (this.#run?.line === line) this.#run.download.end(null);
    else this.tell();
  }

  async hear(word: PlainWord, line: FileLine): Promise<void> {
    switch (word) {
      case 'ready': {
        this.#noes.delete(line);
        this.#vain = 0;
        const { state } = this.record;
        if (state === 'wanted') return this.next();
        if (state !== 'offered') line.say({ ref: this.names.ref, word: state });
        return;
      }
      case 'busy':
        if (this.#run?.line === line) this.#run.download.end(channelClosed());
        return;
      case 'paused':
      case 'missing':
      case 'cancelled':
        this.#noes.set(line, word);
        if (this.#run?.line === line) this.#run.download.end(null);
        if (word === 'cancelled' && this.record.state === 'offered') {
          return this.#giveUp('cancelled', 'them');
        }
        return this.tell();
      default:
        line.refuse('a word its author does not say');
    }
  }

  next(): void {
    const { state, isPaused, stored } = this.record;
    const isWanted = state === 'wanted' && !isPaused && this.fault === null && !this.isGone;
    if (!isWanted || this.#run !== null || !this.host.hasRoom(this)) return;
    const { key, ref, facts } = this.names;
    const line = this.host.lines(key.talk).find((each) => !this.#noes.has(each));
    const opened = line?.openMine();
    if (line === undefined || !opened) return;
    const download = new Download(opened.channel, facts, stored, {
      platform: this.host.platform,
      suite: this.host.suite,
      way: line.way(),
      store: (first, count, bytes) => this.#store(first, count, bytes),
      onBytes: () => this.tellProgress(),
      onEnd: (fault) => void this.#ended(fault),
    });
    this.#run = { download, line, from: stored };
    line.say({ ref, word: 'get', channel: opened.number, from: stored });
    this.tell();
  }

  protected get by(): 'me' | 'them' | null {
    if (this.record.isPaused) return 'me';
    return this.record.by ?? (this.#no === null ? null : 'them');
  }

  protected get runBytes(): number | null {
    return this.#run?.download.bytes ?? null;
  }

  protected stop(): void {
    this.#run?.download.end(null);
  }

  /** Why it does not run, where no device of theirs sends it. */
  get #no(): No | null {
    const noes = this.host.lines(this.names.key.talk).map((line) => this.#noes.get(line));
    return noes.length > 0 && noes.every((no) => no !== undefined) ? (noes[0] ?? null) : null;
  }

  async #store(first: number, count: number, bytes: Blob): Promise<void> {
    const { key, facts } = this.names;
    const { store } = this.host;
    await this.turns.run(async () => {
      if (this.isGone || this.record.state !== 'wanted') return;
      const stored = first + count;
      const isWhole = pieceStart(facts.size, stored) === facts.size;
      const record: FileRecord = {
        ...this.record,
        stored,
        ...(isWhole && { state: 'done', isPaused: false }),
      };
      await store.save(key, record, [store.segment(key, first, bytes)]);
      this.record = record;
    });
  }

  /** A run is over, and what it brought is stored. Broken lines are no fault: it goes on on the next. */
  async #ended(fault: PimError | null): Promise<void> {
    const run = this.#run;
    this.#run = null;
    this.#vain = (run?.from ?? 0) < this.record.stored ? 0 : this.#vain + 1;
    // Closed again and again: its author has to say that it may be asked for.
    if (fault !== null && this.#vain >= MAX_VAIN && run) this.#noes.set(run.line, 'paused');
    const { ref, key } = this.names;
    if (this.record.state === 'done') this.sayAll('done');
    else if (fault !== null && !isPimError(fault, 'channel/closed')) {
      this.fault = fault;
      run?.line.say({ ref, word: 'paused' });
    }
    this.tell();
    this.host.onRoom(key.talk);
  }

  async #giveUp(state: 'declined' | 'cancelled', by: 'me' | 'them'): Promise<void> {
    const { store } = this.host;
    await this.turns.run(async () => {
      const record: FileRecord = { ...this.record, state, by, isPaused: false, stored: 0 };
      const { key } = this.names;
      if (!this.isGone) await store.save(key, record, await store.cleared(key));
      this.record = record;
    });
    this.#run?.download.end(null);
    this.tell();
  }
}
