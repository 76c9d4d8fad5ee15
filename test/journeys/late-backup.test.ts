/** A backup that is older than the last words: what was written after it comes back from the friend. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually, type LocalPerson, type World, withWorld } from '../support/people.js';
import { arrived, friends, settled } from './steps.js';

const PASS = 'correct horse battery';

/** Another device of somebody, from a backup file. */
async function restored(world: World, of: LocalPerson, file: Uint8Array): Promise<LocalPerson> {
  const device = await world.tab(of, { profile: 'phone', name: of.name });
  const { identity } = device.pim;
  await identity.restore(await identity.readBackup(file, PASS));
  device.address = device.pim.address;
  return device;
}

/** Resolves when both show these texts, and nothing else. */
async function show(one: LocalPerson, other: LocalPerson, texts: readonly string[]): Promise<void> {
  let last: readonly string[][] = [];
  const check = async () => {
    last = await Promise.all([one.history(other), other.history(one)]);
    return last.every((each) => JSON.stringify(each) === JSON.stringify(texts));
  };
  await eventually(check, 'the same words').catch(() => assert.equal(last, [texts, texts]));
}

test('what was written after a backup comes back from the friend, once, beside new words', () =>
  withWorld(async (world) => {
    const { ann, bob } = (await friends(world)) as { ann: LocalPerson; bob: LocalPerson };
    await settled(ann, bob);
    const file = await ann.pim.identity.backup(PASS);
    const before = await ann.history(bob);
    const { id } = await ann.ask('send', bob.address, 'after the backup');
    await arrived(bob, 'after the backup');
    await bob.ask('send', ann.address, 'an answer');
    await arrived(ann, 'an answer');
    await ann.ask('conversations.edit', bob.address, id, 'mended after the backup');
    await settled(ann, bob);
    const all = await ann.history(bob);
    const past = bob.log.length;
    await ann.leave();
    await bob.sees('presence', (event) => !event.online, { past });

    const phone = await restored(world, ann, file);
    assert.equal(await phone.history(bob), before);
    await world.hurry(show(phone, bob, all));
    await phone.ask('send', bob.address, 'from the phone');
    await world.hurry(show(phone, bob, [...all, 'from the phone']));
    assert.equal(phone.all('error'), []);
  }));

test.run();
