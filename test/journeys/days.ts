/**
 * Two friends on the whole SDK, whose relays die, whose lines break, whose disks fill up, whose pages
 * die between two writes and whose clocks jump when a list of steps says so, while they write and send
 * each other files. Knows everything that was ever sent, and holds what both have at the end against it.
 */

import { randomBytes } from 'node:crypto';
import * as assert from 'uvu/assert';
import type { Message } from '../../sdk/index.js';
import {
  eventually,
  type LocalPerson,
  type LocalRelay,
  Refused,
  type World,
} from '../support/people.js';
import { friends } from './steps.js';

type Who = 0 | 1;
interface Writing {
  readonly do: 'write';
  readonly how: 'send' | 'edit' | 'delete' | 'react';
  readonly who: Who;
  readonly pick: number;
}
interface Fetching {
  readonly do: 'fetch';
  readonly how: 'accept' | 'pause';
  readonly who: Who;
  readonly pick: number;
}

export type Step =
  | Writing
  | Fetching
  | { readonly do: 'file'; readonly who: Who; readonly bytes: number }
  | { readonly do: 'relay'; readonly which: 0 | 1 }
  | {
      readonly do: 'break';
      readonly how: 'cut' | 'fail' | 'leave' | 'crash';
      readonly who: Who;
    }
  | {
      readonly do: 'die';
      readonly who: Who;
      readonly nth: number;
      readonly when: 'before' | 'after';
    }
  | { readonly do: 'full'; readonly who: Who }
  | { readonly do: 'return'; readonly who: Who }
  | { readonly do: 'jump'; readonly who: Who; readonly ms: number }
  | { readonly do: 'pass'; readonly ms: number };

/** What a person may be refused with on such days; anything else is a fault. */
const EXPECTED = /^(?:storage\/|file\/|message\/deleted|pim\/stopped|conversation\/)/;

interface Given {
  readonly id: string;
  readonly bytes: Uint8Array;
  isWanted: boolean;
}

class Friend {
  readonly person: LocalPerson;
  isHere = true;
  isCut = false;
  /** Told the moment the page dies. */
  #onEnd: () => void = () => undefined;

  constructor(person: LocalPerson) {
    this.person = person;
  }

  /** The result of what the page does; null where it died meanwhile or refused for a good reason. */
  async does<Result>(deed: () => Promise<Result>): Promise<Result | null> {
    if (!this.isHere) return null;
    const end = new Promise<null>((resolve) => {
      this.#onEnd = () => resolve(null);
    });
    const run = deed().catch((fault: unknown) => {
      if (!this.isHere) return null;
      const code = fault instanceof Refused ? fault.fault.code : (fault as { code?: string }).code;
      if (code !== undefined && EXPECTED.test(code)) return null;
      throw fault;
    });
    return Promise.race([run, end]);
  }

  /** The page ends, with a goodbye or without. */
  gone(how: 'leave' | 'crash'): void {
    if (!this.isHere) return;
    this.isHere = false;
    this.person.disk.onWrite = () => undefined;
    void this.person[how]();
    this.#onEnd();
  }

  diesAt(nth: number, when: 'before' | 'after'): void {
    let left = nth;
    this.person.disk.onWrite = (now) => {
      if (now === when && --left === 0) this.gone('crash');
    };
  }

  async returns(): Promise<void> {
    if (this.isHere) return;
    this.isHere = true;
    await this.does(() => this.person.begin());
  }
}

export class Days {
  readonly #world: World;
  readonly #friends: readonly [Friend, Friend];
  readonly #relays: readonly LocalRelay[];
  readonly #dead = new Set<LocalRelay>();
  /** Texts that `send` has promised to keep, by their id. */
  readonly #promised = new Map<string, string>([]);
  readonly #tried = new Set<string>(['hello']);
  readonly #changed = new Set<string>();
  readonly #files: Given[] = [];
  #words = 0;

  private constructor(world: World, people: readonly [Friend, Friend], relays: LocalRelay[]) {
    this.#world = world;
    this.#friends = people;
    this.#relays = relays;
  }

  static async of(world: World): Promise<Days> {
    const relays = await Promise.all([world.relay(), world.relay()]);
    const { ann, bob } = await friends(world, { relays: relays.map(({ url }) => url) });
    const both = [ann, bob].map((each) => new Friend(each as LocalPerson));
    return new Days(world, both as [Friend, Friend], relays);
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'pass') return this.#world.clock.pass(step.ms);
    if (step.do === 'relay') return this.#toggle(this.#relays[step.which] as LocalRelay);
    const friend = this.#friends[step.who];
    const other = this.#friends[1 - step.who] as Friend;
    const { person } = friend;
    if (step.do === 'full') person.disk.isFull = !person.disk.isFull;
    else if (step.do === 'jump') await this.#jump(friend, step.ms);
    else if (step.do === 'return') await friend.returns();
    else if (!friend.isHere) return;
    else if (step.do === 'break') this.#break(friend, step.how);
    else if (step.do === 'die') friend.diesAt(step.nth, step.when);
    else if (step.do === 'file') await this.#offer(friend, other, step.bytes);
    else if (step.do === 'fetch') await this.#fetch(friend, other, step);
    else await this.#write(friend, other, step);
  }

  /** The clock is another one when the page is opened again. */
  async #jump(friend: Friend, ms: number): Promise<void> {
    friend.gone('leave');
    friend.person.options = { ...friend.person.options, clockOffsetMs: ms };
    await friend.returns();
  }

  async #toggle(relay: LocalRelay): Promise<void> {
    if (this.#dead.delete(relay)) return relay.revive();
    this.#dead.add(relay);
    await relay.kill();
  }

  #break(friend: Friend, how: 'cut' | 'fail' | 'leave' | 'crash'): void {
    if (how === 'cut') this.#cut(friend);
    else if (how === 'fail') this.#world.network.fail(friend.person.owner);
    else friend.gone(how);
  }

  #cut(friend: Friend): void {
    const { network } = this.#world;
    friend.isCut = !friend.isCut;
    if (friend.isCut) network.cut(friend.person.owner);
    else network.restore(friend.person.owner);
  }

  async #messages({ person }: Friend, other: Friend): Promise<readonly Message[]> {
    const { messages } = await person.pim.conversations.history(other.person.address, {
      limit: 500,
    });
    return messages;
  }

  async #write(friend: Friend, other: Friend, step: Writing): Promise<void> {
    const to = other.person.address;
    const word = `${friend.person.name} ${++this.#words}`;
    this.#tried.add(word);
    if (step.how === 'send') {
      const sent = await friend.does(() => friend.person.ask('send', to, word));
      if (sent !== null) this.#promised.set(sent.id, word);
      return;
    }
    const all = (await friend.does(() => this.#messages(friend, other))) ?? [];
    const fit = all.filter(({ mine, deleted }) => !deleted && (mine || step.how === 'react'));
    const message = fit[step.pick % fit.length];
    if (message === undefined) return;
    if (step.how !== 'react') this.#changed.add(message.id);
    const { conversations } = friend.person.pim;
    if (step.how === 'react') {
      const change = step.pick % 2 === 0 ? 'react' : 'unreact';
      await friend.does(() => conversations[change](to, message.id, '👍'));
    } else if (step.how === 'delete') {
      await friend.does(() => conversations.delete(to, message.id));
    } else await friend.does(() => conversations.edit(to, message.id, word));
  }

  async #offer(friend: Friend, other: Friend, size: number): Promise<void> {
    const bytes = new Uint8Array(randomBytes(size));
    const file = new File([bytes], `${++this.#words}.bin`);
    const { files } = friend.person.pim;
    const sent = await friend.does(() => files.send(other.person.address, file));
    if (sent !== null) this.#files.push({ id: sent.id, bytes, isWanted: false });
  }

  async #fetch(friend: Friend, other: Friend, step: Fetching): Promise<void> {
    const all = (await friend.does(() => this.#messages(friend, other))) ?? [];
    const offered = all.filter(({ file, mine }) => file !== null && !mine);
    const message = offered[step.pick % offered.length];
    const given = this.#files.find(({ id }) => id === message?.id);
    if (given === undefined) return;
    const { files } = friend.person.pim;
    if (step.how === 'accept') given.isWanted = true;
    else if (!given.isWanted) return;
    await friend.does(() => files[step.how](other.person.address, given.id));
  }

  /** Whatever was broken is whole again, and both are here. */
  async #mend(): Promise<void> {
    for (const relay of [...this.#dead]) await this.#toggle(relay);
    for (const friend of this.#friends) {
      friend.person.disk.isFull = false;
      friend.person.disk.onWrite = () => undefined;
      if (friend.isCut) this.#cut(friend);
      await friend.returns();
      friend.person.machine.wake('online');
    }
  }

  /**
   * @param levelMs real milliseconds until both must have the same, and each file be there
   * @throws where anything was lost, doubled or moved
   */
  async check(levelMs: number): Promise<void> {
    await this.#mend();
    const [ann, bob] = this.#friends;
    const { clock } = this.#world;
    const waiting = eventually(() => this.#isLevel(), 'the same conversation', levelMs);
    await this.#world.hurry(waiting).catch(async (fault) => {
      assert.equal(await this.#view(ann, bob), await this.#view(bob, ann), 'after mending');
      throw fault;
    });
    const view = await this.#view(ann, bob);
    const ids = view.map(({ id }) => id);
    assert.is(new Set(ids).size, ids.length, 'a message is there once');
    for (const [id, text] of this.#promised) {
      const found = view.find((each) => each.id === id);
      assert.ok(found !== undefined, `“${text}” was promised and is lost`);
      if (!this.#changed.has(id)) assert.is(found.text, text);
    }
    for (const { text } of view) {
      assert.ok(text === '' || this.#tried.has(text), `nobody wrote “${text}”`);
    }
    await clock.pass(1_000);
    for (const { person } of [ann, bob]) {
      const told = person.all('message').map(({ id }) => id);
      assert.is(new Set(told).size, told.length, `${person.name} was told of a message twice`);
    }
    await this.#checkFiles(levelMs);
  }

  async #isLevel(): Promise<boolean> {
    const [ann, bob] = this.#friends;
    const [one, two] = await Promise.all([this.#messages(ann, bob), this.#messages(bob, ann)]);
    const isDelivered = [...one, ...two].every(
      ({ mine, status }) => !mine || status === 'delivered',
    );
    const same =
      JSON.stringify(await this.#view(ann, bob)) === JSON.stringify(await this.#view(bob, ann));
    return isDelivered && same;
  }

  async #view(friend: Friend, other: Friend) {
    const names = [friend.person.address, other.person.address].sort();
    const messages = await this.#messages(friend, other);
    return messages.map(({ id, text, deleted, editedAt, reactions, file, from }) => ({
      ...{ id, text, deleted, isEdited: editedAt !== null, from: names.indexOf(from) },
      file: file?.name ?? null,
      reactions: reactions.map((each) => each.emoji).sort(),
    }));
  }

  async #checkFiles(levelMs: number): Promise<void> {
    const [ann, bob] = this.#friends;
    const shown = await this.#messages(ann, bob);
    for (const { id, bytes, isWanted } of this.#files) {
      const message = shown.find((each) => each.id === id);
      assert.ok(message !== undefined, 'a file that was sent is lost');
      if (!isWanted || message.deleted) continue;
      const [from, to] = message.mine ? [ann, bob] : [bob, ann];
      const { files } = to.person.pim;
      const author = from.person.address;
      const state = async () => (await files.status(author, id)).state;
      if ((await state()) === 'offered') await files.accept(author, id);
      if (/paused|failed|cancelled/.test(await state())) await files.resume(author, id);
      await this.#world.hurry(
        eventually(async () => (await state()) === 'done', `file ${id}`, levelMs),
      );
      const read = await files.read(author, id);
      assert.equal(new Uint8Array(await read.arrayBuffer()), bytes, 'the same file');
    }
  }
}
