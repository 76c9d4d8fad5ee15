/** Journeys of people who are not always there: reloads, outboxes, order, statuses. */

import * as assert from 'uvu/assert';
import { arrived, connected, friends, type Journey } from './steps.js';

const numbers = (count: number, prefix = '') =>
  Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`);

export const absence: readonly Journey[] = [
  {
    name: 'a reload on either side keeps identity, contacts and history',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      await bob.ask('send', ann.address, 'hi');
      await arrived(ann, 'hi');
      const texts = ['hello', 'hi'];
      for (const [one, other] of [
        [ann, bob],
        [bob, ann],
      ] as const) {
        const before = one.address;
        const past = [one.log.length, other.log.length] as const;
        await one.reload();
        assert.is(one.address, before);
        assert.equal(await one.history(other), texts);
        const contacts = await one.ask('contacts.list');
        assert.equal(
          contacts.map((contact) => [contact.address, contact.status, contact.name]),
          [[other.address, 'accepted', other.name]],
        );
        const isOnline = (event: { online: boolean }) => event.online;
        await driver.hurry(
          Promise.all([
            one.sees('presence', isOnline, { past: past[0] }),
            other.sees('presence', isOnline, { past: past[1] }),
          ]),
        );
        const text = `${one.name} is back`;
        await one.ask('send', other.address, text);
        await arrived(other, text);
        texts.push(text);
      }
      assert.equal(await ann.history(bob), texts);
      assert.equal(await bob.history(ann), texts);
    },
  },
  {
    name: 'a message written while the other is away arrives when both are back, once',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const past = ann.log.length;
      await bob.leave();
      await ann.sees('presence', (event) => !event.online, { past });
      const message = await ann.ask('send', bob.address, 'for later');
      assert.is(message.status, 'waiting');
      await bob.reload();
      await driver.hurry(arrived(bob, 'for later'));
      await ann.sees('message:update', ({ id, status }) => {
        return id === message.id && status === 'delivered';
      });
      assert.equal(bob.texts, ['hello', 'for later']);
    },
  },
  {
    name: 'many messages of both, written apart, arrive in order once both have reloaded',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      await bob.leave();
      for (const text of numbers(10, 'a')) await ann.ask('send', bob.address, text);
      await ann.leave();
      await bob.reload();
      for (const text of numbers(10, 'b')) await bob.ask('send', ann.address, text);
      await bob.leave();
      await Promise.all([ann.reload(), bob.reload()]);
      await driver.hurry(Promise.all([arrived(bob, 'a10'), arrived(ann, 'b10')]));
      const of = (texts: string[], prefix: string) =>
        texts.filter((text) => text.startsWith(prefix));
      // Told once, in the order they were written; and the same history on both sides.
      assert.equal(of(bob.texts, 'a'), numbers(10, 'a'));
      assert.equal(
        of(ann.texts, 'b').filter((text) => text !== 'bye'),
        numbers(10, 'b'),
      );
      const history = await ann.history(bob);
      assert.is(history.length, 21);
      assert.equal(await bob.history(ann), history);
      assert.equal(of(history, 'a'), numbers(10, 'a'));
      assert.equal(of(history, 'b'), numbers(10, 'b'));
    },
  },
  {
    name: 'the outbox outlives stop and start',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      await bob.leave();
      await ann.ask('send', bob.address, 'one');
      await ann.ask('stop');
      await ann.ask('start');
      await ann.ask('send', bob.address, 'two');
      await bob.reload();
      await driver.hurry(arrived(bob, 'two'));
      assert.equal(bob.texts, ['hello', 'one', 'two']);
    },
  },
  {
    name: 'a message waits, is sent, is delivered, and each is told',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const past = ann.log.length;
      await bob.leave();
      await ann.sees('presence', (event) => !event.online, { past });
      const { id, conversation } = await ann.ask('send', bob.address, 'when you are back');
      await bob.reload();
      const receipt = ann.sees('receipt', (event) => event.ids.includes(id));
      assert.equal(await driver.hurry(receipt), {
        conversation,
        from: bob.address,
        ids: [id],
        kind: 'delivered',
      });
      const first = ann.all('message').find((message) => message.id === id);
      const later = ann.all('message:update').filter((message) => message.id === id);
      assert.equal(
        [first, ...later].map((message) => message?.status),
        ['waiting', 'sent', 'delivered'],
      );
      const { messages } = await ann.ask('conversations.history', bob.address);
      assert.is(messages.at(-1)?.status, 'delivered');
      await ann.reload();
      const kept = await ann.ask('conversations.history', bob.address);
      assert.is(kept.messages.at(-1)?.status, 'delivered');
      const theirs = await bob.ask('conversations.history', ann.address);
      assert.is(theirs.messages.at(-1)?.status, 'received');
    },
  },
  {
    name: 'presence tells who comes and who leaves',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const past = ann.log.length;
      await bob.leave();
      await ann.sees('presence', (event) => !event.online, { past });
      assert.is.not((await ann.status(bob)).state, 'connected');
      await bob.reload();
      await driver.hurry(ann.sees('presence', (event) => event.online, { past }));
      assert.is((await ann.status(bob)).state, 'connected');
    },
  },
  {
    name: 'unread messages are counted, over a reload too, until they are read',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      await ann.ask('send', bob.address, 'second');
      await arrived(bob, 'second');
      const unread = async () => (await bob.ask('conversations.list'))[0]?.unread;
      assert.is(await unread(), 2);
      await bob.reload();
      assert.is(await unread(), 2);
      await bob.ask('conversations.markRead', ann.address);
      assert.is(await unread(), 0);
      await driver.hurry(connected(ann, bob));
      await ann.ask('send', bob.address, 'third');
      await arrived(bob, 'third');
      assert.is(await unread(), 1);
    },
  },
  {
    name: 'a long history is read page by page from its end',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const texts = numbers(60);
      for (const text of texts) await ann.ask('send', bob.address, text);
      await arrived(bob, '60');
      const newest = await bob.ask('conversations.history', ann.address, { limit: 25 });
      assert.ok(newest.more);
      const before = newest.messages[0]?.id ?? '';
      const older = await bob.ask('conversations.history', ann.address, { limit: 500, before });
      assert.not.ok(older.more);
      assert.equal(
        [...older.messages, ...newest.messages].map((message) => message.text),
        ['hello', ...texts],
      );
    },
  },
];
