/** Who falls silent: noticed, looked for, heard again or replaced. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Person, twoContacts } from './meeting.js';

/** Connections of theirs that are not closed. */
const open = (person: Person) => person.meeting.network.of(person.name).length;

async function connected() {
  const all = await twoContacts();
  all.low.peer(all.high).call();
  await all.meeting.rest();
  assert.is(all.low.peer(all.high).state, 'connected', all.low.logged.join('\n'));
  assert.is(all.high.peer(all.low).state, 'connected', all.high.logged.join('\n'));
  return all;
}

/** Both read, so both watch. */
function watching(low: Person, high: Person): void {
  for (const [me, other] of [
    [low, high],
    [high, low],
  ] as const) {
    me.channel(other).read(() => undefined);
  }
}

test('whoever falls silent is away within five seconds, and looked for', async () => {
  const { meeting, low, high } = await connected();
  watching(low, high);
  const before = meeting.kinds(low).length;
  meeting.network.cut('high');
  meeting.bend = () => null;
  await meeting.pass(5_000);
  assert.is(low.peer(high).state, 'calling');
  assert.ok(meeting.kinds(low).slice(before).includes('knock'));
  assert.is(low.peer(high).channels.length, 1, 'kept: it may be heard again');
  await meeting.pass(3_000);
  assert.is(low.peer(high).state, 'offline');
  assert.is(low.peer(high).reason?.code, 'peer/offline');
});

test('a line that was silent and is heard again goes on, and nobody calls any longer', async () => {
  const { meeting, low, high } = await connected();
  watching(low, high);
  const channel = low.channel(high);
  meeting.network.cut('high');
  meeting.bend = () => null;
  await meeting.pass(6_000);
  assert.is.not(low.peer(high).state, 'connected');
  meeting.network.restore('high');
  await meeting.pass(1_000);
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.peer(low).state, 'connected');
  assert.is(low.channel(high), channel);
  const sent = meeting.kinds().length;
  meeting.bend = (sealed) => sealed;
  await meeting.pass(60_000);
  assert.is(meeting.kinds().length, sent);
  assert.is(low.secured.length, 1);
});

test('another session takes the place of one that stays silent', async () => {
  const { meeting, low, high } = await connected();
  watching(low, high);
  const before = low.channel(high);
  // The page sleeps: its connection is there, and it neither hears nor says anything.
  for (const name of ['low', 'high']) {
    const [connection] = meeting.network.of(name);
    Object.assign(connection?.channel(0) ?? {}, { send: () => undefined });
  }
  await meeting.pass(6_000);
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.peer(low).state, 'connected');
  assert.is.not(low.channel(high), before);
  assert.is(low.peer(high).channels.length, 1);
  assert.is(open(low) + open(high), 2);
});

test('where only one of two hears nothing, its knock makes another session, whoever it is', async () => {
  for (const deaf of ['low', 'high'] as const) {
    const { meeting, low, high } = await connected();
    watching(low, high);
    const [connection] = meeting.network.of(deaf === 'low' ? 'high' : 'low');
    Object.assign(connection?.channel(0) ?? {}, { send: () => undefined });
    // The other one hears its pings: that is sign of life enough.
    await meeting.pass(5_000);
    assert.is(low.secured.length, 2, deaf);
    assert.is(low.peer(high).state, 'connected', deaf);
    assert.is(high.peer(low).state, 'connected', deaf);
    assert.is(open(low) + open(high), 2, deaf);
  }
});

test('who wakes asks whether the others are still there', async () => {
  const { meeting, low, high } = await connected();
  watching(low, high);
  meeting.network.cut('high');
  meeting.bend = () => null;
  low.book.wake();
  await meeting.pass(2_000);
  assert.is.not(low.peer(high).state, 'connected');
});

test('nobody’s answer for three seconds is away, and the knocks go on', async () => {
  const { meeting, low, high } = await twoContacts();
  meeting.bend = () => null;
  low.peer(high).call();
  await meeting.pass(2_900);
  assert.equal(low.told, ['calling']);
  await meeting.pass(100);
  assert.equal(low.told, ['calling', 'offline peer/offline']);
  const before = meeting.kinds(low).length;
  meeting.bend = (sealed) => sealed;
  await meeting.pass(16_000);
  assert.ok(meeting.kinds(low).length > before);
  assert.is(low.peer(high).state, 'connected');
});

test.run();
