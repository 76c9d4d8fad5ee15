/**
 * One byte flipped in every signal of one kind, and in no other: a relay that could see what it
 * cannot. Kind by kind, both ends say why there is no connection, or there is one all the same.
 * @time-limit 120
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { aimed, flip } from '../../relay/evil/envelopes.js';
import { compare } from '../../sdk/base/bytes.js';
import type { ErrorCode } from '../../sdk/base/errors.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import type { SignalKind } from '../../sdk/protocol/signal.js';
import { arrived, connected } from '../journeys/steps.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { type EventOf, type LocalPerson, type World, withWorld } from '../support/people.js';
import { together } from '../support/together.js';

test.after(() => printOutcomes('A relay that alters every signal of one kind:'));

const cases: [name: string, run: () => Promise<void>][] = [];
const attacked = (name: string, run: () => Promise<void>) => cases.push([name, run]);

/** A relay that flips a byte of every signal of `kind`. */
const relayAgainst = (world: World, kind: SignalKind) =>
  world.relay({
    tamper: aimed(flip(300), { nth: null, isMeant: (sealed) => world.kinds.of(sealed) === kind }),
  });

/** Two people, the lower key first. */
async function lowAndHigh(world: World, relays: readonly string[]) {
  const [one, other] = await Promise.all([
    world.person('Ann', { relays }),
    world.person('Bob', { relays }),
  ]);
  const isLow = compare(decodeAddress(one.address), decodeAddress(other.address)) < 0;
  return isLow ? { low: one, high: other } : { low: other, high: one };
}

/** How it stands when all knocks are over; before, people read as away while they are looked for. */
async function atLast<People extends readonly LocalPerson[]>(
  world: World,
  ...people: People
): Promise<{ [Person in keyof People]: EventOf<'connection'> }> {
  const away = people.map((person) =>
    person.sees('connection', (event) => event.state === 'offline', { limitMs: 20_000 }),
  );
  await world.hurry(Promise.all(away));
  await world.clock.pass(300_000);
  return people.map((person) => person.all('connection').at(-1)) as never;
}

/** Both look for each other, and give up: what low is told, and what high is. */
const BOTH_CALL: readonly [kind: SignalKind, low: ErrorCode, high: ErrorCode[]][] = [
  ['knock', 'peer/altered', ['peer/altered']],
  ['offer', 'peer/unanswered', ['peer/altered']],
  ['answer', 'peer/altered', ['peer/no-route']],
  // Candidates that overtake their OFFER were altered before the attempt that they would explain.
  ['candidates', 'peer/altered', ['peer/altered', 'peer/no-route']],
];

for (const [kind, toLow, toHigh] of BOTH_CALL) {
  attacked(`${kind}: both give up, and are told ${toLow} and ${toHigh.join(' or ')}`, () =>
    withWorld(async (world) => {
      const relay = await relayAgainst(world, kind);
      const { low, high } = await lowAndHigh(world, [relay.url]);
      await Promise.all([
        low.ask('contacts.add', high.address),
        high.ask('contacts.add', low.address),
      ]);
      const [one, other] = await atLast(world, low, high);
      refusedWith(`alters every ${kind}, the lower key`, one.reason, toLow);
      refusedWith(`alters every ${kind}, the higher key`, other.reason, toHigh);
      for (const person of [low, high]) assert.equal(person.all('presence'), []);
    }),
  );
}

attacked('hello: whoever calls gives up, and is told peer/altered', () =>
  withWorld(async (world) => {
    const relay = await relayAgainst(world, 'hello');
    const { low, high } = await lowAndHigh(world, [relay.url]);
    await high.ask('contacts.add', low.address);
    // High's own knocks, which need no HELLO, are over; nobody is at low's end of them yet.
    await atLast(world, high);
    await low.ask('contacts.add', high.address);
    const [one] = await atLast(world, low);
    refusedWith('alters every hello, the lower key', one.reason, 'peer/altered');
    assert.is(await high.connectionsMade(), 0);
  }),
);

attacked('hello: connected all the same where both call', () =>
  withWorld(async (world) => {
    const relay = await relayAgainst(world, 'hello');
    const { low, high } = await lowAndHigh(world, [relay.url]);
    await Promise.all([
      low.ask('contacts.add', high.address),
      high.ask('contacts.add', low.address),
    ]);
    await world.hurry(connected(low, high));
    outcome('alters every hello, both call', 'connected: the higher key’s knock needs none');
  }),
);

attacked('invite: no request is shown, and the relay is told apart', () =>
  withWorld(async (world) => {
    const relay = await relayAgainst(world, 'invite');
    const { low, high } = await lowAndHigh(world, [relay.url]);
    await high.sees('relay', (event) => event.state === 'online');
    await low.ask('send', high.address, 'hello');
    await world.hurry(high.sees('relay', (event) => event.alteredFrames >= 4));
    assert.equal(high.all('request'), []);
    assert.is(await high.connectionsMade(), 0);
    outcome('alters every invite', 'no request is shown; the relay’s altered frames are counted');
  }),
);

attacked('accept: connected all the same, since a knock says as much', () =>
  withWorld(async (world) => {
    const relay = await relayAgainst(world, 'accept');
    const { low, high } = await lowAndHigh(world, [relay.url]);
    await high.sees('relay', (event) => event.state === 'online');
    await low.ask('send', high.address, 'hello');
    await high.sees('request');
    await high.ask('contacts.accept', low.address);
    await world.hurry(Promise.all([connected(low, high), arrived(high, 'hello')]));
    await low.sees('relay', (event) => event.alteredFrames > 0);
    outcome('alters every accept', 'connected: the knock that follows it says as much');
  }),
);

together(test, cases, 4);

test.run();
