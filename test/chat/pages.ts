/** Pages of two people that talk over a line, and one whose other end is the test. */

import * as assert from 'uvu/assert';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import { renewal, returns, settled } from '../../sdk/chat/later.js';
import { Sync } from '../../sdk/chat/sync.js';
import {
  type ChannelFrame,
  decodeChannelFrame,
  encodeChannelFrame,
} from '../../sdk/protocol/channel-frames.js';
import { decodeEntry } from '../../sdk/protocol/entry.js';
import { channelOn, HandDataChannel, Line } from '../peer/hand-channel.js';
import { HandPlatform, settle } from '../transport/hand-platform.js';
import { contentOf, Store, text } from './stores.js';

/** One person's page: their conversation, and what its sync has told. */
export class Page {
  readonly store: Store;
  readonly conversation: Conversation;
  readonly told: string[] = [];
  readonly delivered: [number, number][] = [];
  readonly sent: [number, number][] = [];
  /** Until when it takes to tell what went out. */
  telling: Promise<void> = Promise.resolve();
  readonly faults: unknown[] = [];
  readonly typing: boolean[] = [];
  readonly platform = new HandPlatform();
  sync: Sync | null = null;

  constructor(store: Store, conversation: Conversation) {
    this.store = store;
    this.conversation = conversation;
  }

  attach(channel: ConstructorParameters<typeof Sync>[0]): Sync {
    this.sync = new Sync(channel, this.conversation, {
      me: this.store.me,
      platform: this.platform,
      onTyping: (isTyping) => this.typing.push(isTyping),
      onEntries: (entries) => {
        for (const { entry } of entries) this.told.push(`${toHex(entry.device)}/${entry.seq}`);
      },
      onDelivered: (from, to) => this.delivered.push([from, to]),
      onSent: (from, to) => {
        this.sent.push([from, to]);
        return this.telling;
      },
      onFault: (fault) => this.faults.push(fault),
    });
    this.sync.start();
    return this.sync;
  }

  async write(...words: string[]): Promise<void> {
    for (const each of words) await this.conversation.append([text(each)]);
    this.sync?.appended();
  }
}

export async function twoPages(): Promise<[Page, Page]> {
  // What is fetched meanwhile takes its own time, and the lines below count turns.
  await Promise.all([renewal(), returns(), settled()]);
  const [a, b] = [await Store.of(1), await Store.of(2)];
  return [new Page(a, await a.conversation(b.key)), new Page(b, await b.conversation(a.key))];
}

export const newLine = () => new Line([new HandPlatform(), new HandPlatform()]);

export function join([a, b]: readonly [Page, Page]): Line {
  const line = newLine();
  a.attach(line.ends[0]);
  b.attach(line.ends[1]);
  return line;
}

export async function areLevel([a, b]: readonly [Page, Page]): Promise<void> {
  assert.equal(await contentOf(a.conversation), await contentOf(b.conversation));
}

/** A page whose other end is the test. */
export async function alone() {
  const [page, other] = await twoPages();
  const raw = new HandDataChannel();
  const platform = new HandPlatform();
  const channel = channelOn(raw, platform);
  raw.open();
  const ends: string[] = [];
  channel.onEnd = (reason) => ends.push(reason.code);
  const frames = () => raw.sent.map((bytes) => decodeChannelFrame(bytes));
  const deliver = async (frame: ChannelFrame) => {
    raw.deliver(encodeChannelFrame(frame));
    await settle();
  };
  const sentEntries = () =>
    frames().flatMap((frame) => (frame.kind === 'entry' ? decodeEntry(frame.bytes).seq : []));
  return { page, other, raw, channel, ends, frames, deliver, sentEntries, platform };
}

export const entryFrame = (bytes: Bytes): ChannelFrame => ({ kind: 'entry', bytes });
