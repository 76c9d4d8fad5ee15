/**
 * Two people, on two or three devices, whose disks fail, whose pages die and whose lines break when a
 * list of steps says so. Knows everything that was ever written, and holds what the stores have against it.
 */

import * as assert from 'uvu/assert';
import { toHex } from '../../../sdk/base/bytes.js';
import type { Conversation } from '../../../sdk/chat/conversation.js';
import type { StoredEntry } from '../../../sdk/chat/entry-rows.js';
import { logName, messageId, orderKey } from '../../../sdk/chat/keys.js';
import type { ConversationRecord } from '../../../sdk/chat/records.js';
import { Sync } from '../../../sdk/chat/sync.js';
import type { Entry, EntryBody } from '../../../sdk/protocol/entry.js';
import { Line } from '../../peer/hand-channel.js';
import { HandPlatform, settle } from '../../transport/hand-platform.js';
import type { Failure } from '../broken-storage.js';
import { Crash } from '../broken-storage.js';
import { keyOf, Store } from '../stores.js';
import { referenceView, type Seen } from './reference.js';

const ANN = keyOf(1);
const BOB = keyOf(2);

export class Device {
  readonly name: string;
  readonly store: Store;
  readonly platform = new HandPlatform();
  /** Null while the page is dead. */
  conversation: Conversation | null = null;
  /** Everything this device has written, as it was meant. */
  readonly written: Entry[] = [];
  /** Entries written elsewhere that it was told of, over all its pages. */
  readonly told: string[] = [];
  readonly syncs = new Set<Sync>();

  constructor(name: string, store: Store) {
    this.name = name;
    this.store = store;
  }

  get isAnn(): boolean {
    return toHex(this.store.key) === toHex(ANN);
  }

  async open(): Promise<void> {
    const conversation = await this.store.conversation(this.isAnn ? BOB : ANN);
    // What a crash kept from being told is written all the same.
    const known = this.written.length;
    const log = { author: this.store.key, device: conversation.log };
    for (const { entry } of await conversation.shelf.behind(log, known, 10)) {
      // A receipt is meant by itself; what a full disk refused before it never was written.
      const body = entry.body.kind === 'read' ? entry.body : this.pending;
      assert.ok(body !== null, `${this.name} has an entry that nobody wrote`);
      this.written.push({ ...entry, body });
    }
    this.pending = null;
    this.conversation = conversation;
  }

  /** What was being written when the page died. */
  pending: EntryBody | null = null;

  async write(body: EntryBody): Promise<void> {
    if (this.conversation === null) return;
    this.pending = body;
    const stored = await this.conversation.append([body]);
    this.pending = null;
    this.written.push(...stored.map(({ entry }) => ({ ...entry, body })));
    for (const sync of this.syncs) sync.appended();
  }

  /** The messages here, oldest first, as this device shows them. */
  async messages(): Promise<StoredEntry[]> {
    if (this.conversation === null) return [];
    return (await this.conversation.page(null, 100_000)).entries.reverse();
  }

  join(line: Line, end: 0 | 1, onOdd: (what: string) => void): void {
    const channel = line.ends[end];
    if (this.conversation === null) return channel.end(new Crash('dead') as never);
    const sync: Sync = new Sync(channel, this.conversation, {
      me: this.store.me,
      platform: this.platform,
      onEntries: (entries) => {
        for (const { entry } of entries) this.told.push(orderKey(entry));
        for (const each of this.syncs)
          if (each !== sync) each.acknowledge(entries.map(({ entry }) => entry));
      },
      onDelivered: () => undefined,
      onSent: () => undefined,
      onTyping: () => undefined,
      onFault: () => undefined,
    });
    this.syncs.add(sync);
    channel.onEnd = (reason) => {
      sync.stop();
      this.syncs.delete(sync);
      if (reason.code === 'peer/protocol') onOdd(`${this.name}: ${JSON.stringify(reason.detail)}`);
    };
    sync.start();
  }
}

export type Step =
  | {
      readonly do: 'send' | 'edit' | 'delete' | 'reply';
      readonly who: number;
      readonly pick: number;
    }
  | { readonly do: 'react'; readonly who: number; readonly pick: number; readonly isSet: boolean }
  | { readonly do: 'read' | 'reload' | 'heal'; readonly who: number }
  | { readonly do: 'carry'; readonly line: number; readonly end: 0 | 1; readonly count: number }
  | { readonly do: 'connect'; readonly who: number; readonly keeps: boolean }
  | { readonly do: 'cut'; readonly line: number }
  | { readonly do: 'fail'; readonly who: number; readonly nth: number; readonly how: Failure }
  | { readonly do: 'jump'; readonly who: number; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number };

export class World {
  readonly devices: readonly Device[];
  readonly #lines: { readonly line: Line; readonly ann: Device }[] = [];
  readonly #odd: string[] = [];
  #words = 0;

  private constructor(devices: readonly Device[]) {
    this.devices = devices;
  }

  /** @param annsDevices one or two; Bob has one */
  static async of(annsDevices: 1 | 2): Promise<World> {
    const anns = await Promise.all(
      Array.from({ length: annsDevices }, async (_, n) => {
        const store = await Store.of(1);
        // Two devices of one person draw different names for their logs.
        store.drawFrom(100 * n);
        return new Device(`ann${n + 1}`, store);
      }),
    );
    const world = new World([...anns, new Device('bob', await Store.of(2))]);
    for (const device of world.devices) await device.open();
    return world;
  }

  get #bob(): Device {
    return this.devices.at(-1) as Device;
  }

  async step(step: Step): Promise<void> {
    const who = 'who' in step ? (this.devices[step.who % this.devices.length] as Device) : null;
    try {
      await this.#do(step, who);
    } catch (fault) {
      // A full disk says so; a page that died is opened again by a later step.
      if (fault instanceof Crash && who !== null) await this.#die(who);
    }
    await settle();
    await this.#checkDelivered();
    for (const each of this.devices) if (each.store.storage.isDead) await this.#die(each);
  }

  /** What is called delivered lies on the other disk, now and not soon. */
  async #checkDelivered(): Promise<void> {
    for (const device of this.devices) {
      const { conversation } = device;
      if (conversation === null) continue;
      const others = device === this.#bob ? this.devices.slice(0, -1) : [this.#bob];
      const rows = await Promise.all(
        others.map(({ store }) => store.storage.get('conversations', conversation.name)),
      );
      const name = logName({ author: device.store.key, device: conversation.log });
      const heads = rows.map((row) => (row as ConversationRecord | undefined)?.heads[name] ?? 0);
      const delivered = conversation.deliveredTo(conversation.log);
      assert.ok(delivered <= Math.max(...heads), `${device.name}: delivered and not stored`);
    }
  }

  async #do(step: Step, who: Device | null): Promise<void> {
    if (step.do === 'carry' || step.do === 'cut') {
      const found = this.#lines[step.line % Math.max(1, this.#lines.length)];
      if (found === undefined) return;
      if (step.do === 'carry') return void (await found.line.carry(step.end, step.count));
      await this.#cut(found.line);
      return;
    }
    if (step.do === 'wait') {
      for (const { platform } of this.devices) await platform.pass(step.ms);
      return;
    }
    if (who === null) return;
    switch (step.do) {
      case 'fail':
        return who.store.storage.failAt(step.nth, step.how);
      case 'heal':
        return who.store.storage.heal();
      case 'jump':
        who.store.now = Math.max(0, who.store.now + step.ms);
        return;
      case 'reload':
        return this.#reopen(who);
      case 'connect':
        return this.#connect(who, step.keeps);
      case 'read':
        await who.conversation?.markRead(true);
        return this.#noteReceipts(who);
      default:
        return this.#write(step, who);
    }
  }

  async #write(step: Extract<Step, { readonly pick: number }>, who: Device): Promise<void> {
    const text = `${who.name}.${++this.#words}`;
    if (step.do === 'send') return who.write({ kind: 'text', text, replyTo: null });
    const all = await who.messages();
    const mine = all.filter(({ entry }) => toHex(entry.author) === toHex(who.store.key));
    const from = step.do === 'reply' || step.do === 'react' ? all : mine;
    const found = from[step.pick % Math.max(1, from.length)];
    if (found === undefined || found.fold?.isDeleted) return;
    const { author, device, seq } = found.entry;
    const target = { author, device, seq };
    if (step.do === 'reply') return who.write({ kind: 'text', text, replyTo: target });
    if (step.do === 'delete') return who.write({ kind: 'delete', target: { device, seq } });
    if (step.do === 'edit') return who.write({ kind: 'edit', target: { device, seq }, text });
    const emoji = ['👍', '❤️', '😂'][step.pick % 3] as string;
    const isSet = step.do === 'react' && step.isSet;
    return who.write({ kind: 'react', target, isSet, emoji });
  }

  /** Receipts are written by the conversation itself. */
  async #noteReceipts(who: Device): Promise<void> {
    const { conversation } = who;
    if (conversation === null) return;
    const log = { author: who.store.key, device: conversation.log };
    for (const { entry } of await conversation.shelf.behind(log, who.written.length, 200)) {
      assert.is(entry.body.kind, 'read');
      who.written.push(entry);
    }
  }

  async #connect(who: Device, keeps: boolean): Promise<void> {
    const bob = this.#bob;
    const ann = who === bob ? (this.devices[0] as Device) : who;
    if (!keeps)
      for (const { line } of this.#lines.filter((each) => each.ann === ann)) await this.#cut(line);
    if (ann.conversation === null || bob.conversation === null || this.#lines.length > 5) return;
    const line = new Line([ann.platform, bob.platform]);
    this.#lines.push({ line, ann });
    ann.join(line, 0, (what) => this.#odd.push(what));
    bob.join(line, 1, (what) => this.#odd.push(what));
  }

  async #cut(line: Line): Promise<void> {
    await line.cut();
    const at = this.#lines.findIndex((each) => each.line === line);
    if (at >= 0) this.#lines.splice(at, 1);
  }

  async #die(who: Device): Promise<void> {
    who.conversation = null;
    const lines = this.#lines.filter(({ ann }) => ann === who || who === this.#bob);
    for (const { line } of lines) await this.#cut(line);
  }

  async #reopen(who: Device): Promise<void> {
    await this.#die(who);
    who.store.storage.heal();
    await who.open();
  }

  /** Everybody is well, everybody meets: now all stores must be level, and nothing may be missing. */
  async check(): Promise<void> {
    for (const device of this.devices) await this.#reopen(device);
    for (const device of this.devices) if (device !== this.#bob) await this.#connect(device, true);
    for (let round = 0; round < 8; round++) for (const { line } of this.#lines) await line.drain();
    assert.equal(this.#odd, [], 'nobody sends what the other does not understand');
    for (const device of this.devices) await this.#checkDevice(device);
  }

  async #checkDevice(device: Device): Promise<void> {
    const conversation = device.conversation as Conversation;
    const others = this.devices.filter((each) => each !== device);
    const expected = [device, ...others].flatMap(({ written }) => written);
    assert.equal(await viewOf(device), referenceView(expected), `what ${device.name} sees`);
    const told = new Set(device.told);
    assert.is(told.size, device.told.length, `${device.name} was told something twice`);
    const { heads, record } = conversation;
    const counts = heads.reduce((sum, { seq }) => sum + seq, 0);
    assert.is(counts, expected.length, `entries of ${device.name}`);
    assert.is(conversation.deliveredTo(conversation.log), conversation.ownHead, 'all delivered');
    await checkLogs(conversation);
    const unread = referenceView(expected).filter(({ id, words }) => {
      const entry = others.flatMap(({ written }) => written).find((each) => messageId(each) === id);
      if (entry === undefined || words === '') return false;
      if (toHex(entry.author) === toHex(device.store.key)) return false;
      const name = `${toHex(entry.author)}/${toHex(entry.device)}`;
      return entry.seq > (record.seen[name] ?? 0);
    });
    assert.is(record.unread, unread.length, `unread of ${device.name}`);
  }
}

async function viewOf(device: Device): Promise<Seen[]> {
  return (await device.messages()).map((stored) => {
    const { entry, fold } = stored;
    const reactions = (fold?.reactions ?? []).filter(({ isSet }) => isSet);
    const emoji = reactions.map((each) => `${each.author.slice(0, 2)} ${each.emoji}`);
    const own = entry.body.kind === 'text' ? entry.body.text : '';
    return { id: messageId(entry), words: fold?.edit?.text ?? own, emoji: emoji.sort() };
  });
}

/** Every log without a gap, its clock growing, each entry once. */
async function checkLogs(conversation: Conversation): Promise<void> {
  for (const head of conversation.heads) {
    const log = await conversation.shelf.behind(head, 0, 100_000);
    assert.equal(
      log.map(({ entry }) => entry.seq),
      Array.from({ length: head.seq }, (_, n) => n + 1),
    );
    for (const [n, { entry }] of log.entries()) {
      assert.ok(n === 0 || entry.after > (log[n - 1]?.entry.after ?? 0), 'an author’s order');
    }
  }
}
