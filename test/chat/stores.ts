/** People of chat tests: a key, a disk, and the conversations on it. */

import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import { Queue } from '../../sdk/base/queue.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import { Conversations } from '../../sdk/chat/conversations.js';
import type { StoredEntry } from '../../sdk/chat/entry-rows.js';
import { orderKey } from '../../sdk/chat/keys.js';
import { renewal, returns, settled } from '../../sdk/chat/later.js';
import type { Me } from '../../sdk/chat/level-talk.js';
import { readStored } from '../../sdk/chat/stored-rows.js';
import { entryTags, type TagOf } from '../../sdk/crypto/entry-tag.js';
import { type Entry, type EntryBody, NO_TAG } from '../../sdk/protocol/entry.js';
import { Random } from '../support/fuzz.js';
import { suite } from '../transport/hand-platform.js';
import { BrokenStorage } from './broken-storage.js';

// Fetched when they are needed; here before, so that a turn of the event loop is enough.
await Promise.all([renewal(), returns(), settled()]);

export const keyOf = (value: number): Bytes => new Uint8Array(32).fill(value);
/** The tags of somebody in these tests, whose keys are no keys. */
export const tagsOf = (key: Bytes): TagOf =>
  entryTags(suite, { agreementKey: key, agree: async () => key });
export const text = (words: string): EntryBody => ({ kind: 'text', text: words, replyTo: null });

/** One person's disk; `open` is a page that is opened on it. */
export class Store {
  readonly key: Bytes;
  readonly storage: BrokenStorage;
  now = 1_000;
  /** Messages that were told to read otherwise now. */
  readonly changed: StoredEntry[] = [];
  /** What was told to be read by the other person. */
  readonly read: string[] = [];
  #logs = 0;

  readonly me: Me;

  private constructor(key: Bytes, storage: BrokenStorage) {
    this.key = key;
    this.me = { key, tagOf: tagsOf(key) };
    this.storage = storage;
  }

  static async of(value: number): Promise<Store> {
    return new Store(keyOf(value), await BrokenStorage.opened());
  }

  /** Names of logs are drawn from this number on. */
  drawFrom(value: number): void {
    this.#logs = value;
  }

  async open(faults: string[] = []): Promise<Conversations> {
    const conversations = new Conversations(
      {
        storage: this.storage,
        queue: new Queue(),
        me: this.me,
        random: (length) => new Uint8Array(length).fill(++this.#logs),
        now: () => this.now++,
        onChanged: (_, messages) => this.changed.push(...messages),
        onRead: (_, device, from, to) => this.read.push(`${device} ${from}-${to}`),
      },
      suite,
    );
    const { conversations: rows } = await readStored(this.storage);
    conversations.load(rows, (fault) => faults.push(fault.code));
    return conversations;
  }

  /** The conversation with the owner of `key`, on a page opened now. */
  async conversation(key: Bytes): Promise<Conversation> {
    return (await this.open()).open(key);
  }
}

/** Entries of one log, in order: what somebody has written into `conversation` elsewhere. */
export function logOf(
  conversation: Conversation,
  author: Bytes,
  device: number,
  count: number,
  clockOf = (seq: number) => seq,
): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    conversation: conversation.id,
    author,
    device: new Uint8Array(8).fill(device),
    seq: i + 1,
    after: clockOf(i + 1),
    time: 500 + i,
    body: text(`${device}/${i + 1}`),
    tag: NO_TAG,
  }));
}

/** Every entry that is stored, in reading order, as `author/device/seq text`. */
export async function contentOf(conversation: Conversation): Promise<string[]> {
  const logs = conversation.heads.map((head) => conversation.shelf.behind(head, 0, 100_000));
  const found = (await Promise.all(logs)).flat().flatMap(({ stored }) => stored ?? []);
  const older = await conversation.page(null, 100_000);
  const all = new Map([...found, ...older.entries].map((each) => [orderKey(each.entry), each]));
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { entry }]) => {
      const words = entry.body.kind === 'text' ? entry.body.text : entry.body.kind;
      const names = [toHex(entry.author).slice(0, 2), toHex(entry.device).slice(0, 2), entry.seq];
      return `${names.join('/')} ${words}`;
    });
}

/** As `withRandom`, for what waits: a fresh seed, which a failure names. */
export async function withSeed(run: (random: Random) => Promise<void>): Promise<void> {
  const given = process.env.PIM_TEST_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  try {
    await run(new Random(seed));
  } catch (fault) {
    throw new Error(`failed with PIM_TEST_SEED=${seed}`, { cause: fault });
  }
}
