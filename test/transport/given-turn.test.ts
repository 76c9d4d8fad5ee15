/** TURN servers of one relay, as long as their login lasts. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GivenTurn } from '../../sdk/transport/given-turn.js';

const made = () => {
  const clock = { at: 1_000, monotonic: () => clock.at };
  return { clock, turn: new GivenTurn(clock) };
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

test.run();
