/** The table of phases, walked whole. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextPhase, PHASES, type Phase, type PhaseEvent } from '../../widget/panel/phase.js';

const fault = { code: 'relay/none', detail: null };
const phases: readonly Phase[] = [
  { name: 'idle' },
  { name: 'starting' },
  { name: 'ready' },
  { name: 'elsewhere' },
  { name: 'failed', fault },
];
const events: readonly PhaseEvent[] = [
  { type: 'begin' },
  { type: 'started' },
  { type: 'taken' },
  { type: 'fail', fault },
];

test('goes where the table says, and nowhere else', () => {
  for (const phase of phases) {
    for (const event of events) {
      const next = nextPhase(phase, event);
      assert.is(next.name, PHASES[phase.name][event.type] ?? phase.name);
    }
  }
});

test('a failure carries what failed', () => {
  assert.equal(nextPhase({ name: 'starting' }, { type: 'fail', fault }), { name: 'failed', fault });
});

test('every phase but the running one can begin or go on', () => {
  for (const { name } of phases) {
    assert.ok(name === 'ready' || name === 'starting' || PHASES[name].begin === 'starting');
  }
});

test.run();
