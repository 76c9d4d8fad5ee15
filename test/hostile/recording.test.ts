/**
 * Everything that passes a relay during a whole conversation, recorded at the wire, both ways: no
 * text, no name, no address of a network, no fingerprint, no candidate is in it, in any form.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { arrived, connected } from '../journeys/steps.js';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { forms, tap } from '../support/evil-tap.js';
import { type World, withWorld } from '../support/people.js';

test.after(() => printOutcomes('What a relay sees:'));

async function wholeJourney(world: World, url: string) {
  const ann = await world.person('Annabella Namely', { relays: [url] });
  const bob = await world.person('Bobbington Called', { relays: [url] });
  await bob.sees('relay', (event) => event.state === 'online');
  await ann.ask('send', bob.address, 'first words of a stranger');
  await bob.sees('request');
  await bob.ask('contacts.accept', ann.address);
  await world.hurry(arrived(bob, 'first words of a stranger'));
  await bob.ask('send', ann.address, 'and a secret answer');
  await arrived(ann, 'and a secret answer');
  const made = [...ann.machine.connections, ...bob.machine.connections];
  await bob.leave();
  await ann.ask('send', bob.address, 'written while away');
  await bob.reload();
  await world.hurry(arrived(bob, 'written while away'));
  await bob.ask('identity.setName', 'Bobbington Renamed');
  await ann.sees('contact', (contact) => contact.profileName === 'Bobbington Renamed');
  await world.hurry(connected(ann, bob));
  return { ann, bob, made: [...made, ...bob.machine.connections] };
}

const TEXTS = ['first words of a stranger', 'and a secret answer', 'written while away'];
const NAMES = ['Annabella Namely', 'Bobbington Called', 'Bobbington Renamed'];
const WORDS = ['candidate', 'fingerprint', 'sha-256', 'ice-ufrag', 'ice-pwd', 'v=0', 'a=setup'];

test('nothing of a whole conversation is in what passes the relay', () =>
  withWorld(async (world) => {
    let port = 0;
    const wire = await tap(() => port);
    try {
      port = (await world.relay({ origins: [wire.url] })).relay.port;
      const { ann, bob, made } = await wholeJourney(world, wire.url);
      const heard = wire.heard();
      assert.ok(heard.length > 5_000, `${heard.length} bytes`);
      // The tap hears what is there to hear: keys of the recipients stand in every SEND.
      for (const person of [ann, bob])
        assert.ok(heard.includes(Buffer.from(decodeAddress(person.address))));

      const secrets: (string | Uint8Array)[] = [...TEXTS, ...NAMES, ...WORDS];
      for (const connection of made) {
        assert.ok(connection.host.startsWith('10.'));
        secrets.push(connection.host, connection.fingerprint, connection.password);
        // Four bytes may occur by chance once in some gigabytes.
        secrets.push(Uint8Array.from(connection.host.split('.').map(Number)));
      }
      for (const secret of secrets) {
        for (const form of forms(secret)) {
          if (form.length < 4) continue;
          assert.not.ok(
            heard.includes(form),
            `the relay saw ${secret} as ${form.toString('latin1')}`,
          );
        }
      }
      outcome(
        `a relay that records ${heard.length} bytes of a whole conversation`,
        `finds none of ${secrets.length} secrets in any form`,
      );
    } finally {
      await wire.close();
    }
  }));

test('the search would find what it looks for', () => {
  const fingerprint = fromHex('ab'.repeat(16) + 'cd'.repeat(16));
  const line = `a=fingerprint:sha-256 ${toHex(fingerprint).toUpperCase().match(/../g)?.join(':')}`;
  const base64 = Buffer.from(`xx${TEXTS[0]}yy`).toString('base64');
  const heard = Buffer.from(`${line}\n${base64}\n10.1.2.3`);
  const isFound = (secret: string | Uint8Array) =>
    forms(secret).some((form) => form.length >= 4 && heard.includes(form));
  assert.ok(isFound(fingerprint));
  assert.ok(isFound(TEXTS[0] ?? ''));
  assert.ok(isFound('10.1.2.3'));
  assert.not.ok(isFound(NAMES[0] ?? ''));
});

test.run();
