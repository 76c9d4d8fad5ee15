/**
 * A collector of tests that needs no runner, so that one acceptance suite serves uvu in Node and a
 * page in a real browser. A suite is `(test) => { test('does this', async () => { … }); }`.
 */

/** How a suite names its tests; uvu's own `test` fits. */
export type Test = (name: string, run: () => void | Promise<void>) => void;

export interface SuiteResult {
  passed: number;
  failed: { name: string; error: string }[];
}

/** Milliseconds for one test in a page. */
const TEST_LIMIT_MS = 30_000;

async function withinLimit(run: () => void | Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = new Error(`did not end within ${TEST_LIMIT_MS / 1000} s`);
    timer = setTimeout(() => reject(late), TEST_LIMIT_MS);
  });
  try {
    await Promise.race([(async () => run())(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

function explain(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `threw ${String(thrown)}`;
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${explain(thrown.cause)}`;
  return `${thrown.name}: ${thrown.message}\n${thrown.stack ?? ''}${cause}`;
}

/** Runs the tests `suite` registers, in order, one after the other. */
export async function runSuite(suite: (test: Test) => void | Promise<void>): Promise<SuiteResult> {
  const tests: { name: string; run: () => void | Promise<void> }[] = [];
  await suite((name, run) => tests.push({ name, run }));
  const result: SuiteResult = { passed: 0, failed: [] };
  for (const { name, run } of tests) {
    try {
      await withinLimit(run);
      result.passed++;
    } catch (thrown) {
      result.failed.push({ name, error: explain(thrown) });
    }
  }
  return result;
}
