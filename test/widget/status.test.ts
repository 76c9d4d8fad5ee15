/** What the header says, and which problem is worth a banner. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PimError } from '../../sdk/index.js';
import { problemOf, statusOf } from '../../widget/panel/status.js';
import { ADA, type FakePim } from './fake-pim.js';
import { RELAY, running, world } from './panel-world.js';

const say = (state: Parameters<typeof statusOf>[0]) => statusOf(state, 'Ada', () => '14:05');
const accepted = (change: (pim: FakePim) => void) => (pim: FakePim) => {
  pim.meet(ADA);
  change(pim);
};

async function states(change: (pim: FakePim) => void) {
  const { store } = await running({ to: ADA }, change);
  return { status: say(store.state), problem: problemOf(store.state) };
}

test('nothing is promised before the chat has begun', () => {
  const { store } = world({ to: ADA });
  assert.is(say(store.state).key, 'status.private');
  assert.is(problemOf(store.state), null);
});

test('says how far two people are with each other', async () => {
  assert.is((await states(() => undefined)).status.key, 'status.new');
  const requested = await states((pim) => pim.meet(ADA, { status: 'requested' }));
  assert.is(requested.status.key, 'status.requested');
  const blocked = await states((pim) => pim.meet(ADA, { status: 'blocked' }));
  assert.is(blocked.status.key, 'status.blocked');
});

test('says where the connection is', async () => {
  const keys = new Map([
    ['calling', 'status.calling'],
    ['connecting', 'status.connecting'],
    ['connected', 'status.direct'],
    ['offline', 'status.away'],
    ['idle', 'status.away'],
  ] as const);
  for (const [state, key] of keys) {
    const { status, problem } = await states(accepted((pim) => pim.connect(ADA, { state })));
    assert.is(status.key, key);
    assert.is(problem, null);
  }
});

test('says through what the words go, and when somebody was here last', async () => {
  const relayed = await states(
    accepted((pim) => pim.connect(ADA, { state: 'connected', route: 'relayed' })),
  );
  assert.is(relayed.status.key, 'status.relayed');
  const away = await states(
    accepted((pim) => pim.connect(ADA, { state: 'offline', lastHeard: 1 })),
  );
  assert.equal(away.status.params, { time: '14:05' });
});

test('being away is no problem; having no way to each other is one, with a way on', async () => {
  const offline = (code: 'peer/offline' | 'peer/no-route' | 'peer/altered' | 'peer/impostor') =>
    states(
      accepted((pim) =>
        pim.connect(ADA, { state: 'offline', reason: new PimError(code, '', null as never) }),
      ),
    );
  assert.is((await offline('peer/offline')).problem, null);
  const { problem, status } = await offline('peer/no-route');
  assert.is(problem?.key, 'fault.peer/no-route');
  assert.is(problem?.way, 'retry');
  assert.is(status.key, 'status.no-route');
  assert.is((await offline('peer/impostor')).problem?.key, 'fault.peer/impostor');
  const altered = await offline('peer/altered');
  assert.is(altered.problem?.key, 'fault.peer/altered');
  assert.is(altered.status.key, 'status.unreachable', 'nobody knows whether they are here');
});

test('lost relays are a problem only where nobody is connected', async () => {
  const lost = (pim: FakePim) =>
    pim.relay(RELAY, {
      state: 'waiting',
      reason: new PimError('relay/unreachable', '', { url: RELAY }),
    });
  const { problem, status } = await states(accepted(lost));
  assert.is(status.key, 'status.unreachable');
  assert.is(problem?.key, 'fault.relay/none');
  assert.is(problem?.way, 'retry');
  const connected = await states(
    accepted((pim) => {
      lost(pim);
      pim.connect(ADA, { state: 'connected' });
    }),
  );
  assert.is(connected.problem, null);
  assert.is(connected.status.key, 'status.direct');
});

test('what all relays have in common is said instead', async () => {
  const { problem } = await states((pim) =>
    pim.relay(RELAY, {
      state: 'refused',
      reason: new PimError('relay/version', '', { url: RELAY, theirs: 2, ours: 1 }),
    }),
  );
  assert.is(problem?.key, 'fault.relay/version');
});

test('a page without relays says that none is reached', async () => {
  const { store } = await running({ to: ADA });
  await store.dispatch({ ask: 'dismiss' });
  const { store: bare, pim } = world({ to: ADA });
  await bare.dispatch({ ask: 'begin' });
  assert.equal(pim.relays.list(), []);
  assert.is(problemOf(bare.state)?.key, 'fault.relay/none');
});

test.run();
