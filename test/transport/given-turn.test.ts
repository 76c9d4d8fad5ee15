/** TURN servers of one relay: as long as their login lasts, and never a way to this machine. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GivenTurn } from '../../sdk/transport/given-turn.js';

const made = (relay = 'wss://relay.example') => {
  const clock = { at: 1_000, monotonic: () => clock.at };
  return { clock, turn: new GivenTurn(relay, clock) };
};
const offer = (...urls: string[]) => ({ lifetimeS: 60, username: '1:a', password: 'p', urls });

test('gives one server for each URL until the login has run out', () => {
  const { clock, turn } = made();
  assert.equal(turn.servers, []);
  turn.take(offer('turn:a.example', 'turns:a.example:443?transport=tcp'));
  assert.equal(turn.servers, [
    { urls: 'turn:a.example', username: '1:a', credential: 'p' },
    { urls: 'turns:a.example:443?transport=tcp', username: '1:a', credential: 'p' },
  ]);
  clock.at += 59_999;
  assert.is(turn.servers.length, 2);
  clock.at += 1;
  assert.equal(turn.servers, []);
});

test('a newer login takes the place of the older one', () => {
  const { clock, turn } = made();
  turn.take(offer('turn:a.example'));
  clock.at += 50_000;
  turn.take({ ...offer('turn:b.example'), username: '2:b' });
  clock.at += 50_000;
  assert.equal(turn.servers, [{ urls: 'turn:b.example', username: '2:b', credential: 'p' }]);
});

test('a relay elsewhere cannot name this machine, one of this machine can', () => {
  const here = ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '[::]', '0.0.0.0', 'localhost.'];
  const akin = ['a.localhost', 'a.localhost.', '[::ffff:7f00:1]', '[::ffff:0:0]'];
  const elsewhere = ['a.example', '192.168.0.7', '[2001:db8::1]', 'localhost.example', '12.7.0.1'];
  const urls = (hosts: string[]) => hosts.map((host) => `turn:${host}`);
  const { turn } = made();
  turn.take(offer(...urls([...here, ...akin, ...elsewhere])));
  assert.equal(
    turn.servers.map((server) => server.urls),
    urls(elsewhere),
  );
  for (const relay of ['ws://localhost:8787', 'ws://127.0.0.1:8787', 'wss://[::1]']) {
    const { turn } = made(relay);
    turn.take(offer(...urls(here)));
    assert.is(turn.servers.length, here.length, relay);
  }
});

test.run();
