/** Journeys over relays that fail: some of several, all of them, and back again. */

import * as assert from 'uvu/assert';
import { arrived, connected, friends, type Journey } from './steps.js';

export const relays: readonly Journey[] = [
  {
    name: 'two of three relays die during a conversation, then the last: it goes on',
    isEssential: true,
    async run(driver) {
      const three = await Promise.all([driver.relay(), driver.relay(), driver.relay()]);
      const urls = three.map((relay) => relay.url);
      const { ann, bob } = await friends(driver, { relays: urls });
      const past = ann.log.length;
      for (const [n, relay] of three.entries()) {
        await Promise.all(
          urls.map((url) =>
            n > 0
              ? undefined
              : ann.sees('relay', (event) => event.url === url && event.state === 'online'),
          ),
        );
        await relay.kill();
        await ann.sees('relay', (event) => event.url === relay.url && event.state === 'waiting', {
          past,
        });
        await ann.ask('send', bob.address, `${n + 1} dead`);
        await arrived(bob, `${n + 1} dead`);
        await bob.ask('send', ann.address, `still here ${n + 1}`);
        await arrived(ann, `still here ${n + 1}`);
      }
      // Nobody noticed but the status line.
      assert.equal(ann.all('presence'), [{ address: bob.address, online: true }]);
      assert.equal(bob.all('presence'), [{ address: ann.address, online: true }]);
      assert.is((await ann.status(bob)).state, 'connected');
      assert.equal([...ann.all('error'), ...bob.all('error')], []);
    },
  },
  {
    name: 'two people who lost each other meet again over the one relay that is left',
    async run(driver) {
      const three = await Promise.all([driver.relay(), driver.relay(), driver.relay()]);
      const { ann, bob } = await friends(driver, { relays: three.map((relay) => relay.url) });
      await three[0].kill();
      await three[2].kill();
      await bob.leave();
      await ann.ask('send', bob.address, 'over the last one');
      await bob.reload();
      await driver.hurry(arrived(bob, 'over the last one'));
      assert.equal(bob.texts, ['hello', 'over the last one']);
    },
  },
  {
    name: 'a relay that comes back is joined again, and used',
    async run(driver) {
      const relay = await driver.relay();
      const { ann, bob } = await friends(driver, { relays: [relay.url] });
      const past = ann.log.length;
      await relay.kill();
      const lost = await ann.sees('relay', (event) => event.state === 'waiting', { past });
      assert.is(lost.reason?.code, 'relay/unreachable');
      await bob.leave();
      await ann.sees('presence', (event) => !event.online, { past });
      await ann.ask('send', bob.address, 'after the fire');
      await relay.revive();
      await bob.reload();
      await driver.hurry(ann.sees('relay', (event) => event.state === 'online', { past }));
      await driver.hurry(arrived(bob, 'after the fire'));
      assert.is((await ann.ask('relays.list'))[0]?.reason, null);
    },
  },
  {
    name: 'an unreachable relay among good ones is told and does no harm',
    async run(driver) {
      const [dead, good] = await Promise.all([driver.relay(), driver.relay()]);
      await dead.kill();
      const { ann, bob } = await friends(driver, { relays: [dead.url, good.url] });
      const status = await ann.sees('relay', ({ url, state }) => {
        return url === dead.url && state === 'waiting';
      });
      assert.is(status.reason?.code, 'relay/unreachable');
      await connected(ann, bob);
      const states = Object.fromEntries(
        (await ann.ask('relays.list')).map(({ url, state }) => [url, state]),
      );
      assert.is(states[good.url], 'online');
      assert.is.not(states[dead.url], 'online');
    },
  },
  {
    name: 'people on different relays meet once one adds the other’s relay',
    async run(driver) {
      const [north, south] = await Promise.all([driver.relay(), driver.relay()]);
      const ann = await driver.person('Ann', { relays: [north.url] });
      const bob = await driver.person('Bob', { relays: [south.url] });
      await bob.sees('relay', (event) => event.state === 'online');
      await ann.ask('contacts.add', bob.address, { relays: [south.url] });
      await ann.ask('send', bob.address, 'hello over there');
      await driver.hurry(bob.sees('request'));
      await bob.ask('contacts.accept', ann.address);
      await driver.hurry(connected(ann, bob));
      // The hint is kept with the contact.
      await ann.reload();
      await driver.hurry(connected(ann, bob));
    },
  },
];
