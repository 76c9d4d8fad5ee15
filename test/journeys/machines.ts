/** Journeys on odd machines: wrong clocks, second tabs, no storage, a device wiped. */

import * as assert from 'uvu/assert';
import { refused } from '../support/people.js';
import { arrived, connected, friends, type Journey } from './steps.js';

const TEN_YEARS_MS = 10 * 365.25 * 86_400_000;

export const machines: readonly Journey[] = [
  {
    name: 'clocks ten years off in both directions change nothing',
    async run(driver) {
      const relay = await driver.relay();
      const relays = [relay.url];
      const ann = await driver.person('Ann', { relays, clockOffsetMs: TEN_YEARS_MS });
      const bob = await driver.person('Bob', { relays, clockOffsetMs: -TEN_YEARS_MS });
      await bob.sees('relay', (event) => event.state === 'online');
      await ann.ask('send', bob.address, 'from the future');
      await driver.hurry(bob.sees('request'));
      await bob.ask('contacts.accept', ann.address);
      await driver.hurry(arrived(bob, 'from the future'));
      await bob.ask('send', ann.address, 'from the past');
      await arrived(ann, 'from the past');
      await bob.leave();
      await ann.ask('send', bob.address, 'later');
      await Promise.all([bob.reload(), ann.reload()]);
      await driver.hurry(arrived(bob, 'later'));
      assert.equal(await ann.history(bob), ['from the future', 'from the past', 'later']);
      assert.equal(await bob.history(ann), await ann.history(bob));
      // Shown no later than it was stored here.
      const { messages } = await bob.ask('conversations.history', ann.address);
      const now = Date.now() - TEN_YEARS_MS;
      assert.ok(messages.every((message) => message.time <= now + 60_000));
    },
  },
  {
    name: 'a clock that was set back ten years since the last visit still knocks',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const past = ann.log.length;
      await ann.reload({ clockOffsetMs: -TEN_YEARS_MS });
      await driver.hurry(ann.sees('presence', (event) => event.online, { past }));
      await ann.ask('send', bob.address, 'younger');
      await arrived(bob, 'younger');
      assert.equal(await bob.history(ann), ['hello', 'younger']);
    },
  },
  {
    name: 'a second tab goes along with the first, and goes on without it',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const tab = await driver.tab(ann);
      await tab.ask('start');
      assert.is(tab.address, ann.address);
      assert.is((await tab.status(bob)).state, 'connected');
      assert.is(await tab.connectionsMade(), 0);

      await tab.ask('send', bob.address, 'from the other tab');
      await arrived(bob, 'from the other tab');
      await ann.sees('message', ({ text }) => text === 'from the other tab');
      await bob.ask('send', ann.address, 'to both');
      for (const each of [ann, tab]) await arrived(each, 'to both');

      const past = tab.log.length;
      await ann.leave();
      await driver.hurry(tab.sees('presence', (event) => event.online, { past }));
      await tab.ask('send', bob.address, 'without the first');
      await arrived(bob, 'without the first');
      assert.is(tab.texts.filter((text) => text === 'to both').length, 1);
      const all = ['hello', 'from the other tab', 'to both', 'without the first'];
      assert.equal(await tab.history(bob), all);
      assert.equal(await bob.history(ann), all);
      assert.equal(tab.all('error'), []);

      await ann.reload();
      assert.equal(await ann.history(bob), all);
      assert.is((await ann.status(bob)).state, 'connected');
    },
  },
  {
    name: 'two profiles of one page are two people',
    async run(driver) {
      const relay = await driver.relay();
      const ann = await driver.person('Ann', { relays: [relay.url] });
      const work = await driver.tab(ann, { profile: 'work', name: 'Ann at work' });
      await work.ask('start');
      assert.is.not(work.address, ann.address);
      await work.sees('relay', (event) => event.state === 'online');
      await ann.ask('send', work.address, 'note to self');
      await driver.hurry(work.sees('request'));
    },
  },
  {
    name: 'storage “memory” keeps nothing over a reload, and says so',
    async run(driver) {
      const { ann, bob } = await friends(driver, { storage: 'memory' });
      assert.is(ann.all('ready')[0]?.isPersistent, false);
      assert.equal(await ann.history(bob), ['hello']);
      const before = ann.address;
      await ann.reload();
      assert.is.not(ann.address, before);
      assert.equal(await ann.ask('contacts.list'), []);
      assert.equal(ann.all('error'), []);
    },
  },
  {
    name: 'a browser that keeps nothing falls back to memory, says so, and works',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver, { hasIndexedDb: false });
      assert.is(ann.all('ready')[0]?.isPersistent, false);
      assert.is(ann.all('error')[0]?.code, 'storage/unavailable');
      await bob.ask('send', ann.address, 'works');
      await arrived(ann, 'works');
    },
  },
  {
    name: 'a wipe leaves nothing: another identity, no contact, no message',
    isEssential: true,
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const before = ann.address;
      const past = bob.log.length;
      await ann.ask('identity.wipe');
      assert.is((await refused(ann.ask('contacts.list'))).code, 'pim/stopped');
      await bob.sees('presence', (event) => !event.online, { past });
      await ann.ask('start');
      assert.is.not(ann.address, before);
      assert.is(ann.all('ready').at(-1)?.isNew, true);
      assert.equal(await ann.ask('contacts.list'), []);
      assert.equal(await ann.ask('conversations.list'), []);
      assert.equal(
        await bob.history(ann).catch((fault) => fault.fault.code),
        'conversation/unknown',
      );
    },
  },
  {
    name: 'stopping and starting again makes no second identity and loses nothing',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const before = ann.address;
      await ann.ask('stop');
      assert.is((await refused(ann.ask('send', bob.address, 'x'))).code, 'pim/stopped');
      const past = bob.log.length;
      await ann.ask('start');
      assert.is(ann.address, before);
      await driver.hurry(bob.sees('presence', (event) => event.online, { past }));
      await driver.hurry(connected(ann, bob));
    },
  },
];
