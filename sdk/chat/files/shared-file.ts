/**
 * One file of a conversation, whoever offers it: its record, and what is told of it.
 */

import type { PimError } from '../../base/errors.js';
import type { Platform } from '../../base/platform.js';
import { Queue } from '../../base/queue.js';
import type { Suite } from '../../crypto/suite.js';
import type { EntryRef, FileFacts } from '../../protocol/entry.js';
import type { PlainWord } from '../../protocol/file-frames.js';
import { pieceCount, pieceStart } from '../../protocol/file-pieces.js';
import { FILE_PROGRESS_MS } from '../../protocol/limits.js';
import type { Write } from '../../storage/storage.js';
import { notHere, unknownFile } from './faults.js';
import type { FileLine } from './file-line.js';
import { pictureType, SNIFFED_BYTES, safeName } from './file-name.js';
import type { FileState, FileStatus } from './file-status.js';
import type { FileKey, FileRecord, FileStore } from './file-store.js';

export interface FileHost {
  readonly platform: Platform;
  readonly suite: Suite;
  readonly store: FileStore;
  /** Lines to devices of the other person, the newest first. */
  lines(talk: string): readonly FileLine[];
  /** Whether another file may run in this direction of this conversation. */
  hasRoom(file: SharedFile): boolean;
  /** A run has ended, or may begin: whoever waits may have its turn. */
  onRoom(talk: string): void;
  onStatus(status: FileStatus): void;
}

export interface FileNames {
  readonly key: FileKey;
  readonly ref: EntryRef;
  readonly facts: FileFacts;
}

export abstract class SharedFile {
  readonly names: FileNames;
  protected readonly host: FileHost;
  protected record: FileRecord;
  /** One change of the record after the other. */
  protected readonly turns = new Queue();
  protected fault: PimError | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isDue = false;
  #isGone = false;

  constructor(names: FileNames, record: FileRecord, host: FileHost) {
    this.names = names;
    this.record = record;
    this.host = host;
  }

  abstract readonly mine: boolean;
  abstract readonly isRunning: boolean;
  abstract readonly state: FileState;
  abstract readonly isHere: boolean;
  protected abstract readonly by: 'me' | 'them' | null;
  /** Bytes that crossed, where a run knows better than the record. */
  protected abstract readonly runBytes: number | null;

  /** Another line is there. */
  abstract attached(line: FileLine): void;
  /** A line is gone. */
  abstract detached(line: FileLine): void;
  /** The other side said something about it. */
  abstract hear(word: PlainWord, line: FileLine): Promise<void>;
  /** Begins to run where it is its turn. */
  abstract next(): void;
  /** Theirs: it is wanted, now or again. @throws file/unknown where it is mine */
  accept(): Promise<void> {
    return Promise.reject(unknownFile());
  }

  /** Theirs: it is not wanted. @throws file/unknown where it is mine */
  decline(): Promise<void> {
    return Promise.reject(unknownFile());
  }

  /** Mine: its bytes are at hand again. @throws file/unknown where it is theirs */
  provide(_blob: Blob): Promise<void> {
    return Promise.reject(unknownFile());
  }

  /** Goes on with it. */
  abstract resume(): Promise<void>;
  /** Gives it up. */
  abstract cancel(): Promise<void>;
  /** Stops it for now. */
  abstract pause(): Promise<void>;
  /** All of it, where it is here. */
  abstract bytes(): Promise<Blob | null>;
  /** Stops for good: its message was deleted. */
  protected abstract stop(): void;

  get status(): FileStatus {
    const { key, facts } = this.names;
    const whole = this.state === 'done' ? facts.size : null;
    return Object.freeze({
      id: key.id,
      conversation: key.talk,
      name: safeName(facts.name),
      size: facts.size,
      type: facts.type,
      mine: this.mine,
      state: this.state,
      bytes: whole ?? this.runBytes ?? pieceStart(facts.size, this.record.stored),
      by: this.by,
      reason: this.fault,
      isHere: this.isHere,
    });
  }

  /** All of it as a file nothing would run. @throws file/missing where it is not here */
  async file(): Promise<File> {
    const bytes = await this.bytes();
    if (bytes === null) throw notHere();
    const start = await bytes.slice(0, SNIFFED_BYTES).arrayBuffer();
    const type = pictureType(new Uint8Array(start)) ?? 'application/octet-stream';
    return new File([bytes], this.status.name, { type });
  }

  /** Its message was deleted; what was stored of it went with the message. */
  gone(): void {
    this.#isGone = true;
    this.stop();
    // What was being written meanwhile goes too.
    this.turns.run(() => this.host.store.remove(this.names.key)).catch(() => undefined);
  }

  protected get isGone(): boolean {
    return this.#isGone;
  }

  protected get pieces(): number {
    return pieceCount(this.names.facts.size);
  }

  /** Tells how it stands now. */
  protected tell(): void {
    if (this.#isGone) return;
    this.#toldAt = this.host.platform.monotonic();
    this.host.onStatus(this.status);
  }

  /** Tells how far it is, now or a little later. */
  protected tellProgress(): void {
    const { platform } = this.host;
    const wait = this.#toldAt + FILE_PROGRESS_MS - platform.monotonic();
    if (this.#isDue) return;
    if (wait <= 0) return this.tell();
    this.#isDue = true;
    platform.setTimer(() => {
      this.#isDue = false;
      if (this.isRunning) this.tell();
    }, wait);
  }

  /** Writes a change of the record, then says so. @throws storage/full, storage/failed */
  protected async change(change: Partial<FileRecord>, also: readonly Write[] = []): Promise<void> {
    await this.turns.run(async () => {
      if (this.#isGone) return;
      const record = { ...this.record, ...change };
      await this.host.store.save(this.names.key, record, also);
      this.record = record;
    });
    this.tell();
  }

  protected sayAll(word: PlainWord): void {
    const { key, ref } = this.names;
    for (const line of this.host.lines(key.talk)) line.say({ ref, word });
  }
}
