/**
 * Runs in a page: what a Pim says of what is kept here is what the browser says, before and after the
 * browser was asked not to erase it.
 */

import * as assert from 'uvu/assert';
import { browserPlatform, type Kept, Pim } from '../../../sdk/index.js';
import type { PageSuite } from '../../support/in-page.js';

/** Milliseconds that a Pim gives a person whom the browser asks; here they are this much shorter. */
const ANSWER_LIMIT_MS = 60_000;
const SHORTER = 60;
/** Milliseconds until a store that was just opened has got its size. */
const SETTLED_MS = 60_000;

/** What the browser answers; null: it asks a person, and nobody is there. */
export type Answer = boolean | null;

const suite: PageSuite<Answer> = (test, answer) => {
  test('kept() is what the browser says, and persist() what it promises', async () => {
    const platform = browserPlatform();
    let isGivenUp = false;
    if (answer === null) {
      platform.setTimer = (run, ms) => {
        if (ms !== ANSWER_LIMIT_MS) return setTimeout(run, ms);
        const giveUp = () => {
          isGivenUp = true;
          run();
        };
        return setTimeout(giveUp, ms / SHORTER);
      };
    }
    const pim = new Pim({ platform });
    await pim.start();
    try {
      await agree(pim);
      assert.is(await pim.identity.persist(), answer === true);
      assert.is(isGivenUp, answer === null);
      await agree(pim);
      assert.is(await navigator.storage.persisted(), answer === true);
    } finally {
      await pim.stop();
    }
  });
};

async function agree(pim: Pim): Promise<void> {
  const { kept, usage, quota } = await settled(pim);
  const isPersisted = await navigator.storage.persisted();
  assert.equal(
    [kept.isPersistent, kept.isPersisted, kept.usedBytes, kept.quotaBytes],
    [true, isPersisted, usage, quota],
  );
}

/** Both answers from a moment in which the store does not grow. */
async function settled(pim: Pim): Promise<StorageEstimate & { readonly kept: Kept }> {
  for (const until = performance.now() + SETTLED_MS; performance.now() < until; ) {
    const before = await navigator.storage.estimate();
    const kept = await pim.identity.kept();
    const { usage = -1, quota = -1 } = await navigator.storage.estimate();
    if (usage === before.usage && quota === before.quota) return { kept, usage, quota };
  }
  throw new Error('the store goes on growing');
}

export default suite;
