/** Guessing what a misspelt name was meant to be. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nearest } from '../../sdk/base/nearest.js';

const names = ['relays', 'name', 'storage', 'iceServers', 'policy', 'allowInsecure'];

test('finds the name that was meant', () => {
  const meant = {
    relay: 'relays',
    realys: 'relays',
    nmae: 'name',
    Storage: 'storage',
    iceserver: 'iceServers',
    allow_insecure: 'allowInsecure',
  };
  for (const [typed, name] of Object.entries(meant)) assert.is(nearest(typed, names), name);
});

test('takes the first of equally near names', () => {
  assert.is(nearest('cat', ['bat', 'hat']), 'bat');
});

test('finds a name that is spelt right', () => {
  for (const name of names) assert.is(nearest(name, names), name);
});

test('gives null where no name is near', () => {
  assert.is(nearest('turnCredentials', names), null);
  assert.is(nearest('x', names), null);
  assert.is(nearest('', names), null);
  assert.is(nearest('relays', []), null);
});

test('answers at once for a name of any length', () => {
  assert.is(nearest('x'.repeat(10_000_000), names), null);
});

test.run();
