/**
 * All files of all conversations: which are known, which run, and who is asked for them. Loaded once
 * somebody is connected, or a program asks for a file.
 */

import { type Bytes, equal } from '../../base/bytes.js';
import { isPimError, PimError } from '../../base/errors.js';
import type { Platform } from '../../base/platform.js';
import type { Queue } from '../../base/queue.js';
import type { Suite } from '../../crypto/suite.js';
import type { Channel } from '../../peer/channel.js';
import { isLower } from '../../peer/signaling.js';
import type { EntryRef } from '../../protocol/entry.js';
import { decodeFileWord, type FileWord } from '../../protocol/file-frames.js';
import { MAX_FILE_RUNS } from '../../protocol/limits.js';
import type { Storage } from '../../storage/storage.js';
import type { StoredEntry } from '../entry-rows.js';
import { parseMessageId } from '../keys.js';
import { unknownFile } from './faults.js';
import { FileLine } from './file-line.js';
import { type FileSource, sourceOf } from './file-source.js';
import type { FileStatus } from './file-status.js';
import { FileStore, idOf } from './file-store.js';
import { IncomingFile } from './incoming-file.js';
import { OutgoingFile } from './outgoing-file.js';
import { RightOfWay, type Talk, Words } from './right-of-way.js';
import type { FileHost, FileNames, SharedFile } from './shared-file.js';
import { isSmallPicture, Unasked } from './unasked.js';

/** Unfinished files of a conversation that are taken up again when somebody comes. */
const MAX_TAKEN_UP = 256;
/** Messages looked at for pictures that came before this was there to heed them. */
const MISSED_MESSAGES = 100;

/** A conversation, as far as files go. */
export interface FileTalk extends Talk {
  readonly name: string;
  readonly peer: Bytes;
  get(ref: EntryRef): Promise<StoredEntry | null>;
  page(before: null, limit: number): Promise<{ readonly entries: readonly StoredEntry[] }>;
}

export interface FilesHost {
  readonly storage: Storage;
  readonly suite: Suite;
  readonly platform: Platform;
  readonly identity: { readonly keys: { readonly publicKey: Bytes } };
  onFile(status: FileStatus): void;
  onFault(fault: PimError): void;
}

/** Who is a contact, and how far. */
export interface FilesPeople {
  contact(key: Bytes): { readonly status: string } | null;
}

export class Files {
  readonly store: FileStore;
  readonly words: Words;
  readonly #host: FilesHost;
  readonly #people: FilesPeople;
  readonly #me: Bytes;
  readonly #fileHost: FileHost;
  readonly #lines = new Set<FileLine>();
  readonly #known = new Map<string, Promise<SharedFile>>();
  readonly #files = new Set<SharedFile>();
  readonly #unasked: Unasked;

  /** @param queue in which words are stored */
  constructor(host: FilesHost, people: FilesPeople, queue: Queue) {
    const { platform, storage, suite } = host;
    this.#host = host;
    this.#people = people;
    this.#me = host.identity.keys.publicKey;
    this.store = new FileStore(storage);
    this.#unasked = new Unasked(platform);
    this.words = new Words(queue);
    this.#fileHost = {
      platform,
      suite,
      store: this.store,
      lines: (talk) => [...this.#lines].filter((line) => line.talk === talk).reverse(),
      hasRoom: (file) => this.#hasRoom(file),
      onRoom: (talk) => this.#next(talk),
      onStatus: (status) => host.onFile(status),
    };
  }

  /** A device of the other person is there: what was begun goes on. */
  async attach(channel: Channel, talk: FileTalk): Promise<void> {
    const way = () => new RightOfWay(this.#host.platform, this.words, talk);
    const line = new FileLine(channel, talk.name, isLower(this.#me, talk.peer), way);
    this.#lines.add(line);
    const { onEnd } = channel;
    channel.onEnd = (...given) => {
      this.#detach(line);
      onEnd(...given);
    };
    channel.onFileWord = () => void this.#listen(line, talk);
    channel.onFileWord();
    for (const id of await this.store.unfinished(talk.name, MAX_TAKEN_UP)) {
      const ref = parseMessageId(id);
      if (ref !== null) await this.#find(talk, ref);
    }
    for (const file of this.#of(talk.name)) file.attached(line);
    // Some may have come before this was here to heed them; the oldest is the first in turn.
    const { entries } = await talk.page(null, MISSED_MESSAGES);
    this.heed(talk, [...entries].reverse());
  }

  /** Messages are new, or read otherwise now. */
  heed(talk: FileTalk, messages: readonly StoredEntry[]): void {
    for (const stored of messages) {
      if (stored.fold?.isDeleted === true) this.#forget(`${talk.name}/${idOf(stored)}`);
      else if (this.#isForMe(talk, stored)) {
        this.#run(this.#unasked.take(() => this.of(talk, stored)));
      }
    }
  }

  /** The file of a message. @throws file/unknown where it has none */
  of(talk: FileTalk, stored: StoredEntry): Promise<SharedFile> {
    const { body, author } = stored.entry;
    if (body.kind !== 'text' || body.file === undefined) return Promise.reject(unknownFile());
    const key = { talk: talk.name, id: idOf(stored) };
    const name = `${key.talk}/${key.id}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const names = { key, ref: stored.entry, facts: body.file };
    const made = this.#make(names, equal(author, this.#me));
    this.#known.set(name, made);
    made.catch(() => this.#known.delete(name));
    return made;
  }

  /** Reads all of a file that is to be sent. @throws file/unreadable, pim/aborted */
  source(blob: Blob, signal?: AbortSignal): Promise<FileSource> {
    return sourceOf(this.#host.suite, blob, signal);
  }

  /** A file was just offered. */
  async begin(
    talk: FileTalk,
    stored: StoredEntry,
    source: FileSource,
    handle: unknown,
  ): Promise<void> {
    const file = await this.of(talk, stored);
    if (file instanceof OutgoingFile) await file.begin(source, handle);
  }

  async #make(names: FileNames, isMine: boolean): Promise<SharedFile> {
    const record = await this.store.load(names.key);
    const host = this.#fileHost;
    const file = isMine
      ? new OutgoingFile(names, record, host)
      : new IncomingFile(names, record, host);
    this.#files.add(file);
    return file;
  }

  /** Words in their order, one after the other. */
  async #listen(line: FileLine, talk: FileTalk): Promise<void> {
    if (line.isHearing) return;
    line.isHearing = true;
    for (let word = line.next(); word !== undefined; word = line.next()) {
      try {
        await this.#hear(line, talk, decodeFileWord(word));
      } catch (fault) {
        if (isPimError(fault, 'frame/invalid')) line.refuse('a malformed word of a file', fault);
        else if (isPimError(fault, 'peer/protocol')) line.channel.end(fault);
        else this.#fault(fault);
      }
    }
    line.isHearing = false;
  }

  async #hear(line: FileLine, talk: FileTalk, said: FileWord): Promise<void> {
    const file = await this.#find(talk, said.ref);
    // It may come a moment later, or have been deleted here.
    if (file === null) return this.#answerUnknown(line, said);
    if (said.word !== 'get') await file.hear(said.word, line);
    else if (file instanceof OutgoingFile) await file.give(line, said.channel, said.from);
    else line.refuse('asked for its own file');
  }

  #answerUnknown(line: FileLine, { ref, word }: FileWord): void {
    if (word === 'get') line.say({ ref, word: 'cancelled' });
  }

  async #find(talk: FileTalk, ref: EntryRef): Promise<SharedFile | null> {
    const stored = await talk.get(ref);
    const body = stored?.entry.body;
    if (stored === null || body?.kind !== 'text' || body.file === undefined) return null;
    return this.of(talk, stored);
  }

  #of(talk: string): SharedFile[] {
    return [...this.#files].filter((file) => file.names.key.talk === talk);
  }

  #hasRoom(file: SharedFile): boolean {
    const { talk } = file.names.key;
    const running = this.#of(talk).filter((each) => each.mine === file.mine && each.isRunning);
    return running.length < (file.mine ? 2 * MAX_FILE_RUNS : MAX_FILE_RUNS);
  }

  #next(talk: string): void {
    for (const file of this.#of(talk)) file.next();
  }

  /** Pictures of somebody I talk with are fetched without a click, as far as they are small. */
  #isForMe(talk: FileTalk, { entry: { author, body } }: StoredEntry): boolean {
    if (body.kind !== 'text' || !body.file || !equal(author, talk.peer)) return false;
    return this.#people.contact(author)?.status === 'accepted' && isSmallPicture(body.file);
  }

  #forget(name: string): void {
    const known = this.#known.get(name);
    this.#known.delete(name);
    void known?.then((file) => {
      this.#files.delete(file);
      file.gone();
    });
  }

  #detach(line: FileLine): void {
    this.#lines.delete(line);
    for (const file of this.#of(line.talk)) file.detached(line);
  }

  /** Work nobody waits for. */
  #run(work: Promise<unknown>): void {
    work.catch((fault: unknown) => this.#fault(fault));
  }

  #fault(fault: unknown): void {
    const detail = { operation: 'files' };
    const message = 'Something went wrong with a file.';
    this.#host.onFault(
      isPimError(fault) ? fault : new PimError('storage/failed', message, detail, fault),
    );
  }
}
