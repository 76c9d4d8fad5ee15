/**
 * A file I offer: sent to whichever devices of the other person ask for it, as long as its bytes are
 * at hand.
 */

import { equal } from '../../base/bytes.js';
import { isPimError, type PimError } from '../../base/errors.js';
import { channelClosed } from '../../peer/faults.js';
import type { PlainWord } from '../../protocol/file-frames.js';
import { pieceStart } from '../../protocol/file-pieces.js';
import { MAX_KEPT_FILE_BYTES } from '../../protocol/limits.js';
import { different } from './faults.js';
import { type FileHandle, mayRead } from './file-handle.js';
import type { FileLine } from './file-line.js';
import { type FileSource, sourceOf } from './file-source.js';
import type { FileState } from './file-status.js';
import { SharedFile } from './shared-file.js';
import { Upload } from './upload.js';

export class OutgoingFile extends SharedFile {
  readonly mine = true;
  readonly #runs = new Map<Upload, FileLine>();
  #source: FileSource | null = null;
  #loading: Promise<FileSource | null> | null = null;
  /** Pieces stored over there, before they are in the record. */
  #reached = 0;
  /** Its reader stopped it for now. */
  #isHeld = false;
  #isMissing = false;

  get isRunning(): boolean {
    return this.#runs.size > 0;
  }

  get isHere(): boolean {
    return this.#source !== null || this.record.isKept;
  }

  get state(): FileState {
    const { state, isPaused } = this.record;
    if (state !== 'offered') return state === 'wanted' ? 'waiting' : state;
    if (isPaused) return 'paused';
    if (this.isRunning) return 'running';
    if (this.#isHeld) return 'paused';
    if (this.#isMissing) return 'missing';
    return this.record.stored > 0 ? 'waiting' : 'offered';
  }

  /** It was just offered. A small one is kept, so that it is at hand after a reload too. */
  async begin(source: FileSource, handle: unknown): Promise<void> {
    this.#source = source;
    const { blob } = source;
    const { key } = this.names;
    const { store } = this.host;
    const isKept = blob.size <= MAX_KEPT_FILE_BYTES;
    const keep = isKept ? [store.segment(key, 0, new Blob([await blob.arrayBuffer()]))] : [];
    // Where it cannot be kept it is sent all the same, as long as this page is there.
    await this.change({ isKept, ...(handle !== undefined && { handle }) }, keep).catch(() => {
      this.tell();
    });
    this.sayAll('ready');
  }

  /**
   * The bytes are at hand from now on.
   * @throws file/different, file/unreadable
   */
  override async provide(blob: Blob): Promise<void> {
    const { facts } = this.names;
    const isLike = blob.size === facts.size;
    const source = isLike ? await sourceOf(this.host.suite, blob) : null;
    if (source === null || !equal(source.root, facts.root)) throw different();
    this.#source = source;
    this.#isMissing = false;
    this.fault = null;
    this.tell();
    if (this.#isOpen && !this.record.isPaused) this.sayAll('ready');
  }

  /** The whole file, where this device has it. */
  async bytes(): Promise<Blob | null> {
    const { key, facts } = this.names;
    return this.#source?.blob ?? this.host.store.read(key, facts.size);
  }

  async pause(): Promise<void> {
    if (!this.#isOpen) return;
    await this.change({ isPaused: true });
    this.sayAll('paused');
    this.stop();
  }

  async resume(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isHeld = false;
    await this.change({ isPaused: false });
    this.sayAll((await this.#isAtHand()) ? 'ready' : 'missing');
  }

  /** Nobody gets it any more. */
  async cancel(): Promise<void> {
    if (!this.#isOpen) return;
    await this.change({ state: 'cancelled', by: 'me' });
    this.sayAll('cancelled');
    this.stop();
  }

  attached(line: FileLine): void {
    void this.#introduce(line);
  }

  detached(line: FileLine): void {
    for (const [run, of] of this.#runs) if (of === line) run.end(channelClosed());
  }

  async hear(word: PlainWord, line: FileLine): Promise<void> {
    for (const [run, of] of this.#runs) if (of === line) run.end(channelClosed());
    switch (word) {
      case 'paused':
        this.#isHeld = true;
        return this.tell();
      case 'declined':
      case 'cancelled':
        return this.#isOpen ? this.change({ state: word, by: 'them' }) : undefined;
      case 'done':
        return this.change({ state: 'done', by: null, isPaused: false, stored: this.pieces });
      default:
        line.refuse('a word its reader does not say');
    }
  }

  /** A device asks for it on a channel of its own, from piece `from` on. */
  async give(line: FileLine, number: number, from: number): Promise<void> {
    const { ref } = this.names;
    const { isPaused, by, state } = this.record;
    if (state === 'cancelled' && by === 'me') return line.say({ ref, word: 'cancelled' });
    if (isPaused) return line.say({ ref, word: 'paused' });
    const source = await this.#load();
    if (source === null) return line.say({ ref, word: 'missing' });
    if (from >= this.pieces) return line.refuse('pieces no file has');
    for (const [run, of] of this.#runs) if (of === line) run.end(channelClosed());
    if (!this.host.hasRoom(this)) return line.refuse('too many files at once');
    const channel = line.openTheirs(number);
    if (channel === null) return line.say({ ref, word: 'busy' });
    this.#isHeld = false;
    // Whoever declined it, or has it, may have changed their mind, or lost it.
    if (this.record.state !== 'offered') await this.change({ state: 'offered', by: null });
    const run: Upload = new Upload(channel, source, from, {
      platform: this.host.platform,
      way: line.way(),
      onStored: (stored) => this.#stored(stored),
      onEnd: (fault) => this.#ended(run, fault),
    });
    this.#runs.set(run, line);
    this.#stored(from);
    this.tell();
  }

  next(): void {
    // Its reader says when.
  }

  protected get by(): 'me' | 'them' | null {
    if (this.record.isPaused) return 'me';
    return this.record.by ?? (this.state === 'paused' ? 'them' : null);
  }

  protected get runBytes(): number | null {
    return this.isRunning ? pieceStart(this.names.facts.size, this.#reached) : null;
  }

  protected stop(): void {
    for (const run of this.#runs.keys()) run.end(channelClosed());
  }

  get #isOpen(): boolean {
    return this.record.state === 'offered';
  }

  /** Tells a device that has just come how the file stands. */
  async #introduce(line: FileLine): Promise<void> {
    const { ref } = this.names;
    if (!this.#isOpen) return;
    const isReady = await this.#isAtHand();
    line.say({ ref, word: this.record.isPaused ? 'paused' : isReady ? 'ready' : 'missing' });
  }

  #stored(count: number): void {
    this.#reached = count;
    this.tellProgress();
  }

  #ended(run: Upload, fault: PimError): void {
    this.#runs.delete(run);
    if (!isPimError(fault, 'channel/closed')) this.fault = fault;
    if (isPimError(fault, 'file/unreadable')) {
      this.#source = null;
      this.#isMissing = true;
      this.sayAll('missing');
    }
    const stored = this.#reached;
    if (this.#isOpen) this.change({ stored }).catch(() => undefined);
    else this.tell();
    this.host.onRoom(this.names.key.talk);
  }

  /** Whether its bytes can be had without a person's help. */
  async #isAtHand(): Promise<boolean> {
    const { isKept, handle } = this.record;
    const isThere = this.#source !== null || isKept || (await mayRead(handle));
    this.#isMissing = !isThere;
    this.tell();
    return isThere;
  }

  /** The bytes with their hashes; after a reload they are read and checked anew. */
  #load(): Promise<FileSource | null> {
    this.#loading ??= this.#find()
      .catch(() => null)
      .finally(() => {
        this.#loading = null;
      });
    return this.#loading;
  }

  async #find(): Promise<FileSource | null> {
    if (this.#source !== null) return this.#source;
    const { key, facts } = this.names;
    const { handle, isKept } = this.record;
    const kept = isKept ? await this.host.store.read(key, facts.size) : null;
    const blob = kept ?? ((await mayRead(handle)) ? await (handle as FileHandle).getFile() : null);
    const source = blob === null ? null : await sourceOf(this.host.suite, blob);
    const isSame = source !== null && equal(source.root, facts.root);
    this.#source = isSame ? source : null;
    this.#isMissing = !isSame;
    return this.#source;
  }
}
