/** What people and programs get wrong: each mistake has its error, and nothing is done by it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ErrorCode } from '../../sdk/base/errors.js';
import { isPimError, Pim, type PimOptions } from '../../sdk/index.js';
import { assertSentence } from '../support/evil-report.js';
import { type CallName, refused, withWorld } from '../support/people.js';
import { pim as vectors } from '../support/vectors.js';
import { friends } from './steps.js';

const STRANGER = 'pim1q73fekdzn09h2mp0eqkx7zwm9jdtpgcreqj34ld2chnxhm829v83sh5kswj';

function constructing(options: object): { code: ErrorCode; detail: unknown; message: string } {
  try {
    new Pim(options as PimOptions);
  } catch (fault) {
    if (isPimError(fault)) return fault;
    throw fault;
  }
  throw new Error('expected a refusal');
}

test('an unknown option is refused with the nearest right name', () => {
  const fault = constructing({ relay: [] });
  assert.is(fault.code, 'options/unknown');
  assert.equal(fault.detail, { option: 'relay', nearest: 'relays' });
  assert.match(fault.message, 'Did you mean “relays”?');
  assert.equal(constructing({ iceServer: [] }).detail, {
    option: 'iceServer',
    nearest: 'iceServers',
  });
  assert.equal(constructing({ qqqqqqqq: 1 }).detail, { option: 'qqqqqqqq', nearest: null });
});

test('an option of a wrong kind is refused by its name', () => {
  const wrong: [object, string][] = [
    [{ relays: 'wss://relay.example' }, 'relays'],
    [{ relays: ['https://relay.example'] }, 'relays'],
    [{ relays: ['wss://relay.example?x=1'] }, 'relays'],
    [{ relays: ['wss://user:secret@relay.example'] }, 'relays'],
    [{ relays: [1, 2, 3, 4, 5, 6].map((n) => `wss://r${n}.example`) }, 'relays'],
    [{ name: 'x'.repeat(65) }, 'name'],
    [{ name: 7 }, 'name'],
    [{ storage: 'disk' }, 'storage'],
    [{ profile: '../etc' }, 'profile'],
    [{ policy: 'everybody' }, 'policy'],
    [{ iceServers: 'stun:stun.example' }, 'iceServers'],
    [{ privacy: { relayOnly: 'yes' } }, 'privacy.relayOnly'],
    [{ allowInsecure: 1 }, 'allowInsecure'],
  ];
  for (const [options, option] of wrong) {
    const fault = constructing(options);
    assert.is(fault.code, 'options/invalid', JSON.stringify(options));
    assert.is((fault.detail as { option: string }).option, option);
  }
});

test('a ws: relay on another machine is refused, and allowed only where asked for', () =>
  withWorld(async (world) => {
    const fault = constructing({ relays: ['ws://relay.example'] });
    assert.is(fault.code, 'relay/insecure');
    assert.match(fault.message, 'wss://');
    const ann = await world.person('Ann');
    const refusal = await refused(ann.ask('relays.add', 'ws://10.1.2.3:8787'));
    assert.is(refusal.code, 'relay/insecure');
    assert.equal(ann.machine.dialled, []);
    const hint = { relays: ['ws://10.1.2.3:8787'] };
    assert.is((await refused(ann.ask('contacts.add', STRANGER, hint))).code, 'relay/insecure');
    // Loopback needs no protection; another machine does until somebody takes it on themselves.
    await ann.ask('relays.add', 'ws://127.0.0.1:9');
    const bold = await world.person('Bold', { allowInsecure: true, relays: ['ws://10.255.255.1'] });
    assert.equal(bold.machine.dialled, ['ws://10.255.255.1']);
  }));

test('an insecure page is refused, and allowed only where asked for', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann', { isSecure: false, isStarted: false });
    const fault = await refused(ann.ask('start'));
    assert.is(fault.code, 'platform/insecure');
    assertSentence(fault.message);
    assert.equal(ann.machine.dialled, []);
    assert.equal(await ann.disk.factory.databases(), []);
    const bold = await world.person('Bold', { isSecure: false, allowInsecure: true });
    assert.is(bold.address.length, 63);
  }));

const CALLS: [CallName, unknown[]][] = [
  ['send', [STRANGER, 'hello']],
  ['contacts.list', []],
  ['contacts.add', [STRANGER]],
  ['contacts.requests', []],
  ['conversations.list', []],
  ['conversations.history', [STRANGER]],
  ['relays.list', []],
  ['relays.add', ['wss://relay.example']],
  ['connections.status', [STRANGER]],
  ['identity.setName', ['Ann']],
  ['identity.invitation', []],
  ['identity.wipe', []],
];

test('every call before start and after stop says so', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann', { isStarted: false });
    const expectAll = async (code: ErrorCode) => {
      for (const [name, given] of CALLS) {
        const fault = await refused(ann.ask(name, ...(given as never)));
        assert.is(fault.code, code, name);
      }
    };
    await expectAll('pim/not-started');
    assert.throws(
      () => ann.pim.address,
      (fault: unknown) => isPimError(fault, 'pim/not-started'),
    );
    await ann.ask('stop');
    assert.equal(await ann.disk.factory.databases(), []);
    await ann.ask('start');
    await ann.ask('stop');
    await expectAll('pim/stopped');
    await ann.ask('stop');
  }));

test('starting twice is starting once, and an aborted start does nothing', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann', { isStarted: false });
    const fault = await refused(ann.pim.start({ signal: AbortSignal.abort() }));
    assert.is(fault.code, 'pim/aborted');
    await Promise.all([ann.pim.start(), ann.pim.start()]);
    await ann.pim.start();
    assert.is(ann.all('ready').length, 1);
  }));

test('a message that is empty or too long is refused and stored nowhere', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    for (const text of ['', '   ', '\n\t']) {
      assert.is((await refused(ann.ask('send', bob.address, text))).code, 'message/empty');
    }
    const long = await refused(ann.ask('send', bob.address, 'ą'.repeat(8_001)));
    assert.is(long.code, 'message/too-long');
    assert.equal(long.detail, { bytes: 16_002, maxBytes: 16_000 });
    await ann.ask('send', bob.address, 'ą'.repeat(8_000));
    await bob.sees('message', (message) => message.text.length === 8_000);
    assert.equal((await ann.history(bob)).length, 2);
    const reply = { text: 'x', replyTo: 'no id of a message' };
    const fault = await refused(ann.ask('send', bob.address, reply));
    assert.is(fault.code, 'options/invalid');
  }));

test('lone surrogates become replacement characters, and both sides show the same', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const odd = 'a\ud800b\udc00 \u202egnp.exe <img onerror=alert(1)> __proto__ \0';
    const sent = await ann.ask('send', bob.address, odd);
    assert.is(sent.text, odd.toWellFormed());
    await bob.sees('message', (message) => message.text === sent.text);
  }));

test('one’s own address is refused everywhere an address is taken', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann');
    const calls: [CallName, unknown[]][] = [
      ['send', [ann.address, 'note']],
      ['contacts.add', [ann.address]],
      ['contacts.accept', [ann.address]],
      ['contacts.block', [ann.address]],
      ['contacts.add', [ann.address.toUpperCase()]],
      ['connections.status', [ann.address]],
      ['conversations.history', [ann.address]],
    ];
    for (const [name, given] of calls) {
      const fault = await refused(ann.ask(name, ...(given as never)));
      assert.is(fault.code, 'address/own', name);
    }
    assert.equal(await ann.ask('contacts.list'), []);
  }));

/** What is wrong with a text that is no address → one such text. */
const FAULTY: readonly [reason: string, address: string][] = [
  ['empty', ''],
  ['length', STRANGER.slice(0, -1)],
  ['length', `${STRANGER}q`],
  ['length', ` ${STRANGER}`.trimEnd().slice(1).concat('  ').slice(0, 64)],
  ['mixed-case', STRANGER.replace('q73', 'Q73')],
  ['prefix', `${STRANGER.slice(0, 2)}n${STRANGER.slice(3)}`],
  ['prefix', 'https://example.org'],
  ['prefix', ` ${STRANGER.slice(0, -1)}`],
  ['character', STRANGER.replace('73f', '7bf')],
  ['checksum', STRANGER.replace('73f', '74f')],
];

test('every fault of an address is told by its reason', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann');
    for (const [reason, address] of FAULTY) {
      for (const name of ['send', 'contacts.add', 'contacts.block'] as const) {
        const given = name === 'send' ? [address, 'hello'] : [address];
        const fault = await refused(ann.ask(name, ...(given as never)));
        assert.is(fault.code, 'address/invalid', `${name} ${address}`);
        assert.is((fault.detail as { reason: string }).reason, reason, address);
        assert.match(fault.message, /^[A-Z].*\.$/);
      }
    }
    for (const { s, why } of vectors.address.invalid) {
      assert.is((await refused(ann.ask('contacts.add', s))).code, 'address/invalid', why);
    }
    assert.equal(await ann.ask('contacts.list'), []);
  }));

test('the same address in capitals is the same person', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann');
    await ann.ask('contacts.add', STRANGER, { name: 'One' });
    const again = await ann.ask('contacts.add', STRANGER.toUpperCase());
    assert.is(again.address, STRANGER);
    assert.is(again.name, 'One');
    assert.is((await ann.ask('contacts.list')).length, 1);
  }));

test('what does not exist is told as such', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann');
    const calls: [ErrorCode, CallName, unknown[]][] = [
      ['request/unknown', 'contacts.accept', [STRANGER]],
      ['request/unknown', 'contacts.decline', [STRANGER]],
      ['contact/unknown', 'contacts.rename', [STRANGER, 'x']],
      ['contact/unknown', 'contacts.remove', [STRANGER]],
      ['contact/unknown', 'connections.status', [STRANGER]],
      ['conversation/unknown', 'conversations.history', [STRANGER]],
      ['conversation/unknown', 'send', ['0'.repeat(32), 'hello']],
      ['link/invalid', 'contacts.add', [STRANGER, { invite: 'short' }]],
      ['options/invalid', 'contacts.add', [STRANGER, { name: 'x'.repeat(65) }]],
      ['options/invalid', 'identity.setName', ['x'.repeat(65)]],
    ];
    for (const [code, name, given] of calls) {
      assert.is((await refused(ann.ask(name, ...(given as never)))).code, code, name);
    }
    const urls = [1, 2, 3, 4, 5].map((n) => `ws://127.0.0.1:${n}`);
    for (const url of urls) await ann.ask('relays.add', url);
    const sixth = await refused(ann.ask('relays.add', 'ws://127.0.0.1:6'));
    assert.is(sixth.code, 'relay/too-many');
  }));

test.run();
