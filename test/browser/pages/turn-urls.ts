/** In a page: a browser takes every TURN server that our reader takes, so none can break a connection. */

import { isTurnUrl } from '../../../sdk/protocol/turn.js';
import { Random } from '../../support/fuzz.js';
import type { PageSuite } from '../../support/in-page.js';

const COUNT = 4_000;
const LOGINS = ['1764003600:0102030405060708', 'x'.repeat(128), '1:aZ_.+/=-'];

function host(random: Random): string {
  const word = (max: number) => random.text('ab09-.', 1, max);
  const group = () => random.below(65_536).toString(16);
  const byte = () => random.below(256);
  return random.pick([
    () => word(8),
    () => word(100),
    () => `xn--${word(10)}`,
    () => `${word(6)}.${random.pick(['example', 'com', 'local', '5', 'a-', '-a', ''])}`,
    () => [byte(), byte(), byte(), byte()].join('.'),
    () => `[${Array.from({ length: 8 }, group).join(':')}]`,
    () => `[${group()}::${group()}]`,
    () => `[::ffff:${group()}:${group()}]`,
    () => '[::]',
  ])();
}

function url(random: Random): string {
  const port = random.pick([
    ...['', ':80', ':443', ':3478', ':5349', ':11000', ':65535'],
    `:${random.below(65_536)}`,
  ]);
  const query = random.pick(['', '?transport=udp', '?transport=tcp']);
  return `${random.pick(['turn', 'turns'])}:${host(random)}${port}${query}`;
}

const suite: PageSuite<number> = (test, seed) => {
  test('takes every server that the reader takes', () => {
    const random = new Random(seed);
    const connection = new RTCPeerConnection();
    let taken = 0;
    for (let i = 0; i < COUNT; i++) {
      const urls = url(random);
      if (!isTurnUrl(urls)) continue;
      const login = random.pick(LOGINS);
      const server = { urls, username: login, credential: login };
      try {
        connection.setConfiguration({ iceServers: [server] });
        if (taken++ % 100 === 0) new RTCPeerConnection({ iceServers: [server] }).close();
      } catch (fault) {
        throw new Error(`seed ${seed}: ${urls} ${login}`, { cause: fault });
      }
    }
    connection.close();
    if (taken < COUNT / 4) throw new Error(`only ${taken} of ${COUNT} were servers`);
  });

  test('does throw at what the reader refuses: the test above can fail', () => {
    for (const urls of ['turn:a.example:65536', 'https://a.example', 'turn:a b']) {
      const server = { urls, username: 'a', credential: 'b' };
      let threw = false;
      try {
        new RTCPeerConnection({ iceServers: [server] }).close();
      } catch {
        threw = true;
      }
      if (!threw || isTurnUrl(urls)) throw new Error(urls);
    }
  });
};

export default suite;
