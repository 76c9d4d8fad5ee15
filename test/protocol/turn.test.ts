/** TURN servers as a relay names them: what is read, and what an evil relay cannot put there. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromHex, toHex, utf8 } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { Writer } from '../../sdk/protocol/codec.js';
import { decodeRelayFrame, encodeRelayFrame, NOTE } from '../../sdk/protocol/relay-frames.js';
import { decodeTurn, encodeTurn, isTurnUrl } from '../../sdk/protocol/turn.js';
import { testDecoder } from '../support/fuzz.js';
import { pim } from '../support/vectors.js';

interface Fields {
  lifetimeS?: number;
  username?: string;
  password?: string;
  urls?: readonly string[];
  count?: number;
}

/** A TURN note by hand: right but for what `fields` say. */
function note(fields: Fields): Bytes {
  const {
    lifetimeS = 60,
    username = 'name',
    password = 'word',
    urls = ['turn:a.example'],
  } = fields;
  const out = new Writer().u32(lifetimeS).text8(username).text8(password);
  out.u8(fields.count ?? urls.length);
  for (const url of urls) out.bytes8(utf8(url));
  return out.done();
}

function isRead(fields: Fields): boolean {
  try {
    return decodeTurn(note(fields)).urls.length > 0;
  } catch (fault) {
    if (!isPimError(fault, 'frame/invalid')) throw fault;
    return false;
  }
}

const { lifetime_s, urls, username, password } = pim.turn;
const offer = { lifetimeS: lifetime_s, username, password, urls };

testDecoder(test, {
  samples: [encodeTurn(offer), note({}), note({ urls: urls.slice(0, 2) })],
  decode: decodeTurn,
  encode: encodeTurn,
});

test('reads and writes the note of the vectors', () => {
  const frame = decodeRelayFrame(fromHex(pim.turn.frame));
  if (frame.kind !== 'note') throw new Error(frame.kind);
  assert.is(frame.type, NOTE.turn);
  assert.equal(decodeTurn(frame.body), offer);
  const body = encodeTurn(offer);
  assert.is(toHex(encodeRelayFrame({ kind: 'note', type: NOTE.turn, body })), pim.turn.frame);
});

test('takes the servers people run', () => {
  const hosts = ['turn.example', '192.0.2.1', '[2001:db8::1]', 'xn--bcher-kva.example', 'coturn'];
  const ports = ['', ':80', ':443', ':3478', ':5349', ':11000', ':65535'];
  for (const scheme of ['turn', 'turns']) {
    for (const host of hosts) {
      for (const port of ports) {
        for (const query of ['', '?transport=udp', '?transport=tcp']) {
          const url = `${scheme}:${host}${port}${query}`;
          assert.ok(isTurnUrl(url), url);
          assert.ok(isRead({ urls: [url] }), url);
        }
      }
    }
  }
});

test('takes nothing else for a server', () => {
  const wrong = [
    ...[
      '',
      'turn:',
      'turn::3478',
      'turn://a.example',
      'turn:/a',
      'turn:a.example/',
      'turn:a.example#f',
    ],
    ...['stun:a.example', 'https://a.example', 'javascript:alert(1)', 'data:,x', 'file:///etc'],
    ...['TURN:a.example', 'turn:A.example', ' turn:a.example', 'turn:a.example\n', 'turn:a b'],
    ...['turn:a.example:', 'turn:a.example:0', 'turn:a.example:65536', 'turn:a.example:03478'],
    ...['turn:a.example:22', 'turn:a.example:53', 'turn:a.example:5060', 'turn:a.example:10999'],
    ...['turn:a.example:21', 'turn:a.example:1e3', 'turn:a.example:-1', 'turn:a.example:3478:1'],
    ...['turn:u@a.example', 'turn:u:p@a.example', 'turn:a.example?transport=sctp'],
    ...['turn:a.example?transport=udp&x=1', 'turn:a.example?', 'turn:a.example?x', 'turn:a_b'],
    ...['turn:0x7f.1', 'turn:2130706433', 'turn:127.1', 'turn:1.2.3', 'turn:256.1.1.1'],
    ...['turn:[::1', 'turn:[]', 'turn:[g::]', 'turn:[0::1]', 'turn:[1:2]', 'turn:[::1%25eth0]'],
    ...['turn:bücher.example', 'turn:a%2eexample', 'turn:a\\b', 'turn:a\u0000b', 'turn:xn--a'],
    `turn:${'a'.repeat(124)}`,
  ];
  for (const url of wrong) assert.not.ok(isRead({ urls: [url] }), JSON.stringify(url));
});

test('takes one to three servers, and no count that lies', () => {
  const some = (count: number) => Array.from({ length: count }, (_, i) => `turn:t${i}.example`);
  const read = [0, 1, 3, 4, 255].map((count) => isRead({ urls: some(count) }));
  assert.equal(read, [false, true, true, false, false]);
  for (const count of [0, 1, 3, 255]) assert.not.ok(isRead({ urls: some(2), count }));
});

test('takes a login of a day at most, without blanks, line ends or other alphabets', () => {
  const lifetimes = [0, 1, 86_400, 86_401, 0xffffffff];
  assert.equal(
    lifetimes.map((lifetimeS) => isRead({ lifetimeS })),
    [false, true, true, false, false],
  );
  const texts = ['', ' ', 'a b', 'a\r\nREGISTER sip:', 'ä', '"', '\u0000', 'x'.repeat(129)];
  for (const text of texts) {
    assert.not.ok(isRead({ username: text }), JSON.stringify(text));
    assert.not.ok(isRead({ password: text }), JSON.stringify(text));
  }
  assert.ok(isRead({ username: 'x'.repeat(128), password: '1:aZ_.+/=-' }));
});

test.run();
