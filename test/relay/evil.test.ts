/** The evil relay in the box: what it is told, what it does, and whom it lets near. */

import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTACK_NAMES, attackOf, hostile, lab } from '../../relay/evil/index.js';
import { parseOrders } from '../../relay/evil/orders.js';
import type { ErrorCode } from '../../sdk/base/errors.js';
import { isPimError } from '../../sdk/base/errors.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, testKey, UpgradeRefused } from '../support/relay-client.js';

/** A relay that does what `--evil` says, and two clients of it. */
async function withEvil(
  attacks: readonly string[],
  use: (ada: RelayClient, grace: RelayClient) => Promise<void>,
): Promise<void> {
  await withRelay({ seams: { hostility: hostile(attacks) } }, async ({ url }) => {
    const [ada, grace] = await Promise.all([RelayClient.login(url), RelayClient.login(url)]);
    await use(ada, grace);
    await Promise.all([ada.close(), grace.close()]);
  });
}

const keyOf = ({ key }: RelayClient) => key?.publicKey ?? new Uint8Array(32);

/** Envelopes that have come once the relay has answered a ping. */
async function received(client: RelayClient): Promise<Uint8Array[]> {
  const frames = await client.settle();
  return frames.flatMap((frame) => (frame.kind === 'receive' ? [frame.sealed] : []));
}

test('an attack is a word with a number and a step', () => {
  const read = (...texts: string[]) =>
    parseOrders(texts).map(({ attack, amount, step, nth }) => ({ attack, amount, step, nth }));
  assert.equal(read('drop'), [{ attack: 'drop', amount: 1, step: 'envelope', nth: null }]);
  assert.equal(read('delay=1500@ok, tamper@3', 'text'), [
    { attack: 'delay', amount: 1_500, step: 'ok', nth: null },
    { attack: 'tamper', amount: 1, step: 'envelope', nth: 3 },
    { attack: 'text', amount: 1, step: 'challenge', nth: null },
  ]);
});

for (const [words, code, message] of [
  ['tampre', 'options/unknown', 'There is no attack “tampre”. Did you mean “tamper”?'],
  ['', 'options/unknown', 'There is no attack “”.'],
  ['DROP', 'options/unknown', 'There is no attack “DROP”. Did you mean “drop”?'],
  ['drop@hello', 'options/invalid', 'should be drop@ one of auth, challenge, envelope, ok.'],
  ['halve@ok', 'options/invalid', 'should be halve@ one of envelope.'],
  ['drop=3', 'options/invalid', 'should be drop without a number.'],
  ['delay=0', 'options/invalid', 'should be delay=<number> from 1 to 600000.'],
  ['delay=', 'options/invalid', 'should be delay=<number> from 1 to 600000.'],
  ['delay=1e9', 'options/invalid', 'should be delay=<number> from 1 to 600000.'],
  ['duplicate=51', 'options/invalid', 'should be duplicate=<number> from 1 to 50.'],
  ['tamper@0', 'options/invalid', 'should be tamper@<number> from 1 to 1000000.'],
  ['drop,'.repeat(9), 'options/invalid', 'should be a list of one to 8 attacks.'],
] as const satisfies readonly (readonly [string, ErrorCode, string])[]) {
  test(`“${words}” is refused in a sentence`, () => {
    assert.throws(
      () => hostile([words]),
      (fault: unknown) => isPimError(fault, code) && fault.message.endsWith(message),
    );
  });
}

test('every attack can be made at every step it names, and says what it tries and why it fails', () => {
  for (const name of ATTACK_NAMES) {
    const { steps, title, tries, fails } = attackOf(name);
    for (const step of steps) hostile([`${name}@${step}`]);
    for (const text of [tries, fails]) assert.match(text, /^[A-Z][^.!?]{10,110}\.$/);
    assert.match(title, /^[A-Z][^.]{6,40}$/);
  }
});

test('the n-th envelope of each sender is the one that is altered', () =>
  withEvil(['tamper@2'], async (ada, grace) => {
    const sent = [random(561), random(561), random(561)];
    for (const each of sent) ada.sendTo(keyOf(grace), each);
    await ada.settle();
    const came = await received(grace);
    assert.equal(
      came.map((each, n) => Buffer.compare(each, sent[n] as Uint8Array) === 0),
      [true, false, true],
    );
    const differing = (came[1] as Uint8Array).filter((byte, n) => byte !== sent[1]?.[n]);
    assert.is(differing.length, 1);
  }));

test('several attacks work on what the first ones left', () =>
  withEvil(['duplicate=2', 'duplicate=3'], async (ada, grace) => {
    ada.sendTo(keyOf(grace), random(561));
    await ada.settle();
    assert.is((await received(grace)).length, 6);
  }));

test('what was old comes again with what is new', () =>
  withEvil(['replay'], async (ada, grace) => {
    const [one, two] = [random(561), random(561)];
    ada.sendTo(keyOf(grace), one);
    ada.sendTo(keyOf(grace), two);
    await ada.settle();
    assert.equal(await received(grace), [one, two, one]);
  }));

test('without a check of logins, a thief gets what is for others', () =>
  withRelay({ seams: { hostility: hostile(['skip-auth']) } }, async ({ url }) => {
    const ada = await RelayClient.login(url);
    const victim = testKey();
    // The thief has the public key alone.
    const thief = await RelayClient.login(url, {
      key: { ...testKey(), publicKey: victim.publicKey },
    });
    const secret = random(561);
    ada.sendTo(victim.publicKey, secret);
    assert.equal(await received(ada), [secret]);
    assert.equal(await received(thief), [secret]);
    await Promise.all([ada.close(), thief.close()]);
  }));

test('a relay that says nothing after the login forwards nothing, and answers no ping', async () => {
  await withRelay({ seams: { hostility: hostile(['silent']) } }, async ({ url }) => {
    const [ada, grace] = await Promise.all([RelayClient.login(url), RelayClient.login(url)]);
    grace.send({ kind: 'ping', token: random(8) });
    ada.sendTo(keyOf(grace), random(561));
    ada.sendTo(keyOf(grace), random(8_000));
    // Its HTTP still answers, after all of that was read.
    assert.is((await fetch(`${url.replace('ws', 'http')}/healthz`)).status, 200);
    assert.is(grace.received.length, 2);
    await Promise.all([ada.close(), grace.close()]);
  });
});

test('a client that breaks off while an attack holds its upgrade ends nothing but its own socket', () => {
  let isHeld: (socket: Duplex) => void = () => undefined;
  const holding = new Promise<Duplex>((resolve) => {
    isHeld = resolve;
  });
  const upgrade = (_: unknown, socket: Duplex) => isHeld(socket);
  return withRelay({ seams: { hostility: { upgrade } } }, async ({ url }) => {
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    client.on('error', () => undefined);
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    client.write(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    const held = await holding;
    const gone = new Promise((resolve) => held.once('close', resolve));
    client.resetAndDestroy();
    await gone;
  });
});

test('every attack is explained in docs/evil-relay.md, in the same words', () => {
  const text = readFileSync(new URL('../../docs/evil-relay.md', import.meta.url), 'utf8');
  for (const name of ATTACK_NAMES) {
    const { tries, fails } = attackOf(name);
    assert.ok(text.includes(`\n| \`${name}\` | ${tries} | ${fails} | `), name);
  }
});

test('an honest relay loads nothing of it', () => {
  const folder = new URL('../../relay/', import.meta.url);
  const honest = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  assert.ok(honest.length > 20);
  for (const name of honest) {
    assert.not.match(readFileSync(new URL(name, folder), 'utf8'), /from '\.\/evil\//, name);
  }
});

// The demo's choice of attacks.

const withLab = (use: (url: string, page: string) => Promise<void>) =>
  withRelay({ seams: { hostility: lab((names) => hostile(names)) } }, async ({ url }) => {
    await use(url, new URL(url.replace('ws', 'http')).origin);
  });

test('the demo offers some attacks, each told in two sentences', () =>
  withLab(async (_url, page) => {
    const list = await (await fetch(`${page}/evil/attacks.json`)).json();
    assert.equal(
      list.map((each: { name: string }) => each.name),
      ATTACK_NAMES.filter((name) => attackOf(name).isShown === true),
    );
    assert.equal(Object.keys(list[0]), ['name', 'title', 'tries', 'fails']);
  }));

test('a page of the relay finds an evil one beside it, and the honest one as ever', () =>
  withLab(async (url, page) => {
    const honest = await RelayClient.login(url);
    await honest.close();
    const origin = new URL(url).origin;
    const evil = await Promise.all(
      [1, 2].map(async () => {
        const client = await RelayClient.open(`${url}/evil/duplicate`, {
          headers: { Origin: page },
        });
        return RelayClient.prove(client, origin);
      }),
    );
    const [ada, grace] = evil as [RelayClient, RelayClient];
    ada.sendTo(keyOf(grace), random(561));
    await ada.settle();
    assert.is((await received(grace)).length, 5);
    await Promise.all(evil.map((each) => each.close()));
  }));

for (const [who, headers] of [
  ['a program', {}],
  ['a page of somebody else', { Origin: 'https://elsewhere.example' }],
  ['a page that was led here by its name', { Origin: 'http://a.example', Host: 'a.example' }],
  ['a page at another port', { Origin: 'http://127.0.0.1:1' }],
] as const) {
  test(`${who} is not let near an attack`, () =>
    withLab(async (url) => {
      try {
        await RelayClient.open(`${url}/evil/flood`, { headers });
        assert.unreachable();
      } catch (fault) {
        assert.instance(fault, UpgradeRefused);
        assert.is((fault as UpgradeRefused).status, 403);
      }
    }));
}

test('there is nothing at other names, and nothing at all at a relay that is no demo', () =>
  withLab(async (url, page) => {
    const headers = { Origin: page };
    const status = (where: string) =>
      RelayClient.open(where, { headers }).then(
        () => 101,
        (fault: UpgradeRefused) => fault.status,
      );
    assert.is(await status(`${url}/evil/none`), 404);
    assert.is(await status(`${url}/evil/`), 404);
    await withRelay({}, async (plain) => {
      assert.is(await status(`${plain.url}/evil/drop`), 404);
      const list = await fetch(`${plain.url.replace('ws', 'http')}/evil/attacks.json`);
      assert.is(list.status, 404);
    });
  }));

test.run();
