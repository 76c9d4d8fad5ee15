/** Logins for a TURN server: as coturn computes them, for a time, and about nobody. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TurnLogins } from '../../relay/turn.js';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import { encodeTurn } from '../../sdk/protocol/turn.js';
import { random } from '../support/relay-client.js';
import { pim } from '../support/vectors.js';

const { expires_s, frame, lifetime_s, opaque, password, secret, urls, username } = pim.turn;
const config = { urls, secret, lifetimeS: lifetime_s };
const clockAt = (now: number) => ({ now: () => now });

test('makes the login of the vectors', () => {
  // Anywhere within the second: the time in the name is whole.
  for (const ms of [0, 1, 999]) {
    const clock = clockAt((expires_s - lifetime_s) * 1000 + ms);
    const logins = new TurnLogins(config, clock, () => fromHex(opaque));
    assert.equal(logins.offer(), { lifetimeS: lifetime_s, username, password, urls });
    assert.is(`40${toHex(encodeTurn(logins.offer()))}`, frame);
  }
});

test('makes another login for everybody, with nothing in its name but an hour and chance', () => {
  const logins = new TurnLogins(config, clockAt(1_000_000), random);
  const names = Array.from({ length: 100 }, () => logins.offer().username);
  assert.is(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^4600:[0-9a-f]{16}$/);
});

test('is renewed when half its life is over', () => {
  assert.is(new TurnLogins(config, clockAt(0), random).renewMs, 1_800_000);
});

test.run();
