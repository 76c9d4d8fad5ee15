/** States as a table of arrows. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { next, type Table } from '../../sdk/base/state.js';

type State = 'open' | 'closed' | 'locked';
type Event = 'push' | 'pull' | 'turn';

const door: Table<State, Event> = {
  open: { push: 'closed' },
  closed: { pull: 'open', turn: 'locked' },
  locked: { turn: 'closed' },
};

test('follows the arrows of the table', () => {
  assert.is(next(door, 'open', 'push'), 'closed');
  assert.is(next(door, 'closed', 'turn'), 'locked');
  assert.is(next(door, 'locked', 'turn'), 'closed');
});

test('gives null for an event the state does not know', () => {
  assert.is(next(door, 'open', 'turn'), null);
  assert.is(next(door, 'locked', 'pull'), null);
});

test.run();
