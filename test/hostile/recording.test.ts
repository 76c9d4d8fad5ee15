/**
 * Everything that passes a relay during a whole conversation, recorded at the wire, both ways: no
 * text, no name, no address of a network, no fingerprint, no candidate is in it, in any form.
 */

import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex, toHex, utf8 } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { arrived, connected } from '../journeys/steps.js';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { type World, withWorld } from '../support/people.js';

test.after(() => printOutcomes('What a relay sees:'));

interface Tap {
  readonly url: string;
  /** Everything so far, both ways, WebSocket payloads without their masks. */
  heard(): Buffer;
  close(): Promise<void>;
}

/** A wire tap: passes bytes on to the relay and keeps them. */
async function tap(relayPort: () => number): Promise<Tap> {
  const streams: Buffer[][] = [];
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const relay = dial(relayPort(), '127.0.0.1');
    sockets.push(client, relay);
    for (const [from, to] of [
      [client, relay],
      [relay, client],
    ] as const) {
      const chunks: Buffer[] = [];
      streams.push(chunks);
      from.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => Buffer.concat(streams.map((chunks) => unmasked(Buffer.concat(chunks)))),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The HTTP head as it is, then the payload of each frame without its mask (RFC 6455 §5.3). */
function unmasked(stream: Buffer): Buffer {
  const headEnd = stream.indexOf('\r\n\r\n') + 4;
  const out = [stream.subarray(0, headEnd)];
  for (let at = headEnd; at + 2 <= stream.length; ) {
    const isMasked = ((stream[at + 1] as number) & 0x80) !== 0;
    const short = (stream[at + 1] as number) & 0x7f;
    const size = short === 126 ? stream.readUInt16BE(at + 2) : short;
    const maskAt = at + (short === 126 ? 4 : 2);
    const start = maskAt + (isMasked ? 4 : 0);
    const payload = Buffer.from(stream.subarray(start, start + size));
    for (let n = 0; isMasked && n < payload.length; n++) {
      payload[n] = (payload[n] as number) ^ (stream[maskAt + (n % 4)] as number);
    }
    out.push(payload);
    at = start + size;
  }
  return Buffer.concat(out);
}

/** A secret in every form it could be written down in. */
function forms(secret: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(typeof secret === 'string' ? utf8(secret) : secret);
  const wide = typeof secret === 'string' ? [Buffer.from(secret, 'utf16le')] : [];
  const hex = toHex(bytes);
  const texts = [hex, hex.toUpperCase(), hex.toUpperCase().match(/../g)?.join(':') ?? ''];
  // Base64 of an inner part is the same wherever it begins, but for its first and last characters.
  const inner = [0, 1, 2].map((skip) => bytes.subarray(skip).toString('base64').slice(2, -4));
  const reversed = Buffer.from(bytes).reverse();
  return [bytes, reversed, ...wide, ...[...texts, ...inner].map((text) => Buffer.from(text))];
}

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
