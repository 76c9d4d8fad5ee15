/** Invitation links: what is written is read, and what people paste does no harm. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toBase64url } from '../../sdk/base/bytes.js';
import { type ErrorCode, isPimError } from '../../sdk/base/errors.js';
import { type Address, parseAddress } from '../../sdk/protocol/address.js';
import { formatLink } from '../../sdk/protocol/format-link.js';
import { MAX_LINK_CHARS } from '../../sdk/protocol/limits.js';
import {
  decodeToken,
  type Invitation,
  isInvitationFragment,
  parseLink,
} from '../../sdk/protocol/link.js';
import { parseRelayUrl } from '../../sdk/protocol/relay-url.js';
import { withRandom } from '../support/fuzz.js';
import { pim } from '../support/vectors.js';

const [address, other] = pim.keys.map((key) => parseAddress(key.address)) as [Address, Address];
/** 87 bytes; what they say is looked at where it is used. */
const tokenBytes = Uint8Array.from({ length: 87 }, (_, i) => (i * 7) % 256);
const token = toBase64url(tokenBytes);
const bare: Invitation = { address, token: null, relays: [] };
const full: Invitation = {
  address,
  token,
  relays: ['wss://relay.example', 'wss://b.example:8443/x'],
};

function codeOf(text: string): ErrorCode | null {
  try {
    parseLink(text);
    return null;
  } catch (fault) {
    if (isPimError(fault)) return fault.code;
    throw fault;
  }
}

test('puts everything behind the #, which goes to no server', () => {
  assert.is(formatLink('https://site.example/chat', bare), `https://site.example/chat#${address}`);
  const link = formatLink('https://site.example/?a=1#old', full);
  assert.is(
    link,
    `https://site.example/?a=1#${address}?t=${token}` +
      '&r=wss%3A%2F%2Frelay.example&r=wss%3A%2F%2Fb.example%3A8443%2Fx',
  );
  assert.is(new URL(link).search, '?a=1');
});

test('reads what it writes', () => {
  for (const invitation of [bare, full, { ...full, token: null }, { ...full, relays: [] }]) {
    assert.equal(parseLink(formatLink('https://site.example/#x', invitation)), invitation);
  }
  withRandom((random) => {
    for (let i = 0; i < 1_000; i++) {
      const relays = Array.from({ length: random.below(6) }, (_, n) =>
        parseRelayUrl(`wss://r${n}.example/${random.text('ab&=+ ;', 0, 8)}`),
      );
      const value = { address, token: random.pick([null, toBase64url(random.bytes(87))]), relays };
      assert.equal(parseLink(formatLink('https://site.example/', value)), value);
    }
  });
});

test('reads a link, its fragment, a bare address, in capitals too, with blanks around', () => {
  const forms = [address, `#${address}`, `https://site.example/#${address}`, address.toUpperCase()];
  for (const text of [...forms, ` ${address}\n`, `#${address}?`, `https://a/?b#${address}`]) {
    assert.equal(parseLink(text), bare, text);
  }
});

test('refuses links without an address or with two', () => {
  const bad = ['', '#', 'https://site.example/', `https://site.example/${address}`, `#?t=${token}`];
  const two = [`#${address}#${other}`, `#${address}${other}`, `${address} ${other}`];
  for (const text of [...bad, ...two, `#${address}&t=${token}`]) {
    assert.is(codeOf(text), 'address/invalid', text);
  }
});

test('refuses every bad address of the vectors in a link, but for blanks around it', () => {
  for (const { why, s } of pim.address.invalid) {
    const expected = why === 'leading space' ? null : 'address/invalid';
    assert.is(codeOf(s), expected, why);
    assert.is(codeOf(`https://site.example/#${s}`), 'address/invalid', why);
  }
});

test('reads the bytes of a token in its one spelling only', () => {
  assert.equal(decodeToken(token), tokenBytes);
  const bad = [
    '',
    'A',
    token.slice(1),
    `${token}A`,
    `${token}==`,
    `${token.slice(0, -1)}=`,
    'ABEiM0RVZneImaq7zN3u_w',
    'ż',
  ];
  for (const each of bad) {
    assert.throws(
      () => decodeToken(each),
      (fault: unknown) => isPimError(fault, 'link/invalid'),
      each,
    );
    assert.is(codeOf(`#${address}?t=${encodeURIComponent(each)}`), 'link/invalid', each);
  }
});

test('takes at most five relays, leaves out what is none, and repeats none', () => {
  const hints = (values: string[]) =>
    parseLink(`#${address}?${values.map((v) => `r=${encodeURIComponent(v)}`).join('&')}`).relays;
  const seven = Array.from({ length: 7 }, (_, n) => `wss://r${n}.example`);
  assert.equal(hints(seven), seven.slice(0, 5));
  assert.equal(hints(['wss://a.example', 'WSS://A.example/', 'wss://a.example']), [
    'wss://a.example',
  ]);
  const none = [
    'javascript:alert(1)',
    'https://a.example',
    'ws://a.example',
    '',
    'wss://u:p@a.example',
  ];
  assert.equal(hints([...none, 'wss://b.example']), ['wss://b.example']);
});

test('reads a thousand relay hints without effort', () => {
  const many = Array.from({ length: 1_000 }, (_, n) => `r=wss://r${n}`).join('&');
  assert.is(codeOf(`#${address}?${many}`), 'link/invalid');
});

test('ignores parameters it does not know', () => {
  const link = `#${address}?x=1&__proto__=2&constructor&t=${token}&t=second`;
  assert.equal(parseLink(link), { ...bare, token });
});

test('bounds the fragment, not the page it stands on', () => {
  const page = `https://site.example/?${'x'.repeat(5_000)}`;
  assert.equal(parseLink(formatLink(page, full)), full);
  const room = MAX_LINK_CHARS - address.length - 3;
  assert.is(codeOf(`#${address}?x=${'y'.repeat(room)}`), null);
  assert.is(codeOf(`#${address}?x=${'y'.repeat(room + 1)}`), 'link/invalid');
  assert.is(codeOf('y'.repeat(10_000_000)), 'link/invalid');
});

test('takes random texts without any other failure', () => {
  const pieces = ['#', '?', '&', 't=', 'r=', token, address, '%', '%ff', 'wss://a', ' ', '\0', 'ł'];
  withRandom((random) => {
    for (let i = 0; i < 20_000; i++) {
      const count = random.below(8);
      const code = codeOf(Array.from({ length: count }, () => random.pick(pieces)).join(''));
      assert.ok(code === null || code === 'address/invalid' || code === 'link/invalid');
    }
  });
});

test('knows fragments that are meant for pim', () => {
  for (const fragment of [address, `#${address}`, '#PIM1X', 'pim1', `#${address}?t=1`]) {
    assert.ok(isInvitationFragment(fragment), fragment);
  }
  for (const fragment of ['', '#', '#section', '#xpim1', '?pim1', '##pim1', '# pim1']) {
    assert.not.ok(isInvitationFragment(fragment), fragment);
  }
});

test.run();
