/** Journeys of people who meet: asking, accepting, declining, blocking, policies, names. */

import * as assert from 'uvu/assert';
import { refused } from '../support/people.js';
import { arrived, connected, friends, type Journey } from './steps.js';

export const meeting: readonly Journey[] = [
  {
    name: 'a stranger asks, is shown once, is accepted, and both talk both ways',
    isEssential: true,
    async run(driver) {
      const relay = await driver.relay();
      const ann = await driver.person('Ann', { relays: [relay.url] });
      const bob = await driver.person('Bob', { relays: [relay.url] });
      await bob.sees('relay', (event) => event.state === 'online');
      const message = await ann.ask('send', bob.address, 'hello');
      assert.is(message.status, 'waiting');
      assert.ok(message.mine);
      const request = await bob.sees('request');
      assert.is(request.from, ann.address);
      assert.is(request.name, 'Ann');
      assert.is(request.text, 'hello');
      assert.is(request.invite, null);
      assert.is((await ann.status(bob)).state, 'requested');
      assert.is(await bob.connectionsMade(), 0);

      // Asked again at once by a second message: still one request.
      await ann.ask('send', bob.address, 'are you there?');
      await bob.ask('contacts.accept', ann.address);
      await driver.hurry(connected(ann, bob));
      await arrived(bob, 'are you there?');
      await bob.ask('send', ann.address, 'yes');
      await arrived(ann, 'yes');
      assert.equal(bob.texts, ['hello', 'are you there?', 'yes']);
      assert.equal(ann.texts, ['hello', 'are you there?', 'yes']);
      assert.equal(await bob.history(ann), bob.texts);
      assert.equal(await ann.history(bob), bob.texts);
      assert.is(bob.all('request').length, 1);
      assert.equal(await bob.ask('contacts.requests'), []);
      assert.is((await ann.ask('contacts.get', bob.address))?.status, 'accepted');
    },
  },
  {
    name: 'both have the same safety number, and no one else',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const number = await ann.ask('identity.safetyNumber', bob.address);
      assert.match(number, /^\d{5}(?: \d{5}){11}$/);
      assert.is(await bob.ask('identity.safetyNumber', ann.address), number);
      const cleo = await driver.person('Cleo');
      assert.is.not(await cleo.ask('identity.safetyNumber', ann.address), number);
    },
  },
  {
    name: 'a declined request shows nothing again when it is repeated',
    async run(driver) {
      const relay = await driver.relay();
      const bob = await driver.person('Bob', { relays: [relay.url] });
      const ann = await driver.person('Ann', { relays: [relay.url] });
      await bob.sees('relay', (event) => event.state === 'online');
      await ann.ask('send', bob.address, 'let me in');
      await bob.sees('request');
      await bob.ask('contacts.decline', ann.address);
      assert.equal(await bob.ask('contacts.requests'), []);

      // Each message asks anew; somebody else's request shows that Bob hears strangers still.
      for (const text of ['please', 'please!', 'now!']) await ann.ask('send', bob.address, text);
      const cleo = await driver.person('Cleo', { relays: [relay.url] });
      await cleo.ask('send', bob.address, 'hello');
      await driver.hurry(bob.sees('request', (event) => event.from === cleo.address));
      assert.equal(
        bob.all('request').map((request) => request.from),
        [ann.address, cleo.address],
      );
      assert.is((await bob.ask('contacts.requests')).length, 1);
      assert.is((await ann.status(bob)).state, 'requested');

      // It outlives the page, too.
      const again = bob.log.length;
      await bob.reload();
      await ann.ask('send', bob.address, 'again');
      await cleo.ask('send', bob.address, 'hello again');
      await bob.sees('relay', (event) => event.state === 'online', { past: again });
      await bob.ask('contacts.accept', cleo.address);
      await driver.hurry(connected(bob, cleo));
      assert.is(bob.all('request').filter((request) => request.from === ann.address).length, 1);
    },
  },
  {
    name: 'a blocked contact reaches nobody, and what they wrote arrives once unblocked',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const past = ann.log.length;
      await bob.ask('contacts.block', ann.address);
      await ann.sees('presence', (event) => !event.online, { past });
      await ann.ask('send', bob.address, 'why?');
      assert.is((await refused(bob.ask('send', ann.address, 'x'))).code, 'contact/blocked');
      await driver.hurry(ann.sees('connection', (event) => event.state === 'calling', { past }));
      assert.not.ok(bob.texts.includes('why?'));
      assert.is((await bob.ask('contacts.get', ann.address))?.status, 'blocked');

      await bob.ask('contacts.unblock', ann.address);
      await driver.hurry(arrived(bob, 'why?'));
      assert.equal(bob.texts, ['hello', 'why?']);
      assert.is(bob.all('request').length, 1);
    },
  },
  {
    name: 'two people who add each other talk without a request',
    isEssential: true,
    async run(driver) {
      const relay = await driver.relay();
      const ann = await driver.person('Ann', { relays: [relay.url] });
      const bob = await driver.person('Bob', { relays: [relay.url] });
      const added = await ann.ask('contacts.add', bob.address, { name: 'Robert' });
      assert.is(added.status, 'added');
      assert.is(added.name, 'Robert');
      await bob.ask('contacts.add', ann.address);
      await driver.hurry(connected(ann, bob));
      await ann.ask('send', bob.address, 'hello');
      await arrived(bob, 'hello');
      await bob.ask('send', ann.address, 'hi');
      await arrived(ann, 'hi');
      assert.equal([...ann.all('request'), ...bob.all('request')], []);
      assert.is((await ann.ask('contacts.get', bob.address))?.name, 'Robert');
    },
  },
  {
    name: 'two people who write to each other first need no one to accept',
    async run(driver) {
      const relay = await driver.relay();
      const ann = await driver.person('Ann', { relays: [relay.url] });
      const bob = await driver.person('Bob', { relays: [relay.url] });
      await Promise.all([
        ann.ask('send', bob.address, 'from Ann'),
        bob.ask('send', ann.address, 'from Bob'),
      ]);
      await driver.hurry(Promise.all([arrived(bob, 'from Ann'), arrived(ann, 'from Bob')]));
      await connected(ann, bob);
      assert.equal(await ann.history(bob), await bob.history(ann));
      assert.is((await ann.history(bob)).length, 2);
    },
  },
  {
    name: 'a request is repeated until its addressee comes online',
    async run(driver) {
      const relay = await driver.relay();
      const bob = await driver.person('Bob', { relays: [relay.url] });
      await bob.leave();
      const ann = await driver.person('Ann', { relays: [relay.url] });
      await ann.ask('send', bob.address, 'hello');
      await ann.sees('relay', (event) => event.state === 'online');
      await bob.reload();
      await driver.hurry(bob.sees('request'));
      assert.is(bob.all('request').length, 1);
    },
  },
  {
    name: 'with the policy “accept” a stranger gets through at once',
    async run(driver) {
      const relay = await driver.relay();
      const bob = await driver.person('Bob', { relays: [relay.url], policy: 'accept' });
      const ann = await driver.person('Ann', { relays: [relay.url] });
      await bob.sees('relay', (event) => event.state === 'online');
      await ann.ask('send', bob.address, 'hello');
      await driver.hurry(arrived(bob, 'hello'));
      assert.equal(bob.all('request'), []);
      assert.is((await bob.ask('contacts.get', ann.address))?.status, 'accepted');
    },
  },
  {
    name: 'with the policy “contacts” a stranger shows nowhere until added',
    async run(driver) {
      const relay = await driver.relay();
      const bob = await driver.person('Bob', { relays: [relay.url], policy: 'contacts' });
      const ann = await driver.person('Ann', { relays: [relay.url] });
      await bob.sees('relay', (event) => event.state === 'online');
      await ann.ask('send', bob.address, 'hello');
      await ann.sees('relay', (event) => event.state === 'online');
      assert.equal(await bob.ask('contacts.requests'), []);
      assert.is(await bob.connectionsMade(), 0);
      await bob.ask('contacts.add', ann.address);
      await driver.hurry(arrived(bob, 'hello'));
      assert.equal(bob.all('request'), []);
    },
  },
  {
    name: 'a request shows the invitation it came by; a false or foreign token is refused at both ends',
    async run(driver) {
      const relay = await driver.relay();
      const bob = await driver.person('Bob', { relays: [relay.url] });
      const ann = await driver.person('Ann', { relays: [relay.url] });
      const cleo = await driver.person('Cleo', { relays: [relay.url] });
      await bob.sees('relay', (event) => event.state === 'online');
      const page = 'https://bob.example/me';
      const { id, link, token } = await bob.ask('invitations.create', { label: 'my site', page });
      const foreign = await ann.ask('invitations.create', { label: 'Ann’s own' });
      assert.ok(link.startsWith(`${page}#${bob.address}?t=${token}&r=`));
      await bob.reload();
      await ann.ask('contacts.add', bob.address, { invite: token });
      await ann.ask('send', bob.address, 'hello');
      for (const [invite, reason] of [
        [`${token.slice(0, 60)}${'A'.repeat(56)}`, 'forged'],
        [foreign.token, 'foreign'],
      ] as const) {
        const fault = await refused(cleo.ask('contacts.add', bob.address, { invite }));
        assert.is(fault.code, 'invitation/invalid');
        assert.equal(fault.detail, { reason });
      }
      await cleo.ask('send', bob.address, 'hello');
      const request = await driver.hurry(
        bob.sees('request', (event) => event.from === ann.address),
      );
      assert.equal([request.invite, request.invitation], ['my site', id]);
      const other = bob.sees('request', (event) => event.from === cleo.address);
      assert.is((await driver.hurry(other)).invite, null);
      const [made] = await bob.ask('invitations.list', page);
      assert.equal([made?.used, made?.link, made?.state], [1, link, 'open']);
    },
  },
  {
    name: 'people learn each other’s names, and new ones too',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const isCalled = (name: string) => (contact: { profileName: string }) =>
        contact.profileName === name;
      await ann.sees('contact', isCalled('Bob'));
      await bob.sees('contact', isCalled('Ann'));
      await bob.ask('identity.setName', 'Robert');
      await ann.sees('contact', isCalled('Robert'));
      assert.is((await ann.ask('contacts.get', bob.address))?.name, 'Robert');
      await ann.ask('contacts.rename', bob.address, 'my friend');
      const named = await ann.ask('contacts.get', bob.address);
      assert.equal([named?.name, named?.profileName], ['my friend', 'Robert']);

      // While the other is away as well.
      await ann.leave();
      await bob.ask('identity.setName', 'Bobby');
      await ann.reload();
      await driver.hurry(ann.sees('contact', isCalled('Bobby')));
    },
  },
  {
    name: 'a removed contact is a stranger again, and their messages are gone here',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      const past = bob.log.length;
      await bob.ask('contacts.remove', ann.address);
      const gone = await bob.sees('contact', (contact) => contact.removed === true, { past });
      assert.is(gone.address, ann.address);
      assert.equal(await bob.ask('contacts.list'), []);
      assert.equal(await bob.ask('conversations.list'), []);
      await bob.reload();
      assert.equal(await bob.ask('contacts.list'), []);
      assert.equal(await bob.ask('conversations.list'), []);
      assert.equal(await ann.history(bob), ['hello']);
    },
  },
  {
    name: 'a contact removed and added again hears every new word, and is heard',
    async run(driver) {
      const { ann, bob } = await friends(driver);
      await bob.ask('send', ann.address, 'first answer');
      await arrived(ann, 'first answer');
      for (const text of ['one', 'two']) await ann.ask('send', bob.address, text);
      await arrived(bob, 'two');
      await ann.ask('contacts.remove', bob.address);
      assert.equal(await ann.ask('conversations.list'), []);
      await ann.ask('contacts.add', bob.address);
      await ann.ask('send', bob.address, 'after a while');
      await driver.hurry(arrived(bob, 'after a while'));
      await bob.ask('send', ann.address, 'welcome back');
      await driver.hurry(arrived(ann, 'welcome back'));
      // Where they stand among the others is by the clock of a store that had forgotten them.
      const all = ['hello', 'first answer', 'one', 'two', 'after a while', 'welcome back'];
      assert.equal((await bob.history(ann)).sort(), all.sort());
      assert.is(bob.texts.length, new Set(bob.texts).size);
    },
  },
];
