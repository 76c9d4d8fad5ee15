/** Journeys of people with more than one device, one after the other or at once. */

import * as assert from 'uvu/assert';
import { type Driver, eventually, type Person } from '../support/people.js';
import { arrived, connected, friends, type Journey, settled } from './steps.js';

/** Milliseconds; a busy machine has four browsers' worth of pages to serve meanwhile. */
const PATIENCE_MS = 60_000;

export const devices: readonly Journey[] = [
  {
    name: 'from words on a new device, the whole chat comes back from the friend, once',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      await bob.ask('send', ann.address, 'hi');
      await arrived(ann, 'hi');
      const { id } = await ann.ask('send', bob.address, 'a word to mend');
      const { id: gone } = await ann.ask('send', bob.address, 'a word to forget');
      await ann.ask('conversations.edit', bob.address, id, 'a mended word');
      await ann.ask('conversations.delete', bob.address, gone);
      await ann.ask('conversations.react', bob.address, id, '👍');
      await ann.ask('conversations.markRead', bob.address);
      await bob.ask('conversations.markRead', ann.address);
      await settled(ann, bob);
      const before = await seen(ann, bob);
      const words = await ann.ask('identity.words');
      const past = bob.log.length;
      await ann.leave();
      await bob.sees('presence', (event) => !event.online, { past });

      const phone = await another(driver, ann, words);
      await phone.ask('contacts.add', bob.address);
      await driver.hurry(isLevel(phone, bob, before));
      assert.equal(await bob.history(ann), await phone.history(bob));
      const told = phone.all('message').map((message) => message.id);
      assert.is(new Set(told).size, told.length, 'told of each of them once');
      assert.equal(phone.all('error'), []);

      // And it is a conversation like any other.
      await phone.ask('conversations.edit', bob.address, id, 'mended twice');
      await bob.sees('message:update', (message) => message.text === 'mended twice');
      await phone.reload({ isStarted: true });
      const texts = before.map(({ text }) => (text === 'a mended word' ? 'mended twice' : text));
      assert.equal(await phone.history(bob), texts);
    },
  },
  {
    name: 'two devices of one person become level through a friend who is there',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const phone = await another(driver, ann, await ann.ask('identity.words'));
      await phone.ask('contacts.add', bob.address);
      await driver.hurry(connected(phone, bob));
      await driver.hurry(arrived(phone, 'hello'));

      await ann.ask('send', bob.address, 'from the desk');
      await Promise.all([bob, phone].map((each) => arrived(each, 'from the desk')));
      await phone.ask('send', bob.address, 'from the phone');
      await Promise.all([bob, ann].map((each) => arrived(each, 'from the phone')));
      await bob.ask('send', ann.address, 'to both');
      await Promise.all([ann, phone].map((each) => arrived(each, 'to both')));

      // Written while the friend is away, it waits for them as everything does.
      const { id } = await phone.ask('send', bob.address, 'a word from the phone');
      await arrived(ann, 'a word from the phone');
      await ann.ask('conversations.delete', bob.address, id);
      for (const each of [bob, phone])
        await each.sees('message:update', (message) => message.id === id && message.deleted);
      for (const each of [ann, phone, bob]) {
        const told = each.texts.filter((text) => text === 'from the phone');
        assert.is(told.length, 1, `${each.name} is told of it once`);
      }
      const other = (each: Person) => (each === bob ? ann : bob);
      const all = await Promise.all([ann, phone, bob].map((each) => each.history(other(each))));
      const texts = ['hello', 'from the desk', 'from the phone', 'to both', ''];
      assert.equal(all, [texts, texts, texts]);
    },
  },
];

/** Another device of somebody, from their words. */
async function another(driver: Driver, of: Person, words: string | readonly string[]) {
  const device = await driver.tab(of, { profile: 'phone', name: of.name });
  await device.become([words].flat().join(' '));
  assert.is(device.address, of.address);
  return device;
}

interface Shown {
  readonly id: string;
  readonly text: string;
  readonly mine: boolean;
  readonly deleted: boolean;
  readonly status: string;
  readonly reactions: unknown;
}

async function seen(who: Person, other: Person): Promise<Shown[]> {
  const { messages } = await who.ask('conversations.history', other.address, { limit: 500 });
  return messages.map(({ id, text, mine, deleted, status, reactions }) => {
    return { id, text, mine, deleted, status, reactions };
  });
}

/** Resolves when `who` sees what was seen `before`, with nothing more and nothing less. */
async function isLevel(who: Person, other: Person, before: readonly Shown[]): Promise<void> {
  let last: readonly Shown[] = [];
  const check = async () => {
    last = await seen(who, other);
    return JSON.stringify(last) === JSON.stringify(before);
  };
  await eventually(check, 'level', PATIENCE_MS).catch(() => assert.equal(last, before));
}
