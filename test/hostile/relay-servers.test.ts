/**
 * Servers that only look like relays. Each is told apart by a typed error and one sentence, none
 * keeps the chat from working beside one honest relay (invariant I7), and none is dialled in a storm.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import type { ErrorCode } from '../../sdk/base/errors.js';
import { seal } from '../../sdk/crypto/seal.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { arrived, connected } from '../journeys/steps.js';
import { suite } from '../support/evil-peer.js';
import { challenge, type EvilServer, evilServer, OK, welcoming } from '../support/evil-relay.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { eventually, type LocalPerson, type World, withWorld } from '../support/people.js';
import { random } from '../support/relay-client.js';
import { together } from '../support/together.js';

test.after(() => printOutcomes('Servers that are no honest relay:'));

const cases: [name: string, run: () => Promise<void>][] = [];
const attacked = (name: string, run: () => Promise<void>) => cases.push([name, run]);

async function withEvil(
  server: Promise<EvilServer>,
  use: (url: string, server: EvilServer) => Promise<void>,
): Promise<void> {
  const evil = await server;
  try {
    await use(evil.url, evil);
  } finally {
    await evil.close();
  }
}

const error = (reason: 'version' | 'origin' | 'proof' | 'late' | 'busy' | 'unknown') =>
  encodeRelayFrame({ kind: 'error', reason });

const foreign = () => {
  const frame = challenge();
  frame[1] = 2;
  return frame;
};

type Greeting = Parameters<typeof evilServer>[0];

/** What a server does with a new socket, and what the person is told of it. */
const GREETINGS: readonly [what: string, greet: Greeting, code: ErrorCode, state: string][] = [
  ['speaks version 2', (socket) => socket.send(foreign()), 'relay/version', 'refused'],
  ['says OK before any challenge', (socket) => socket.send(OK), 'relay/protocol', 'waiting'],
  ['refuses the version', (socket) => socket.send(error('version')), 'relay/refused', 'refused'],
  ['refuses the origin', refusing('origin'), 'relay/refused', 'refused'],
  ['refuses the proof', refusing('proof'), 'relay/refused', 'refused'],
  ['refuses as too late', refusing('late'), 'relay/refused', 'waiting'],
  ['refuses as busy', refusing('busy'), 'relay/refused', 'waiting'],
  ['refuses for a reason of its own', refusing('unknown'), 'relay/refused', 'refused'],
  ['closes after the upgrade', (socket) => socket.close(), 'relay/unreachable', 'waiting'],
  [
    'cuts the line after the upgrade',
    (socket) => socket.terminate(),
    'relay/unreachable',
    'waiting',
  ],
  ['never says a word', () => undefined, 'relay/unreachable', 'waiting'],
  ['never answers the proof', (socket) => socket.send(challenge()), 'relay/unreachable', 'waiting'],
  ['sends text', (socket) => socket.send('{"type":"challenge"}'), 'relay/protocol', 'waiting'],
  ['sends an empty frame', (socket) => socket.send(new Uint8Array(0)), 'relay/protocol', 'waiting'],
  ['sends noise', (socket) => socket.send(random(64)), 'relay/protocol', 'waiting'],
  [
    'sends a frame of 10 MB',
    (socket) => socket.send(new Uint8Array(10_000_000).fill(0x11)),
    'relay/protocol',
    'waiting',
  ],
  [
    'sends a challenge with one byte too many',
    (socket) => socket.send(Buffer.concat([challenge(), Buffer.of(0)])),
    'relay/protocol',
    'waiting',
  ],
  [
    'asks for a login twice',
    welcoming((socket) => socket.send(challenge())),
    'relay/protocol',
    'waiting',
  ],
  [
    'forwards before the login',
    (socket) => socket.send(encodeRelayFrame({ kind: 'receive', sealed: random(561) })),
    'relay/protocol',
    'waiting',
  ],
];

function refusing(reason: Parameters<typeof error>[0]): Greeting {
  return (socket) => {
    socket.send(challenge());
    socket.once('message', () => socket.send(error(reason)));
  };
}

for (const [what, greet, code, state] of GREETINGS) {
  attacked(`a server that ${what} is told as ${code}`, () =>
    withEvil(evilServer(greet), (url) =>
      withWorld(async (world) => {
        const ann = await world.person('Ann', { relays: [url] });
        const isOver = (event: { state: string }) => event.state === state;
        const { reason } = await world.hurry(ann.sees('relay', isOver));
        refusedWith(`a server that ${what}`, reason, code, `the link is ${state}`);
        assert.equal(ann.all('error'), []);
      }),
    ),
  );
}

attacked('four servers, each evil in its own way, and one honest relay: connected', () => {
  const greetings = [
    welcoming((socket) => flood(socket, () => random(200))),
    welcoming(() => undefined),
    (socket: WebSocket) => socket.terminate(),
    () => undefined,
  ];
  return withWorld(async (world) => {
    const evil = await Promise.all(greetings.map((greet) => evilServer(greet)));
    const honest = await world.relay();
    const relays = [...evil.map((each) => each.url), honest.url];
    const ann = await world.person('Ann', { relays });
    const bob = await world.person('Bob', { relays });
    await Promise.all([ann.ask('contacts.add', bob.address), bob.ask('contacts.add', ann.address)]);
    await world.hurry(connected(ann, bob));
    // How long it takes is measured in real browsers: here the clock runs ahead of a slow machine.
    await ann.ask('send', bob.address, 'through');
    await arrived(bob, 'through');
    await Promise.all(evil.map((each) => each.close()));
    outcome('four evil servers beside one honest relay', 'connected');
  });
});

/** Sends frames of garbage until the socket closes, a hundred a turn. */
function flood(socket: WebSocket, sealed: () => Uint8Array): void {
  const burst = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (let n = 0; n < 100; n++) {
      socket.send(encodeRelayFrame({ kind: 'receive', sealed: new Uint8Array(sealed()) }));
    }
    setTimeout(burst, 20);
  };
  burst();
}

async function friendsBeside(
  world: World,
  evil: string,
): Promise<{ ann: LocalPerson; bob: LocalPerson }> {
  const honest = await world.relay();
  const relays = [evil, honest.url];
  const ann = await world.person('Ann', { relays });
  const bob = await world.person('Bob', { relays });
  for (const person of [ann, bob]) {
    await person.sees('relay', (event) => event.url === evil && event.state === 'online');
  }
  return { ann, bob };
}

attacked('a flood of garbage sealed to one’s own address costs no more than its budget', () => {
  let sealed = random(561);
  return withEvil(evilServer(welcoming((socket) => flood(socket, () => sealed))), (url) =>
    withWorld(async (world) => {
      const { ann, bob } = await friendsBeside(world, url);
      // The relay knows the address, so it can seal noise to it that opens.
      sealed = await seal(suite, decodeAddress(ann.address), random(250));
      const before = { opened: ann.machine.agreements, at: world.clock.monotonic() };
      await Promise.all([
        ann.ask('contacts.add', bob.address),
        bob.ask('contacts.add', ann.address),
      ]);
      await world.hurry(connected(ann, bob));
      const seconds = Math.ceil((world.clock.monotonic() - before.at) / 1000) + 1;
      // Each opening takes one agreement; sealing my own few signals takes some more.
      const opened = ann.machine.agreements - before.opened;
      assert.ok(opened <= seconds * 50 + 40, `${opened} openings in ${seconds} s`);
      outcome('a relay that floods with sealed garbage', 'budget holds; connected over another');
    }),
  );
});

attacked('answers nobody asked for change nothing', () =>
  withEvil(
    evilServer(
      welcoming((socket) => {
        for (const code of [1, 2, 3, 0, 255]) {
          const frame = encodeRelayFrame({ kind: 'result', id: 7, result: 'malformed' });
          frame[5] = code;
          socket.send(frame);
          socket.send(frame);
        }
        socket.send(encodeRelayFrame({ kind: 'pong', token: random(8) }));
        socket.send(encodeRelayFrame({ kind: 'ping', token: new Uint8Array(8).fill(9) }));
      }),
    ),
    (url, server) =>
      withWorld(async (world) => {
        const ann = await world.person('Ann', { relays: [url] });
        await ann.sees('relay', (event) => event.state === 'online');
        const pong = await new Promise<Buffer>((resolve) => {
          server.sockets[0]?.on('message', (data) => resolve(data as Buffer));
        });
        assert.equal([...pong], [0x21, ...new Uint8Array(8).fill(9)]);
        assert.is((await ann.ask('relays.list'))[0]?.state, 'online');
        assert.equal(ann.all('error'), []);
      }),
  ),
);

attacked('a server that closes at once each time is dialled ever more rarely', () =>
  withEvil(
    evilServer((socket) => socket.terminate()),
    (url, server) =>
      withWorld(async (world) => {
        const ann = await world.person('Ann', { relays: [url] });
        await ann.sees('relay', (event) => event.state === 'waiting');
        await world.clock.pass(60_000);
        const dials = server.sockets.length;
        assert.ok(dials >= 4 && dials <= 12, `${dials} dials in a minute`);
        outcome('a server that closes at once each time', `dialled ${dials} times in a minute`);
      }),
  ),
);

attacked('a relay that took the login and then closes is not dialled in a storm', () =>
  withEvil(evilServer(welcoming((socket) => socket.terminate())), (url, server) =>
    withWorld(async (world) => {
      const ann = await world.person('Ann', { relays: [url] });
      await ann.sees('relay', (event) => event.state === 'online');
      await world.clock.pass(60_000);
      const dials = server.sockets.length;
      assert.ok(dials >= 4 && dials <= 12, `${dials} dials in a minute`);
      outcome('a relay that closes after each login', `dialled ${dials} times in a minute`);
    }),
  ),
);

attacked('a relay that falls silent is given up and dialled again', () => {
  let count = 0;
  return withEvil(evilServer(welcoming(() => count++)), (url) =>
    withWorld(async (world) => {
      const ann = await world.person('Ann', { relays: [url] });
      await ann.sees('relay', (event) => event.state === 'online');
      const lost = ann.sees('relay', (event) => event.state === 'waiting', { limitMs: 25_000 });
      refusedWith(
        'a relay that falls silent',
        (await world.hurry(lost)).reason,
        'relay/unreachable',
        'given up',
      );
      await world.hurry(eventually(() => count >= 2, 'a second login'));
    }),
  );
});

function withHttp(
  handler: Parameters<typeof createServer>[1],
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer(handler as never);
  server.on('upgrade', (request, socket) => {
    const target = request.url === '/' ? '301 Moved Permanently' : '404 Not Found';
    socket.end(`HTTP/1.1 ${target}\r\nLocation: ws://127.0.0.1:9/\r\nConnection: close\r\n\r\n`);
  });
  return new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)).then(async () => {
    try {
      await use(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

attacked('a web server, a redirect and a closed port are told as unreachable', () =>
  withHttp(
    (_request, response) => response.end('hello'),
    (url) =>
      withWorld(async (world) => {
        for (const relay of [url, `${url}/none`, 'ws://127.0.0.1:9']) {
          const ann = await world.person('Ann', { relays: [relay] });
          const { reason } = await ann.sees('relay', (event) => event.state === 'waiting');
          assert.is(reason?.code, 'relay/unreachable');
          assert.equal(new Set(ann.machine.dialled), new Set([relay]));
        }
        outcome('a server that redirects', 'not followed (relay/unreachable)');
      }),
  ),
);

attacked('a proof made for an evil relay is refused by the honest one it came from', () =>
  withWorld(async (world) => {
    const honest = await world.relay();
    const headers = { Host: new URL(honest.url).host, Origin: honest.url };
    // Passes the honest relay's frames on to the victim, and the victim's back, byte for byte.
    const between: Greeting = (socket) => {
      const upstream = new WebSocket(honest.url, { perMessageDeflate: false, headers });
      upstream.on('error', () => undefined);
      upstream.on('message', (data) => socket.send(data as Buffer));
      socket.on('message', (data) => upstream.send(data as Buffer));
    };
    await withEvil(evilServer(between), async (url) => {
      const ann = await world.person('Ann', { relays: [url] });
      const { reason } = await ann.sees('relay', (event) => event.state === 'refused');
      refusedWith('a relay that passes on the challenge of another', reason, 'relay/refused');
      assert.equal(reason?.detail, { url, reason: 'origin' });
      assert.is(honest.relay.stats().logins, 0);
      assert.is(honest.relay.stats().keys, 0);
    });
  }),
);

together(test, cases, 4);

test.run();
