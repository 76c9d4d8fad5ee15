/** The tables of states, walked whole: all are reachable, arrows lead to states, ends are final. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { next, type Table } from '../../sdk/base/state.js';
import { PEER } from '../../sdk/peer/peer.js';
import { SESSION } from '../../sdk/peer/session-state.js';
import { PIM } from '../../sdk/pim-state.js';
import { LINK } from '../../sdk/transport/relay-link.js';

type Any = Table<string, string>;

interface Shape {
  readonly table: Any;
  readonly first: string;
  /** States nothing leads out of. */
  readonly final: readonly string[];
  /** Events every other state must know. */
  readonly always: readonly string[];
}

const SHAPES: Record<string, Shape> = {
  PEER: { table: PEER as Any, first: 'idle', final: [], always: ['hungUp', 'secured'] },
  SESSION: { table: SESSION as Any, first: 'new', final: ['closed'], always: ['end'] },
  LINK: { table: LINK as Any, first: 'idle', final: ['closed'], always: ['stop'] },
  PIM: { table: PIM as Any, first: 'stopped', final: [], always: [] },
};

const statesOf = (table: Any): string[] => Object.keys(table);
const arrowsOf = (table: Any, state: string): [string, string][] =>
  Object.entries(table[state] ?? {}) as [string, string][];

function reachable(table: Any, from: string): Set<string> {
  const found = new Set([from]);
  for (const state of found) for (const [, to] of arrowsOf(table, state)) found.add(to);
  return found;
}

for (const [name, { table, first, final, always }] of Object.entries(SHAPES)) {
  const test = suite(name);

  test('leads from its first state to every other one', () => {
    assert.equal([...reachable(table, first)].sort(), statesOf(table).sort());
  });

  test('leads nowhere but to its own states', () => {
    for (const state of statesOf(table)) {
      for (const [event, to] of arrowsOf(table, state)) {
        assert.ok(to in table, `${state} –${event}→ ${to}`);
        assert.is(next(table, state, event), to);
      }
    }
  });

  test('has exactly the final states it means to have', () => {
    const ends = statesOf(table).filter((state) => arrowsOf(table, state).length === 0);
    assert.equal(ends, [...final]);
    for (const state of statesOf(table)) {
      for (const end of final) assert.ok(reachable(table, state).has(end), `${state} to ${end}`);
    }
  });

  test('knows in every state the events that may come at any time', () => {
    for (const state of statesOf(table).filter((each) => !final.includes(each))) {
      for (const event of always)
        assert.ok(next(table, state, event) !== null, `${state} ${event}`);
    }
  });

  test('leads back from every state that is not final', () => {
    const lasting = statesOf(table).filter((state) => !final.includes(state));
    if (final.length > 0) return;
    for (const state of lasting) assert.ok(reachable(table, state).has(first), state);
  });

  test('knows no other events: what a table does not list does not happen', () => {
    const events = new Set(
      statesOf(table).flatMap((state) => arrowsOf(table, state).map(([e]) => e)),
    );
    for (const state of statesOf(table)) {
      for (const event of events) {
        const listed = arrowsOf(table, state).some(([each]) => each === event);
        assert.is(next(table, state, event) !== null, listed);
      }
      for (const odd of ['', 'toString', '__proto__', 'constructor', 'nothing']) {
        const to = Object.hasOwn(table[state] ?? {}, odd);
        assert.is(to, false);
      }
    }
  });

  test.run();
}
