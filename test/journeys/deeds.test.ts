/** Edits, deletions, reactions, receipts and typing between two people, and what becomes of them. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually, type LocalPerson, type World, withWorld } from '../support/people.js';
import { together } from '../support/together.js';
import { friends as anyFriends, arrived, connected } from './steps.js';

const cases: [name: string, run: () => Promise<void>][] = [];
const holds = (name: string, run: () => Promise<void>) => cases.push([name, run]);
const TOLD = { privacy: { receipts: true, typing: true } };

type Two = { ann: LocalPerson; bob: LocalPerson };
async function friends(world: World, options = {}): Promise<Two> {
  return (await anyFriends(world, options)) as Two;
}

async function last(person: LocalPerson, other: LocalPerson) {
  const { messages } = await person.ask('conversations.history', other.address);
  return messages.at(-1);
}

holds('an edit, a reaction and a deletion reach the other side at once', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const { id } = await ann.ask('send', bob.address, 'helo');
    await arrived(bob, 'helo');
    await ann.ask('conversations.edit', bob.address, id, 'hello again');
    await bob.sees('message:update', (each) => each.text === 'hello again');
    await bob.ask('conversations.react', ann.address, id, '👍');
    const reacted = await ann.sees('message:update', (each) => each.reactions.length === 1);
    assert.equal(reacted.reactions, [{ emoji: '👍', from: [bob.address] }]);
    await ann.ask('conversations.delete', bob.address, id);
    await bob.sees('message:update', (each) => each.id === id && each.deleted);
    assert.equal((await last(bob, ann))?.text, '');
    assert.equal(await ann.history(bob), await bob.history(ann));
  }),
);

holds('what was changed while the other was away arrives as it reads then', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    await bob.leave();
    const { id } = await ann.ask('send', bob.address, 'frist');
    const gone = await ann.ask('send', bob.address, 'never mind');
    await ann.ask('conversations.edit', bob.address, id, 'first');
    await ann.ask('conversations.delete', bob.address, gone.id);
    await bob.reload();
    await world.hurry(bob.sees('message:update', (each) => each.id === gone.id));
    assert.equal(await bob.history(ann), ['hello', 'first', '']);
    assert.not.ok(bob.texts.includes('never mind'), 'the words never went over');
    assert.equal(
      bob.all('message').filter((each) => each.id === gone.id),
      [],
    );
  }),
);

holds('reading is told where both tell it, and not otherwise', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world, TOLD);
    const { id } = await ann.ask('send', bob.address, 'read me');
    await arrived(bob, 'read me');
    await bob.ask('conversations.markRead', ann.address);
    const receipt = await ann.sees('receipt', (each) => each.kind === 'read');
    assert.ok(receipt.ids.includes(id));
    assert.is((await last(ann, bob))?.status, 'read');
    await ann.reload();
    assert.is((await last(ann, bob))?.status, 'read', 'after a reload too');
    await ann.reload({ ...ann.options, privacy: {} });
    assert.is((await last(ann, bob))?.status, 'delivered', 'who does not tell is not told');
  }),
);

holds('what one tells can be chosen while it runs, and stays chosen', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    for (const person of [ann, bob]) {
      await person.ask('identity.setPrivacy', { receipts: true, typing: true });
    }
    await eventually(async () => {
      await ann.ask('conversations.typing', bob.address);
      return bob.all('typing').some((each) => each.typing);
    }, 'typing');
    const { id } = await ann.ask('send', bob.address, 'read me');
    await arrived(bob, 'read me');
    await bob.ask('conversations.markRead', ann.address);
    await ann.sees('receipt', (each) => each.kind === 'read' && each.ids.includes(id));

    // Off again: who writes is forgotten at once, and nothing more is told.
    await eventually(async () => {
      await ann.ask('conversations.typing', bob.address);
      return bob.all('typing').at(-1)?.typing === true;
    }, 'typing');
    const past = bob.log.length;
    await bob.ask('identity.setPrivacy', { typing: false, receipts: false });
    await bob.sees('typing', (each) => !each.typing, { past });
    await ann.reload();
    assert.is((await last(ann, bob))?.status, 'read', 'the choice outlived the page');
    const more = await ann.ask('send', bob.address, 'and me');
    await world.hurry(arrived(bob, 'and me'));
    await bob.ask('conversations.markRead', ann.address);
    await ann.ask('conversations.edit', bob.address, more.id, 'and me too');
    await bob.sees('message:update', (each) => each.text === 'and me too');
    assert.is.not((await last(ann, bob))?.status, 'read');
  }),
);

holds('who does not tell sends no receipt', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    await ann.ask('send', bob.address, 'read me');
    await arrived(bob, 'read me');
    await bob.ask('conversations.markRead', ann.address);
    await bob.ask('send', ann.address, 'and on');
    await arrived(ann, 'and on');
    assert.not.ok(ann.all('receipt').some((each) => each.kind === 'read'));
    assert.is((await bob.ask('conversations.open', ann.address)).unread, 0);
  }),
);

holds('writing is seen while it goes on, and ends by itself', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world, TOLD);
    await eventually(async () => {
      await ann.ask('conversations.typing', bob.address);
      return bob.all('typing').length > 0;
    }, 'typing');
    assert.equal(bob.all('typing')[0], {
      conversation: (await bob.ask('conversations.open', ann.address)).id,
      from: ann.address,
      typing: true,
    });
    await world.hurry(bob.sees('typing', (each) => !each.typing));
    await ann.ask('conversations.typing', bob.address);
    await bob.sees('typing', (each) => each.typing, { past: bob.log.length });
    const past = bob.log.length;
    await ann.ask('send', bob.address, 'there it is');
    await bob.sees('typing', (each) => !each.typing, { past });
  }),
);

holds('somebody removed and met again: new words stand behind the old ones on both sides', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    for (const text of ['two', 'three', 'four']) await ann.ask('send', bob.address, text);
    await arrived(bob, 'four');
    await bob.leave();
    await ann.ask('contacts.remove', bob.address);
    await ann.ask('contacts.add', bob.address);
    await ann.ask('send', bob.address, 'after all');
    await bob.reload();
    await world.hurry(arrived(bob, 'after all'));
    assert.equal(await bob.history(ann), ['hello', 'two', 'three', 'four', 'after all']);
  }),
);

holds('a hundred changes to one message leave the last of them, over crashes on both sides', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const { id } = await ann.ask('send', bob.address, 'v0');
    await arrived(bob, 'v0');
    for (let n = 1; n <= 60; n++) {
      await ann.ask('conversations.edit', bob.address, id, `v${n}`);
      if (n % 20 !== 0) continue;
      const person = n === 20 ? bob : ann;
      await person.crash();
      await person.reload();
      await world.hurry(connected(ann, bob));
    }
    await world.hurry(bob.sees('message:update', (each) => each.text === 'v60'));
    assert.equal(await bob.history(ann), ['hello', 'v60']);
    assert.equal(await ann.history(bob), ['hello', 'v60']);
  }),
);

together(test, cases);

test.run();
