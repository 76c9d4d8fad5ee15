/** Relay URLs: one spelling, wss everywhere but on this machine. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';
import { MAX_RELAY_URL_CHARS } from '../../sdk/protocol/limits.js';
import { parseRelayUrl } from '../../sdk/protocol/relay-url.js';
import { withRandom } from '../support/fuzz.js';

test('gives one spelling of the same relay', () => {
  const spellings = {
    'wss://relay.example': 'wss://relay.example',
    'wss://relay.example/': 'wss://relay.example',
    'WSS://Relay.Example:443/': 'wss://relay.example',
    ' wss://relay.example ': 'wss://relay.example',
    'wss://relay.example//': 'wss://relay.example',
    'wss://relay.example/?': 'wss://relay.example',
    'wss://relay.example/#': 'wss://relay.example',
    'wss://:@relay.example': 'wss://relay.example',
    'wss://relay.example/a/../b/': 'wss://relay.example/b',
    'wss://relay.example:8443/pim': 'wss://relay.example:8443/pim',
    'wss://bücher.example': 'wss://xn--bcher-kva.example',
    'wss://[2001:DB8::1]:9/': 'wss://[2001:db8::1]:9',
  };
  for (const [text, url] of Object.entries(spellings)) {
    assert.is(parseRelayUrl(text), url, text);
  }
});

test('gives a URL that it would give again', () => {
  const alphabet = 'aA1:/.?#@%[]\\ -ł\t';
  withRandom((random) => {
    for (let i = 0; i < 5_000; i++) {
      const text = `wss://h${random.text(alphabet, 0, 12)}`;
      let url: string;
      try {
        url = parseRelayUrl(text);
      } catch (fault) {
        assert.ok(isPimError(fault, 'options/invalid'), text);
        continue;
      }
      assert.is(parseRelayUrl(url), url, text);
      assert.not.match(url, /[?#\s]|\/$/);
    }
  });
});

test('refuses what is not a plain WebSocket URL', () => {
  const bad = [
    '',
    'relay.example',
    '//relay.example',
    'https://relay.example',
    'http://relay.example',
    'javascript:alert(1)',
    'wss:',
    'wss://',
    'wss://user@relay.example',
    'wss://user:secret@relay.example',
    'wss://relay.example?x=1',
    'wss://relay.example/#x',
    'wss://relay example',
    'wss://relay.example:99999',
  ];
  for (const text of bad) {
    assert.throws(
      () => parseRelayUrl(text),
      (fault: unknown) => isPimError(fault, 'options/invalid') && fault.detail.option === 'relays',
      text,
    );
  }
});

test('lets ws:// reach this machine itself only', () => {
  for (const host of ['localhost', 'localhost:8787', '127.0.0.1', '127.8.8.8:1', '[::1]:8787']) {
    assert.is(parseRelayUrl(`ws://${host}`), `ws://${host}`);
  }
  const others = [
    'relay.example',
    'localhost.example',
    'mylocalhost',
    '127.0.0.1.example',
    '128.0.0.1',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '[::ffff:127.0.0.1]',
  ];
  for (const host of others) {
    assert.throws(
      () => parseRelayUrl(`ws://${host}`),
      (fault: unknown) => isPimError(fault, 'relay/insecure'),
      host,
    );
    assert.ok(parseRelayUrl(`ws://${host}`, true).startsWith('ws://'));
  }
});

test('sees through other spellings of a machine', () => {
  assert.is(parseRelayUrl('ws://2130706433'), 'ws://127.0.0.1');
  assert.is(parseRelayUrl('ws://0x7f.1'), 'ws://127.0.0.1');
  assert.is(parseRelayUrl('ws://LOCALHOST'), 'ws://localhost');
});

test('bounds the URL as it was given and as it will be stored', () => {
  const room = MAX_RELAY_URL_CHARS - 'wss://h/'.length;
  assert.is(parseRelayUrl(`wss://h/${'a'.repeat(room)}`).length, MAX_RELAY_URL_CHARS);
  for (const path of ['a'.repeat(room + 1), 'ł'.repeat(room), 'a'.repeat(1_000_000)]) {
    assert.throws(
      () => parseRelayUrl(`wss://h/${path}`),
      (fault: unknown) => isPimError(fault, 'options/invalid'),
    );
  }
});

test.run();
