/**
 * The handshake over every course two devices and a bad network can take: it connects, both ends
 * mean the same, and what is established stays. Then the same with one rule taken away.
 * @time-limit 120
 */

import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Budget, Walk } from './handshake-walk.js';
import { loadHandshake } from './handshake-world.js';

const BOTH = ['low', 'high'] as const;
const code = await loadHandshake();

/** How many states were seen; fails with the shortest way to a violation. */
function walked(budget: Budget): number {
  const walk = new Walk(code, budget);
  const violation = walk.run();
  if (violation !== null) throw new Error([violation.what, ...violation.trace].join('\n  '));
  assert.ok(walk.done > 0, 'no run ever connected');
  return walk.states;
}

test('connects at the first attempt where nothing is lost, whoever knocks and in any order', () => {
  for (const who of BOTH) walked({ losses: 0, doubles: 0, retries: 1, by: [who] });
});

test('connects after losses + 1 attempts of either side', () => {
  for (const losses of [0, 1, 2]) {
    walked({ losses, doubles: 0, retries: losses + 1, by: BOTH });
  }
});

test('connects, and stays connected, over one loss and one copy that come at any time', () => {
  assert.ok(walked({ losses: 1, doubles: 1, retries: 2, by: BOTH }) > 5_000);
});

test('connects, and stays connected, over two losses and two copies, low trying again', () => {
  assert.ok(walked({ losses: 2, doubles: 2, retries: 3, by: ['low'] }) > 20_000);
});

test('connects, and stays connected, over two losses and two copies, high trying again', () => {
  assert.ok(walked({ losses: 2, doubles: 2, retries: 3, by: ['high'] }) > 10_000);
});

test('an attempt given up too early costs one attempt, not the connection', () => {
  walked({ losses: 0, doubles: 0, retries: 2, early: 1, by: BOTH });
});

test('a page opened anew at any moment connects again, whatever is still under way', () => {
  walked({ losses: 0, doubles: 0, retries: 2, reloads: 1, by: BOTH });
});

test('a session that falls silent gives way to another one, or goes on', () => {
  walked({ losses: 0, doubles: 0, retries: 2, silences: 2, by: BOTH });
  walked({ losses: 1, doubles: 0, retries: 2, silences: 1, by: BOTH });
  walked({ losses: 0, doubles: 1, retries: 2, silences: 1, by: BOTH });
});

test.run();

/** Each of these fails without its rule, so the walk sees what it claims to see. */
const without = suite('without its rule');

const KNOCK_AGE = `incoming.time <= this.#seenTime || isLedHere) return nothing('an old knock');
        this.#seenTime = incoming.time;
        if (this.#pair !== null`;

const RULES: Record<string, readonly [from: string, to: string, budget: Partial<Budget>]> = {
  'a knock is taken once, at high': [
    KNOCK_AGE,
    KNOCK_AGE.replace('incoming.time <= this.#seenTime || ', ''),
    { doubles: 1 },
  ],
  'an offer counts as the knock it answers': [
    'this.#seenTime = Math.max(this.#seenTime, time);',
    '',
    { losses: 1, doubles: 1, retries: 2 },
  ],
  'a knock that led to the session is old, at low': [
    'this.#isPairConnected && this.#pair !== null && equal(this.#pair.high, incoming.nonce)',
    'false',
    {},
  ],
  'high answers offers to its own nonce only': [
    "if (!isMine || this.#isStale()) return nothing('an old offer');",
    '',
    { doubles: 1 },
  ],
  'high answers one offer to a nonce': [
    "return isSame ? { do: 'repeat-answer' } : nothing('a second offer to one nonce');",
    "if (isSame) return { do: 'repeat-answer' };",
    { retries: 2, early: 1 },
  ],
  'high has a new nonce for whoever comes back': [
    "if (this.#pair !== null || this.#isStale()) this.#renew();\n        return { do: 'hello'",
    "return { do: 'hello'",
    { losses: 1, retries: 2 },
  ],
  'a hello older than a knock is old': [
    '!isAnswer || incoming.time < this.#seenTime',
    '!isAnswer',
    { losses: 1, doubles: 1, retries: 2 },
  ],
  'the nonce of an attempt that failed is spent': [
    ' || this.#nonce === null;',
    ';',
    { retries: 2, early: 1 },
  ],
};

for (const [rule, [from, to, change]] of Object.entries(RULES)) {
  without(`${rule}: a run goes wrong`, async () => {
    const budget = { losses: 0, doubles: 0, retries: 1, by: BOTH, ...change };
    const violation = new Walk(await loadHandshake([[from, to]]), budget).run();
    assert.ok(violation !== null, 'no run went wrong');
    assert.is(new Walk(code, budget).run(), null);
  });
}

without.run();
