/**
 * Yesterday's frames: a whole session is recorded, both sides come back, and everything is played
 * again, to both, in order and shuffled. Nothing is disturbed and nothing appears twice.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { record } from '../../relay/evil/envelopes.js';
import type { Envelope, Tamper } from '../../relay/index.js';
import { arrived, connected } from '../journeys/steps.js';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { Random } from '../support/fuzz.js';
import { type LocalPerson, type World, withWorld } from '../support/people.js';

test.after(() => printOutcomes('Yesterday’s frames:'));

interface Tape {
  readonly envelopes: Envelope[];
  play(envelopes: readonly Envelope[]): void;
}

function tape(): Tape & { readonly tamper: Tamper } {
  const envelopes: Envelope[] = [];
  let deliver: (envelope: Envelope) => void = () => undefined;
  const recording = record(envelopes);
  return {
    envelopes,
    play: (given) => {
      for (const envelope of given) deliver(envelope);
    },
    tamper: (envelope, later) => {
      deliver = later;
      return recording(envelope, later);
    },
  };
}

/** From the first word of a stranger to a conversation, all of it on tape. */
async function yesterday(world: World, url: string) {
  const ann = await world.person('Ann', { relays: [url] });
  const bob = await world.person('Bob', { relays: [url] });
  await bob.sees('relay', (event) => event.state === 'online');
  await ann.ask('send', bob.address, 'hello');
  await bob.sees('request');
  await bob.ask('contacts.accept', ann.address);
  await world.hurry(arrived(bob, 'hello'));
  await bob.ask('send', ann.address, 'hi');
  await arrived(ann, 'hi');
  return { ann, bob };
}

const sockets = (person: LocalPerson) => person.machine.connections.length;

/** What was played has been read and answered: some time has passed, and signals take their turn. */
const settle = (world: World) => world.clock.pass(1_500);

for (const order of ['in order', 'backwards', 'shuffled', 'five times'] as const) {
  test(`a session of yesterday played ${order} disturbs nothing and shows nothing twice`, () =>
    withWorld(async (world) => {
      const recorder = tape();
      const relay = await world.relay({ tamper: recorder.tamper });
      const { ann, bob } = await yesterday(world, relay.url);
      const old = [...recorder.envelopes];
      assert.ok(old.length >= 6);
      await Promise.all([ann.reload(), bob.reload()]);
      await world.hurry(connected(ann, bob));
      const before = {
        ann: { seen: ann.log.length, sockets: sockets(ann) },
        bob: { seen: bob.log.length, sockets: sockets(bob) },
      };

      const seed = Math.floor(Math.random() * 2 ** 31);
      const random = new Random(seed);
      const played = {
        'in order': () => old,
        backwards: () => [...old].reverse(),
        shuffled: () => [...old].sort(() => random.next() - 0.5),
        'five times': () => Array.from({ length: 5 }, () => old).flat(),
      }[order]();
      recorder.play(played);
      await settle(world);

      const context = `seed ${seed}`;
      for (const [person, at] of [
        [ann, before.ann],
        [bob, before.bob],
      ] as const) {
        const since = person.log.slice(at.seen).map((seen) => seen.type);
        for (const type of ['request', 'message', 'presence', 'error', 'contact'] as const) {
          assert.not.ok(
            since.includes(type),
            `${person.name} saw ${person.told(at.seen)} ${context}`,
          );
        }
        assert.is(
          (await person.ask('connections.status', other(person, ann, bob))).state,
          'connected',
        );
      }
      // No connection is opened for a stale OFFER, and the one that is up stays up.
      assert.is(sockets(bob), before.bob.sockets, context);
      assert.is(sockets(ann), before.ann.sockets, context);
      await ann.ask('send', bob.address, 'still here');
      await arrived(bob, 'still here');
      assert.equal(await bob.history(ann), ['hello', 'hi', 'still here']);
      outcome(`an evil relay plays a whole session again ${order}`, 'nothing disturbed');
    }));
}

const other = (person: LocalPerson, ann: LocalPerson, bob: LocalPerson) =>
  person === ann ? bob.address : ann.address;

test('yesterday’s frames played while the friend is away connect nobody and open nothing', () =>
  withWorld(async (world) => {
    const recorder = tape();
    const relay = await world.relay({ tamper: recorder.tamper });
    const { ann, bob } = await yesterday(world, relay.url);
    const old = [...recorder.envelopes];
    await ann.leave();
    await bob.reload();
    await bob.sees('connection', (event) => event.state === 'calling');
    const past = bob.log.length;
    const opened = sockets(bob);
    for (const envelope of old) recorder.play([envelope]);
    await settle(world);
    recorder.play(old);
    await world.hurry(
      bob.sees('connection', (event) => event.state === 'offline', { past, limitMs: 20_000 }),
    );
    for (const made of bob.machine.connections) assert.is.not(made.connectionState, 'connected');
    assert.ok(sockets(bob) - opened <= 1, `${sockets(bob) - opened} connections`);
    assert.equal(
      bob.log.slice(past).filter((seen) => seen.type === 'message'),
      [],
    );
    assert.equal(
      bob.log.slice(past).filter((seen) => seen.type === 'request'),
      [],
    );
    outcome('an evil relay plays the part of an absent friend', 'not connected');
    await ann.reload();
    await world.hurry(connected(ann, bob));
  }));

test('a declined request played again stays declined, a stopped chat hears nothing', () =>
  withWorld(async (world) => {
    const recorder = tape();
    const relay = await world.relay({ tamper: recorder.tamper });
    const ann = await world.person('Ann', { relays: [relay.url] });
    const bob = await world.person('Bob', { relays: [relay.url] });
    await bob.sees('relay', (event) => event.state === 'online');
    await ann.ask('send', bob.address, 'hello');
    await bob.sees('request');
    recorder.play(recorder.envelopes);
    await settle(world);
    assert.is(bob.all('request').length, 1);
    await bob.ask('contacts.decline', ann.address);
    await bob.reload();
    await bob.sees('relay', (event) => event.state === 'online');
    recorder.play(recorder.envelopes);
    await settle(world);
    assert.is(bob.all('request').length, 1);
    assert.equal(await bob.ask('contacts.requests'), []);
    outcome('an evil relay plays a declined request again', 'not shown');
  }));

test('a contact that was removed does not come back by an old ACCEPT or INVITE', () =>
  withWorld(async (world) => {
    const recorder = tape();
    const relay = await world.relay({ tamper: recorder.tamper });
    const { ann, bob } = await yesterday(world, relay.url);
    const past = [ann.log.length, bob.log.length];
    await ann.ask('contacts.remove', bob.address);
    await bob.ask('contacts.remove', ann.address);
    const opened = [sockets(ann), sockets(bob)];
    for (let round = 0; round < 2; round++) {
      recorder.play([...recorder.envelopes]);
      await settle(world);
      for (const [n, person] of [ann, bob].entries()) {
        assert.equal(await person.ask('contacts.list'), []);
        assert.equal(await person.ask('contacts.requests'), []);
        assert.not.ok(person.log.slice(past[n]).some((seen) => seen.type === 'request'));
        if (round === 0) assert.is(sockets(person), opened[n]);
        else assert.is(sockets(person), 0);
      }
      await Promise.all([ann.reload(), bob.reload()]);
      for (const person of [ann, bob]) {
        await person.sees('relay', (event) => event.state === 'online', { past: past[0] ?? 0 });
      }
    }
    outcome('an evil relay plays a friendship that both have ended', 'nothing is shown');

    // Asking anew is possible all the same.
    await ann.ask('send', bob.address, 'may I?');
    await bob.sees('request', (event) => event.text === 'may I?');
  }));

test.run();
