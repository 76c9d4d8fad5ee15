/** ICE servers of what relays said of TURN: as long as their login lasts. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeTurn } from '../../sdk/protocol/turn.js';
import { turnServers } from '../../sdk/transport/given-turn.js';

const note = (at: number, name: string, ...urls: string[]) => ({
  body: encodeTurn({ lifetimeS: 60, username: name, password: 'p', urls }),
  at,
});

test('gives one server for each URL until the login has run out', () => {
  const notes = [
    note(1_000, '1:a', 'turn:a.example', 'turns:a.example:443?transport=tcp'),
    note(2_000, '2:b', 'turn:b.example'),
  ];
  const servers = [
    { urls: 'turn:a.example', username: '1:a', credential: 'p' },
    { urls: 'turns:a.example:443?transport=tcp', username: '1:a', credential: 'p' },
    { urls: 'turn:b.example', username: '2:b', credential: 'p' },
  ];
  assert.equal(turnServers(notes, 2_000), servers);
  assert.equal(turnServers(notes, 60_999), servers);
  assert.equal(turnServers(notes, 61_000), servers.slice(2));
  assert.equal(turnServers(notes, 62_000), []);
});

test('a malformed note costs its own servers and no others', () => {
  const good = note(0, '1:a', 'turn:a.example');
  const bad = [new Uint8Array(0), good.body.slice(0, -1), note(0, '1:a', 'turn:a.example:25').body];
  const notes = [...bad.map((body) => ({ body, at: 0 })), good];
  assert.equal(turnServers(notes, 0), [
    { urls: 'turn:a.example', username: '1:a', credential: 'p' },
  ]);
});

test.run();
