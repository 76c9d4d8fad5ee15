/**
 * A relay that is not honest with what it forwards, end to end: it only ever achieves "not
 * connected", says why in one sentence, and does no harm beside one honest relay.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  delay,
  drop,
  everyOther,
  flip,
  record,
  reflect,
  repeat,
  swapOrder,
  swapRecipients,
} from '../../relay/evil/envelopes.js';
import type { Envelope, Tamper } from '../../relay/index.js';
import { equal } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { arrived, connected } from '../journeys/steps.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { type LocalPerson, type World, withWorld } from '../support/people.js';
import { together } from '../support/together.js';

test.after(() => printOutcomes('An evil relay that forwards:'));

const cases: [name: string, run: () => Promise<void>][] = [];
const attacked = (name: string, run: () => Promise<void>) => cases.push([name, run]);

/** Two people who have each other as contacts and nobody else to go by than this relay. */
async function pair(
  world: World,
  tamper: Tamper,
  honestToo = false,
): Promise<{ ann: LocalPerson; bob: LocalPerson }> {
  const evil = await world.relay({ tamper });
  const honest = honestToo ? [(await world.relay()).url] : [];
  const relays = [evil.url, ...honest];
  const ann = await world.person('Ann', { relays });
  const bob = await world.person('Bob', { relays });
  await Promise.all([ann.ask('contacts.add', bob.address), bob.ask('contacts.add', ann.address)]);
  return { ann, bob };
}

/** Both have given up; what each was told. */
async function givenUp(world: World, ann: LocalPerson, bob: LocalPerson) {
  const over = (person: LocalPerson) =>
    person.sees('connection', (event) => event.state === 'offline', { limitMs: 20_000 });
  const [one, other] = await world.hurry(Promise.all([over(ann), over(bob)]));
  for (const person of [ann, bob]) {
    assert.equal(person.all('presence'), []);
    assert.equal(person.texts, []);
    for (const made of person.machine.connections) assert.is.not(made.connectionState, 'connected');
  }
  return [one.reason, other.reason] as const;
}

async function talk(world: World, ann: LocalPerson, bob: LocalPerson): Promise<void> {
  await world.hurry(connected(ann, bob));
  await Promise.all([ann.ask('send', bob.address, 'ping'), bob.ask('send', ann.address, 'pong')]);
  await world.hurry(Promise.all([arrived(bob, 'ping'), arrived(ann, 'pong')]));
  assert.equal([...ann.texts].sort(), ['ping', 'pong']);
  assert.equal([...bob.texts].sort(), ['ping', 'pong']);
}

/** Attacks nobody gets past without another relay, and what people are told then. */
const CUT_OFF: readonly [
  attack: string,
  tamper: () => Tamper,
  code: 'peer/offline' | 'peer/altered',
][] = [
  ['drops everything', () => drop, 'peer/offline'],
  ['reflects everything to its sender', () => reflect, 'peer/altered'],
  ['flips the version byte of everything', () => flip(0), 'peer/altered'],
  ['flips a byte of the encapsulated key of everything', () => flip(17), 'peer/altered'],
  ['flips a byte of the ciphertext of everything', () => flip(200), 'peer/altered'],
  ['flips a byte of the tag of everything', () => flip(-1), 'peer/altered'],
  ['cuts everything short', () => cutShort, 'peer/altered'],
  ['sends zeros in the place of everything', () => zeros, 'peer/altered'],
];

const cutShort: Tamper = ({ to, sealed }) => [{ to, sealed: sealed.slice(0, -1) }];
const zeros: Tamper = ({ to, sealed }) => [{ to, sealed: new Uint8Array(sealed.length) }];

for (const [attack, tamper, code] of CUT_OFF) {
  attacked(`${attack}: not connected, and both are told why`, () =>
    withWorld(async (world) => {
      const { ann, bob } = await pair(world, tamper());
      const reasons = await givenUp(world, ann, bob);
      for (const reason of reasons) assert.is(reason?.code, code);
      refusedWith(`evil relay: ${attack}`, reasons[0], code);
      const [status] = await ann.ask('relays.list');
      assert.is((status?.alteredFrames ?? 0) > 0, code === 'peer/altered');
    }),
  );

  attacked(`${attack}: connected all the same beside one honest relay`, () =>
    withWorld(async (world) => {
      const { ann, bob } = await pair(world, tamper(), true);
      await talk(world, ann, bob);
      outcome(`evil relay: ${attack}, beside an honest one`, 'connected over the honest one');
    }),
  );
}

/** Attacks that cost time at most. */
const HARMLESS: readonly [attack: string, tamper: (world: World) => Tamper][] = [
  ['delivers everything five times', () => repeat(5)],
  ['delivers everything in another order', (world) => swapOrder(world.clock.setTimer)],
  ['loses every other envelope', () => everyOther()],
  ['delays everything by 1.5 s', (world) => delay(1_500, world.clock.setTimer)],
];

for (const [attack, tamper] of HARMLESS) {
  attacked(`${attack}: connected, each message once`, () =>
    withWorld(async (world) => {
      const { ann, bob } = await pair(world, tamper(world), attack.startsWith('loses'));
      await talk(world, ann, bob);
      outcome(`evil relay: ${attack}`, 'connected, each message once');
    }),
  );
}

attacked('delivers everything to somebody else: neither is connected to anybody', () =>
  withWorld(async (world) => {
    const keys: Uint8Array[] = [];
    const tamper: Tamper = (envelope, deliver) => {
      const [bob, cleo] = keys;
      if (bob === undefined || cleo === undefined) return [];
      return swapRecipients(bob as never, cleo as never)(envelope, deliver);
    };
    const evil = await world.relay({ tamper });
    const make = (name: string) => world.person(name, { relays: [evil.url] });
    const [ann, bob, cleo] = await Promise.all([make('Ann'), make('Bob'), make('Cleo')]);
    for (const person of [bob, cleo]) keys.push(decodeAddress(person.address));
    // Everybody knows everybody, so that only the cryptography stands in the way.
    const all = [ann, bob, cleo];
    for (const one of all) {
      for (const other of all) if (one !== other) await one.ask('contacts.add', other.address);
    }
    const isOver = (event: { state: string; address: string }) =>
      event.state === 'offline' && event.address === bob.address;
    const { reason } = await world.hurry(ann.sees('connection', isOver, { limitMs: 20_000 }));
    const codes = ['peer/offline', 'peer/altered', 'peer/unanswered'] as const;
    refusedWith('evil relay: delivers Bob’s mail to Cleo', reason, codes);
    for (const person of all) assert.equal(person.all('presence'), []);
    assert.ok(((await cleo.ask('relays.list'))[0]?.alteredFrames ?? 0) > 0);
  }),
);

/**
 * One byte flipped in one step of the set-up, always in that step: the n-th envelope of a sender
 * after the first knock. Kinds cannot be told from outside, so steps are counted.
 */
for (const step of [0, 1, 2, 3]) {
  attacked(`flips a byte in step ${step + 1} of every attempt: connected later or not at all`, () =>
    withWorld(async (world) => {
      const random = (n: number) => (n * 7919 + step * 104_729) % 561;
      let attempt = 0;
      const seen = new Map<string, number>();
      const tamper: Tamper = (envelope, deliver) => {
        const from = Buffer.from(envelope.from).toString('hex');
        const count = seen.get(from) ?? 0;
        seen.set(from, count + 1);
        return count % 4 === step ? flip(random(attempt++))(envelope, deliver) : [envelope];
      };
      const { ann, bob } = await pair(world, tamper);
      const isSettled = (event: { state: string }) =>
        event.state === 'offline' || event.state === 'connected';
      const last = await world.hurry(ann.sees('connection', isSettled, { limitMs: 25_000 }));
      if (last.state === 'connected') {
        await talk(world, ann, bob);
        outcome(
          `evil relay: flips a byte in step ${step + 1} of 4`,
          'connected at a later attempt',
        );
      } else {
        const codes = ['peer/altered', 'peer/unanswered', 'peer/no-route', 'peer/offline'] as const;
        refusedWith(`evil relay: flips a byte in step ${step + 1} of 4`, last.reason, codes);
      }
    }),
  );
}

attacked('two relays that compare copies of one signal see no byte twice', () =>
  withWorld(async (world) => {
    const [left, right]: [Envelope[], Envelope[]] = [[], []];
    const relays = await Promise.all([
      world.relay({ tamper: record(left) }),
      world.relay({ tamper: record(right) }),
    ]);
    const urls = relays.map((relay) => relay.url);
    const ann = await world.person('Ann', { relays: urls });
    const bob = await world.person('Bob', { relays: urls });
    await Promise.all([ann.ask('contacts.add', bob.address), bob.ask('contacts.add', ann.address)]);
    await talk(world, ann, bob);
    for (const one of left) {
      for (const other of right) {
        const enc = (envelope: Envelope) => envelope.sealed.subarray(1, 33);
        assert.not.ok(equal(enc(one), enc(other)));
      }
    }
    outcome('two evil relays: compare their copies', 'no two are alike');
  }),
);

together(test, cases);

test.run();
