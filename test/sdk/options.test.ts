/** Options of a Pim: what is taken, what is refused, and in which words. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';
import type { Platform } from '../../sdk/base/platform.js';
import { type PimOptions, resolveOptions } from '../../sdk/options.js';
import { MemoryStorage } from '../../sdk/storage/memory-storage.js';

const browser = { origin: 'browser' } as Platform;
const resolve = (options: unknown = {}) => resolveOptions(options as PimOptions, () => browser);

/** What `options` are refused with, as `code option`. */
function refusal(options: unknown): string {
  try {
    resolve(options);
  } catch (fault) {
    if (!isPimError(fault)) throw fault;
    const { option } = fault.detail as { option?: string };
    return [fault.code, option].filter(Boolean).join(' ');
  }
  throw new Error(`taken: ${JSON.stringify(options)}`);
}

test('without options: this browser, kept in IndexedDB, strangers may ask', async () => {
  const { iceServers, logger, ...rest } = resolve();
  assert.equal(rest, {
    relays: [],
    name: '',
    storage: 'indexeddb',
    profile: 'pim',
    policy: 'ask',
    relayOnly: false,
    ownTurnOnly: false,
    receipts: false,
    typing: false,
    allowInsecure: false,
    platform: browser,
  });
  assert.equal(await iceServers(), []);
  assert.is(logger('error', 'nobody hears it'), undefined);
});

test('takes every option as it is given', async () => {
  const storage = new MemoryStorage();
  const platform = { origin: 'mine' } as Platform;
  const logger = () => undefined;
  const servers = [{ urls: 'stun:stun.example' }];
  const resolved = resolve({
    relays: ['wss://a.example', 'wss://b.example:8443/pim'],
    name: '  Ann  ',
    storage,
    profile: 'second.person-2',
    iceServers: servers,
    policy: 'contacts',
    privacy: { relayOnly: true, ownTurnOnly: true },
    allowInsecure: true,
    logger,
    platform,
  });
  assert.equal(resolved.relays, ['wss://a.example', 'wss://b.example:8443/pim']);
  assert.is(resolved.name, 'Ann');
  assert.is(resolved.storage, storage);
  assert.is(resolved.platform, platform);
  assert.is(resolved.logger, logger);
  assert.equal(
    [resolved.policy, resolved.relayOnly, resolved.ownTurnOnly, resolved.allowInsecure],
    ['contacts', true, true, true],
  );
  assert.equal(await resolved.iceServers(), servers);
});

test('asks a function for servers each time, and not before', async () => {
  let asked = 0;
  const { iceServers } = resolve({
    iceServers: async () => [{ urls: `stun:stun${++asked}.example` }],
  });
  assert.is(asked, 0);
  assert.equal(await iceServers(), [{ urls: 'stun:stun1.example' }]);
  assert.equal(await iceServers(), [{ urls: 'stun:stun2.example' }]);
});

test('an option it does not know is refused with the nearest one', () => {
  const nearest = (options: unknown) => {
    try {
      resolve(options);
    } catch (fault) {
      if (isPimError(fault, 'options/unknown'))
        return [fault.detail.option, fault.detail.nearest, fault.message];
    }
    throw new Error('taken');
  };
  const [option, near, message] = nearest({ relay: ['wss://a.example'] });
  assert.equal([option, near], ['relay', 'relays']);
  assert.is(message, 'There is no option “relay”. Did you mean “relays”?');
  assert.equal(nearest({ iceservers: [] }).slice(0, 2), ['iceservers', 'iceServers']);
  assert.equal(nearest({ somethingElse: 1 }).slice(0, 2), ['somethingElse', null]);
  assert.equal(nearest({ privacy: { relayonly: true } }).slice(0, 2), [
    'privacy.relayonly',
    'privacy.relayOnly',
  ]);
  assert.equal(nearest(JSON.parse('{"__proto__": 1}')).slice(0, 1), ['__proto__']);
});

test('an option left undefined is one that was not given', () => {
  const undefineds = Object.fromEntries(
    ['relays', 'name', 'storage', 'profile', 'iceServers', 'policy', 'privacy', 'logger'].map(
      (key) => [key, undefined],
    ),
  );
  assert.is(resolve(undefineds).profile, 'pim');
});

test('relays are spelt one way, named once, at most five', () => {
  const given = ['wss://A.example/', 'wss://a.example:443', 'wss://a.example/x/'];
  assert.equal(resolve({ relays: given }).relays, ['wss://a.example', 'wss://a.example/x']);
  const six = Array.from({ length: 6 }, (_, i) => `wss://r${i}.example`);
  assert.is(refusal({ relays: six }), 'options/invalid relays');
  assert.is(resolve({ relays: six.slice(1) }).relays.length, 5);
});

test('relays that are no sockets, or that anybody on the way could read, are refused', () => {
  const none = [
    'https://a.example',
    'a.example',
    '',
    'wss://',
    'wss://u:p@a.example',
    'wss://a.example?x=1',
  ];
  for (const relay of none)
    assert.is(refusal({ relays: [relay] }), 'options/invalid relays', relay);
  for (const relays of ['wss://a.example', 5, {}, [7], [null]]) {
    assert.is(refusal({ relays }), 'options/invalid relays');
  }
  assert.is(refusal({ relays: ['ws://a.example'] }), 'relay/insecure');
  assert.is(refusal({ relays: ['ws://192.168.1.5:8080'] }), 'relay/insecure');
  for (const relay of ['ws://localhost:8080', 'ws://127.0.0.1:9', 'ws://[::1]:9']) {
    assert.equal(resolve({ relays: [relay] }).relays, [relay]);
  }
  const inOwnNetwork = { relays: ['ws://192.168.1.5:8080'], allowInsecure: true };
  assert.equal(resolve(inOwnNetwork).relays, ['ws://192.168.1.5:8080']);
});

test('a name is one line of at most 64 bytes, without characters that turn others around', () => {
  assert.is(resolve({ name: 'A\nB\u202eC\u0007' }).name, 'A B C');
  assert.is(resolve({ name: 'ü'.repeat(32) }).name, 'ü'.repeat(32));
  assert.is(refusal({ name: 'ü'.repeat(33) }), 'options/invalid name');
  for (const name of [7, {}, [], true]) assert.is(refusal({ name }), 'options/invalid name');
});

test('every other option is refused by name where its value is of another kind', () => {
  const wrong: Record<string, unknown[]> = {
    storage: ['disk', 7, {}, [], true, () => 0],
    profile: ['', 'a b', 'ä', '../x', 'x'.repeat(65), 7, {}],
    iceServers: ['stun:stun.example', 7, {}, true],
    policy: ['everybody', '', 7, 'Ask', 'toString'],
    allowInsecure: ['yes', 1, {}],
    logger: ['console', 7, {}],
  };
  for (const [option, values] of Object.entries(wrong)) {
    for (const value of values) {
      assert.is(
        refusal({ [option]: value }),
        `options/invalid ${option}`,
        `${option}: ${String(value)}`,
      );
    }
  }
  for (const name of ['relayOnly', 'ownTurnOnly']) {
    for (const value of ['yes', 1]) {
      assert.is(refusal({ privacy: { [name]: value } }), `options/invalid privacy.${name}`);
    }
  }
});

test('the browser is not looked at where another machine is given', () => {
  const never = () => {
    throw new Error('looked at');
  };
  const platform = {} as Platform;
  assert.is(resolveOptions({ platform }, never).platform, platform);
});

test.run();
